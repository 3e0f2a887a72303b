import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Older models have everything in one folder. */
const LAYOUTS = [
  { acoustic: 'am/final.mdl', features: 'conf/mfcc.conf' },
  { acoustic: 'final.mdl', features: 'mfcc.conf' },
] as const;

/** What makes a folder a Vosk model; undefined: it is one. */
export function notAModel(folder: string): string | undefined {
  const layout = LAYOUTS.find(({ acoustic }) => existsSync(join(folder, acoustic)));
  if (!layout) return 'there is no am/final.mdl in it';
  return existsSync(join(folder, layout.features)) ? undefined : `there is no ${layout.features} in it`;
}

/** Samples a second that the model was made for. */
export function modelRate(folder: string): number {
  const features = LAYOUTS.map((layout) => join(folder, layout.features)).find((file) => existsSync(file));
  const rate = features === undefined ? undefined : /^--sample-frequency=(\d+)/m.exec(readFileSync(features, 'utf8'))?.[1];
  return rate === undefined ? 16_000 : Number(rate);
}

/** Whether the model's graph is put together at run time, so that it can be given a grammar. */
export const runtimeGraph = (folder: string): boolean => existsSync(join(folder, 'graph/HCLr.fst')) && existsSync(join(folder, 'graph/Gr.fst'));
