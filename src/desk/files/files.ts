import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Ms } from '../../base/index.js';
import { newId, type Store } from '../../store/index.js';
import { checkArchive } from './archive.js';
import { FileFault, noSuchFile } from './errors.js';
import { createLinks, type Links } from './links.js';
import { createPictures, type PicturesOptions } from './pictures.js';
import { receive, type Received } from './receive.js';
import { safeName, sniff, type FileKind, type Sniffed } from './sniff.js';

export interface FileView {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly kind: FileKind;
  readonly bytes: number;
  /** Pixels; null of what is no image. */
  readonly width: number | null;
  readonly height: number | null;
  /** `conversation:ID`, `ticket:ID`; null while it belongs to nothing yet. */
  readonly about: string | null;
  /** Who sent it: `user:ID`, `agent:ID`, `visitor:ID`. */
  readonly by: string;
  /** ms since 1970 */
  readonly at: number;
}
export interface FileLimits {
  readonly maxBytes: Readonly<Record<FileKind, number>>;
  readonly maxPixels: number;
  /** Files of one thing; files of one sender that belong to nothing yet. */
  readonly mostOfOne: number;
  readonly mostLoose: number;
  /** What belongs to nothing after so long is removed. */
  readonly looseMs: Ms;
}
const MB = 1024 * 1024;
export const FILE_LIMITS: FileLimits = {
  maxBytes: { image: 10 * MB, video: 50 * MB, audio: 20 * MB, document: 20 * MB, archive: 20 * MB, text: 2 * MB },
  maxPixels: 40_000_000, mostOfOne: 200, mostLoose: 20, looseMs: 24 * 3_600_000,
};

export interface Files {
  /** Judges a file by its content and keeps it: images drawn anew, everything under its hash. @throws FileFault */
  add(upload: { readonly content: AsyncIterable<Uint8Array>; readonly name: string; readonly by: string; readonly about?: string | undefined }): Promise<FileView>;
  /** @throws FileFault files.no_such_file */
  get(id: string): FileView;
  find(id: string): FileView | undefined;
  of(about: string): readonly FileView[];
  /** From now on it belongs to this: once. In whoever's transaction this is called. @throws FileFault */
  attach(id: string, about: string, by: string): FileView;
  /** Where its bytes lie. @throws FileFault */
  path(id: string): string;
  readonly links: Links;
  /** The record, and the bytes if no other file has the same. */
  remove(id: string): void;
  close(): void;
}
export interface FilesOptions {
  readonly store: Store;
  /** `$STROWGER_DATA/files`: never served as it lies. */
  readonly folder: string;
  readonly log: { error(fields: object, message: string): void };
  readonly limits?: FileLimits;
  readonly pictures?: PicturesOptions;
  readonly now?: () => number;
}

export function createFiles({ store, folder, log, limits = FILE_LIMITS, pictures = {}, now = Date.now }: FilesOptions): Files {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draw = createPictures(pictures);
  const { db } = store;
  const lookUp = (id: string) => store.run(db.selectFrom('files').selectAll().where('id', '=', id))[0];
  const row = (id: string) => {
    const found = lookUp(id);
    if (!found) throw noSuchFile(id);
    return found;
  };
  const place = (hash: string): string => join(folder, hash.slice(0, 2), hash);
  const count = (column: 'about' | 'by', value: string): number => {
    const rows = db.selectFrom('files').select((e) => e.fn.countAll<number>().as('n')).where(column, '=', value);
    return store.run(column === 'by' ? rows.where('about', 'is', null) : rows)[0]?.n ?? 0;
  };
  const roomFor = (about: string | undefined, by: string): void => {
    if (about === undefined && count('by', by) >= limits.mostLoose) throw new FileFault('files.too_many', 'too many files that were sent and never used', 'send the messages they belong to first');
    if (about !== undefined && count('about', about) >= limits.mostOfOne) throw new FileFault('files.too_many', 'too many files here already', `at most ${limits.mostOfOne}`);
  };
  const judged = async ({ path, bytes, hash }: Received, sniffed: Sniffed) => {
    if (bytes > limits.maxBytes[sniffed.kind]) throw new FileFault('files.too_large', `this ${sniffed.kind} is too large`, `at most ${limits.maxBytes[sniffed.kind]} bytes`);
    if (sniffed.kind === 'archive') await checkArchive(path, bytes);
    if (sniffed.kind !== 'image') return { path, hash, bytes, width: null, height: null };
    const to = `${path}.drawn`;
    const drawn = await draw({ from: path, to, type: sniffed.type as 'image/png', maxPixels: limits.maxPixels });
    return { path: to, hash: drawn.hash, bytes: drawn.bytes, width: drawn.width, height: drawn.height };
  };
  const add: Files['add'] = async ({ content, name, by, about }) => {
    if (name.length === 0 || name.length > 255) throw new FileFault('files.bad_name', 'a file name has 1 to 255 characters', 'send ?name=photo.jpg');
    roomFor(about, by);
    const received = await receive(folder, content, Math.max(...Object.values(limits.maxBytes)));
    try {
      const sniffed = sniff(received.head, name);
      if (!sniffed) throw new FileFault('files.type_refused', 'files of this kind are not taken', 'PNG, JPEG, GIF, PDF, MP4, WebM, MP3, Ogg, WAV, ZIP, Office documents and plain text are');
      const { path, hash, bytes, width, height } = await judged(received, sniffed);
      await mkdir(dirname(place(hash)), { recursive: true, mode: 0o700 });
      roomFor(about, by);
      const file = { id: newId('file', now()), hash, name: safeName(name, sniffed), type: sniffed.type, kind: sniffed.kind, bytes, width, height, about: about ?? null, by, at: now() };
      // At once with its record, or the removal of another file with the same bytes could come between.
      renameSync(path, place(hash));
      store.change(db.insertInto('files').values(file));
      return viewOf(file);
    } finally {
      await Promise.all([rm(received.path, { force: true }), rm(`${received.path}.drawn`, { force: true })]);
    }
  };
  const remove = (id: string): void => {
    const { hash } = row(id);
    store.change(db.deleteFrom('files').where('id', '=', id));
    if (store.run(db.selectFrom('files').select('id').where('hash', '=', hash).limit(1)).length === 0) rmSync(place(hash), { force: true });
  };
  const sweep = setInterval(() => {
    try {
      const old = store.run(db.selectFrom('files').select('id').where('about', 'is', null).where('at', '<', now() - limits.looseMs).limit(50));
      for (const { id } of old) remove(id);
    } catch (error) {
      log.error({ err: error }, 'files that belong to nothing could not be removed');
    }
  }, 600_000).unref();
  return {
    add, remove,
    get: (id) => viewOf(row(id)),
    find(id) {
      const found = lookUp(id);
      return found && viewOf(found);
    },
    of: (about) => store.run(db.selectFrom('files').selectAll().where('about', '=', about).orderBy('at')).map(viewOf),
    attach(id, about, by) {
      const found = row(id);
      if (found.by !== by || (found.about !== null && found.about !== about)) throw noSuchFile(id);
      if (found.about === null) {
        roomFor(about, by);
        store.change(db.updateTable('files').set({ about }).where('id', '=', id).where('about', 'is', null));
      }
      return viewOf({ ...found, about });
    },
    path: (id) => place(row(id).hash),
    links: createLinks(store),
    close: () => clearInterval(sweep),
  };
}

const viewOf = ({ id, name, type, kind, bytes, width, height, about, by, at }: FileView): FileView => ({ id, name, type, kind, bytes, width, height, about, by, at });
