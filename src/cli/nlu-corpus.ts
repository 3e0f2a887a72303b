import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StrowgerError } from '../base/index.js';
import { checkValue, ConfigFaults, formatFault, pointer, readSettings } from '../config/index.js';
import { checkCorpora } from '../ivr/index.js';
import type { Corpus, Labelled, Language } from '../nlu/index.js';
import type { Io } from './io.js';

export class UnusableCorpus extends StrowgerError {
  readonly code = 'nlu.unusable_corpus';
}

/** The format of the NLU evaluation corpora of Braun et al. (SIGDIAL 2017); what we do not need of it is left alone. */
const form = z.object({
  name: z.string().optional(),
  lang: z.string().optional(),
  sentences: z.array(z.object({ text: z.string(), intent: z.string(), training: z.boolean() })).min(1),
});
const NONE = /^(?:none|oos|out[ _-]?of[ _-]?scope)$/iu;

export interface TestCorpus {
  readonly name: string;
  readonly language: Language;
  readonly training: readonly Labelled[];
  readonly test: readonly Labelled[];
}

/** @throws UnusableCorpus */
export function readTestCorpus(file: string): TestCorpus {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UnusableCorpus(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'a JSON file as {"lang": "en", "sentences": [{"text", "intent", "training"}]}', cause });
  }
  const checked = checkValue(value, form);
  if (!checked.ok) {
    const [first] = checked.issues;
    throw new UnusableCorpus(`${file}: ${first ? `${pointer(first.path)} ${first.message}` : 'not a corpus'}`, { hint: 'each sentence has text, intent and training (true or false)' });
  }
  const { name = file, lang = 'en', sentences } = checked.value;
  const labelled = (training: boolean): Labelled[] => sentences.filter((s) => s.training === training).map(({ text, intent }) => ({ text, intent: NONE.test(intent) ? undefined : intent }));
  return { name, language: /^zh/iu.test(lang) ? 'zh-CN' : 'en', training: labelled(true), test: labelled(false) };
}

/** What the training items of a file teach; test items have no part in it. */
export function corpusOf(training: readonly Labelled[], language: Language): Corpus {
  const intents = [...new Set(training.flatMap(({ intent }) => intent ?? []))];
  return {
    language, entities: [],
    intents: intents.map((name) => ({ name, examples: training.filter((t) => t.intent === name).map((t) => t.text) })),
    outOfScope: training.filter((t) => t.intent === undefined).map((t) => t.text),
  };
}

/** The corpus of the dialplans for a language; faults of others go to stderr. @throws ConfigFaults, UnusableCorpus */
export function installedCorpus(language: Language, io: Io): Corpus {
  const dir = join(readSettings(io.env).folders.dialplans, 'nlu');
  const { corpora, faults } = checkCorpora(dir);
  const corpus = corpora.get(language);
  const errors = faults.filter((f) => f.severity === 'error');
  if (!corpus && errors.length > 0) throw new ConfigFaults(errors);
  if (!corpus) throw new UnusableCorpus(`there is no corpus for ${language} in ${dir}`, { hint: 'strowger init writes one' });
  for (const fault of errors) io.err(formatFault(fault));
  return corpus;
}
