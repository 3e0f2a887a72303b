import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeWav } from '../../src/audio/index.js';

const root = join(import.meta.dirname, '..');

/** A models folder as an installation has it, over the small models of `test/models`. */
export function modelsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-models-'));
  symlinkSync(join(root, 'models/en'), join(folder, 'en'));
  symlinkSync(join(root, 'models/zh'), join(folder, 'zh-CN'));
  return folder;
}

export type Sample = { readonly file: string; readonly text: string; readonly samples: Int16Array };

/** Recordings of test/samples/speech, 8 kHz, with what they say; Chinese without blanks. */
export function spokenSamples(language: 'en' | 'zh-CN'): Sample[] {
  const folder = join(root, 'samples/speech', language === 'en' ? 'en' : 'zh');
  return readFileSync(join(folder, 'text.tsv'), 'utf8').trim().split('\n').map((line) => {
    const [file = '', text = ''] = line.split('\t');
    return { file, text: language === 'en' ? text : text.replaceAll(' ', ''), samples: decodeWav(readFileSync(join(folder, file))).channels[0] ?? new Int16Array(0) };
  });
}

export const pcm = (samples: Int16Array): Buffer => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
