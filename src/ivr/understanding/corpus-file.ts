import { z } from 'zod';
import { readYaml, type ConfigFault, type Source } from '../../config/index.js';
import { normalise, type Corpus, type Language } from '../../nlu/index.js';

/** A mistake in a corpus; a `warning` refuses nothing. */
export interface CorpusFault extends ConfigFault {
  readonly severity: 'error' | 'warning';
}

const name = z.string().regex(/^[a-z][a-z0-9_]*$/u, 'must be small letters, digits and _').max(64);
const sentence = z.string().trim().min(1).max(500);
const form = z.strictObject({
  version: z.literal(1),
  language: z.enum(['zh-CN', 'en']),
  intents: z.record(name, z.strictObject({ examples: z.array(sentence).min(1).max(5_000) })),
  out_of_scope: z.array(sentence).max(5_000).default([]),
  entities: z.record(name, z.strictObject({ values: z.record(z.string().min(1).max(100), z.array(sentence).max(200)) })).default({}),
});
type Form = z.infer<typeof form>;

/** What the server finds by itself; a list of the same name would never be heard. */
const BUILT_IN = ['number', 'ordinal', 'date', 'time', 'money', 'phone', 'order_id', 'yes_no'];
/** With fewer, nobody's wording but the author's is understood. */
const FEW = 8;

export interface CorpusFile {
  readonly name: string;
  readonly corpus: Corpus;
  readonly source: Source;
}
export type ReadCorpus = { readonly ok: true; readonly file: CorpusFile; readonly faults: readonly CorpusFault[] } | { readonly ok: false; readonly faults: readonly CorpusFault[] };

/** One file of `dialplans/nlu`. Errors refuse it, warnings do not. */
export function readCorpus(file: string, text: string): ReadCorpus {
  const read = readYaml(file, text, form);
  if (!read.ok) return { ok: false, faults: read.faults.map((fault) => ({ ...fault, severity: 'error' as const })) };
  const { source } = read;
  if (source === undefined) return { ok: false, faults: [] };
  const faults = [...duplicates(read.value, source), ...shadows(read.value, source), ...scarce(read.value, source)];
  if (faults.some((f) => f.severity === 'error')) return { ok: false, faults };
  return { ok: true, file: { name: file, corpus: toCorpus(read.value), source }, faults };
}

const toCorpus = ({ language, intents, out_of_scope, entities }: Form): Corpus => ({
  language,
  intents: Object.entries(intents).map(([intent, { examples }]) => ({ name: intent, examples })),
  outOfScope: out_of_scope,
  entities: Object.entries(entities).map(([entity, { values }]) => ({ name: entity, values: Object.entries(values).map(([value, synonyms]) => ({ value, synonyms })) })),
});

interface Place {
  readonly text: string;
  readonly group: string;
  readonly path: readonly PropertyKey[];
}

/** One sentence cannot mean two things; twice in one intent it is only useless. */
function duplicates(value: Form, source: Source): CorpusFault[] {
  const taken = new Map<string, Place>();
  return placesOf(value).flatMap((place) => {
    const key = normalise(place.text, value.language);
    const other = taken.get(key);
    if (!other) {
      taken.set(key, place);
      return [];
    }
    const same = other.group === place.group;
    const fault = source.fault(place.path, 'nlu.duplicate_example', `"${place.text}" stands in ${other.group} already`, same ? 'leave one of them' : 'a sentence has one meaning: keep it where it belongs');
    return [{ ...fault, severity: same ? 'warning' as const : 'error' as const }];
  });
}
const placesOf = ({ intents, out_of_scope }: Form): Place[] => [
  ...Object.entries(intents).flatMap(([group, { examples }]) => examples.map((text, i) => ({ text, group, path: ['intents', group, 'examples', i] }))),
  ...out_of_scope.map((text, i) => ({ text, group: 'out_of_scope', path: ['out_of_scope', i] })),
];

const shadows = ({ entities }: Form, source: Source): CorpusFault[] =>
  Object.keys(entities).filter((entity) => BUILT_IN.includes(entity)).map((entity) =>
    ({ ...source.fault(['entities', entity], 'nlu.built_in_entity', `"${entity}" is found without a list`, 'give the list another name', true), severity: 'error' as const }));

const scarce = ({ intents }: Form, source: Source): CorpusFault[] =>
  Object.entries(intents).filter(([, { examples }]) => examples.length < FEW).map(([intent, { examples }]) =>
    ({ ...source.fault(['intents', intent], 'nlu.few_examples', `"${intent}" has ${examples.length} examples`, `${FEW} or more, in different words, are understood far better`, true), severity: 'warning' as const }));

/** All files of a language as one corpus; an intent or list that two files have belongs to the first, and is a fault of the second. */
export function merge(files: readonly CorpusFile[]): { readonly corpora: ReadonlyMap<Language, Corpus>; readonly faults: readonly CorpusFault[] } {
  const corpora = new Map<Language, Corpus>();
  const faults: CorpusFault[] = [];
  for (const { corpus, source } of files) {
    const before = corpora.get(corpus.language);
    const clash = (kind: 'intents' | 'entities'): CorpusFault[] => corpus[kind].filter((one) => before?.[kind].some((other) => other.name === one.name)).map((one) =>
      ({ ...source.fault([kind, one.name], 'nlu.duplicate_name', `"${one.name}" stands in another file already`, 'keep it in one of them', true), severity: 'error' as const }));
    const clashes = before ? [...clash('intents'), ...clash('entities')] : [];
    faults.push(...clashes);
    if (clashes.length > 0) continue;
    corpora.set(corpus.language, before ? {
      ...corpus, intents: [...before.intents, ...corpus.intents], outOfScope: [...before.outOfScope, ...corpus.outOfScope], entities: [...before.entities, ...corpus.entities],
    } : corpus);
  }
  return { corpora, faults };
}
