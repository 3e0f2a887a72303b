import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { Jimp } from 'jimp';
import { imageSize } from './image-size.js';

export interface PictureJob {
  /** Where it lies, and where it shall lie. */
  readonly from: string;
  readonly to: string;
  readonly type: 'image/png' | 'image/jpeg' | 'image/gif';
  readonly maxPixels: number;
}
export type PictureDone =
  | { readonly ok: true; readonly hash: string; readonly bytes: number; readonly width: number; readonly height: number }
  | { readonly ok: false; readonly why: 'bomb' | 'damaged'; readonly message: string };

/**
 * The picture again, pixel by pixel, upright as its EXIF wanted it, and nothing else of it: no EXIF, no place, no comment, no hidden
 * archive behind it. Runs in a thread of its own.
 */
export async function redraw({ from, to, type, maxPixels }: PictureJob): Promise<PictureDone> {
  const given = await readFile(from);
  const size = imageSize(given);
  if (!size || size.width === 0 || size.height === 0) return { ok: false, why: 'damaged', message: 'it has no readable size' };
  if (size.width * size.height > maxPixels) return { ok: false, why: 'bomb', message: `${size.width} × ${size.height} pixels` };
  try {
    const picture = await Jimp.read(given);
    const made = type === 'image/jpeg' ? await picture.getBuffer(type, { quality: 88 }) : await picture.getBuffer(type);
    await writeFile(to, made, { mode: 0o600 });
    return { ok: true, hash: createHash('sha256').update(made).digest('hex'), bytes: made.length, width: picture.width, height: picture.height };
  } catch (error) {
    return { ok: false, why: 'damaged', message: error instanceof Error ? error.message : String(error) };
  }
}
