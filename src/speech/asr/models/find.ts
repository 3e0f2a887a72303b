import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AsrLanguage } from '../ports.js';
import { notAModel } from '../vosk/model-files.js';

/** What is known of an installed model; written beside it by `strowger models add`. */
export interface ModelCard {
  readonly name: string;
  readonly language: AsrLanguage;
  /** Where it came from. */
  readonly source: string;
  /** Of the archive it was unpacked from; left out for a folder. */
  readonly sha256?: string;
  /** ISO 8601, UTC. */
  readonly added_at: string;
}
export const CARD = 'strowger-model.json';

export interface FoundModel {
  readonly folder: string;
  readonly card: ModelCard | undefined;
  /** Why it cannot be used. */
  readonly fault: string | undefined;
}

/** The model of a language: the folder of that name in the models folder. undefined: there is none. */
export function findModel(models: string, language: AsrLanguage): FoundModel | undefined {
  const folder = join(models, language);
  if (!existsSync(folder)) return undefined;
  const fault = notAModel(folder);
  return { folder, card: cardOf(folder), fault: fault === undefined ? undefined : `${folder} is no Vosk model: ${fault}` };
}

function cardOf(folder: string): ModelCard | undefined {
  const file = join(folder, CARD);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ModelCard) : undefined;
}
