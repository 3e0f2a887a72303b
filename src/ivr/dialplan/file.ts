import { dirname, join } from 'node:path';
import { checkYaml, parseYaml, type Parsed, type Source } from '../../config/index.js';
import type { Calendar } from '../hours/index.js';
import type { Plan, Step } from '../machine/index.js';
import { entriesOf, type Entry } from './entries.js';
import { error, type DialplanFault } from './faults.js';
import { fileSchema, type FileParams } from './schema.js';
import { atOnce, each, type Slices } from './slices.js';
import { compileStep } from './step.js';

/** A step with where it stands. */
export interface PlacedStep {
  readonly step: Step;
  readonly path: readonly PropertyKey[];
  readonly written: unknown;
}
export interface DialplanFile {
  readonly source: Source;
  /** The text it was read from. */
  readonly text: string;
  readonly written: FileParams;
  readonly plan: Plan;
  readonly entries: readonly Entry[];
  readonly placed: ReadonlyMap<string, readonly PlacedStep[]>;
}
export type ParsedFile = { readonly ok: true; readonly file: DialplanFile } | { readonly ok: false; readonly faults: readonly DialplanFault[] };

/** A text whose steps are understood: what it needs of other files comes with `planned`. */
export type CompiledText = Pick<DialplanFile, 'source' | 'text' | 'written' | 'placed'>;
export type ReadText = { readonly ok: true; readonly compiled: CompiledText } | { readonly ok: false; readonly faults: readonly DialplanFault[] };

/** Reads one dialplan's text. What it refers to outside its own steps is checked apart. */
export function parseDialplan(file: string, text: string, calendars: ReadonlyMap<string, Calendar> = new Map(), timeZone?: string): ParsedFile {
  const read = atOnce(compiling(text, parseYaml(file, text)));
  return read.ok ? { ok: true, file: planned(read.compiled, calendars, timeZone) } : read;
}

export function* compiling(text: string, parsed: Parsed<Source>): Slices<ReadText> {
  if (!parsed.ok) return { ok: false, faults: parsed.faults.map(error) };
  const source = parsed.value;
  const checked = checkYaml(source, fileSchema);
  yield;
  const faults: DialplanFault[] = checked.ok ? [] : checked.faults.map(error);
  // Steps are looked at even if the rest has faults, so that one run names them all.
  const placed = yield* compileFlows(source, checked.ok ? checked.value.flows : flowsOf(source.value), faults);
  if (!checked.ok || faults.length > 0) return { ok: false, faults };
  return { ok: true, compiled: { source, text, written: checked.value, placed } };
}

export function planned(compiled: CompiledText, calendars: ReadonlyMap<string, Calendar>, timeZone: string | undefined): DialplanFile {
  const { source, written, placed } = compiled;
  const flows = new Map([...placed].map(([name, steps]) => [name, steps.map((s) => s.step)]));
  const person = written.person ?? personIn(flows);
  const speech = [...placed.values()].flat().some(wantsSpeech);
  const plan: Plan = { file: source.file, flows, person, speech, calendars, timeZone: written.time_zone ?? timeZone };
  return { ...compiled, plan, entries: entriesOf(plan, written) };
}

/** Numbers are taken from speech too where the file listens anyhow; where only they would be, if they say so. */
function wantsSpeech({ step, written }: PlacedStep): boolean {
  if (step.do === 'ask') return Object.keys(step.intents).length > 0;
  return step.do === 'collect' && typeof written === 'object' && written !== null && 'speech' in written && written.speech === true;
}

/** Not a name that a designer can give. */
export const PERSON_FLOW = '(person)';

/** Who takes callers that ask for a person where the file does not say so: the flow "operator", else the first queue. */
function personIn(flows: Map<string, readonly Step[]>): string | undefined {
  if (flows.has('operator')) return 'operator';
  const first = [...flows.values()].flat().find((step) => step.do === 'queue');
  if (first?.do !== 'queue') return undefined;
  flows.set(PERSON_FLOW, [{ ...first, onError: undefined }]);
  return PERSON_FLOW;
}

function flowsOf(value: unknown): FileParams['flows'] {
  if (typeof value !== 'object' || value === null || !('flows' in value) || typeof value.flows !== 'object' || value.flows === null) return {};
  // No more than a good file may have: what is hostile shall not take longer than what is large.
  return Object.fromEntries(Object.entries(value.flows).slice(0, 2_000).flatMap(([name, steps]) => (Array.isArray(steps) ? [[name, (steps as unknown[]).slice(0, 500)]] : [])));
}

function* compileFlows(source: Source, flows: FileParams['flows'], faults: DialplanFault[]): Slices<Map<string, readonly PlacedStep[]>> {
  const placed = new Map<string, readonly PlacedStep[]>();
  for (const [name, steps] of Object.entries(flows)) {
    placed.set(name, yield* each(steps.entries(), ([i, written]): PlacedStep[] => {
      const path = ['flows', name, i];
      const compiled = compileStep(source, path, written);
      if (!compiled.ok) {
        faults.push(...compiled.faults);
        return [];
      }
      const { step, onError } = compiled.params;
      const key = keyOf(written);
      return [{ step: { ...located(step, source.file), onError }, path: [...path, key], written: (written as Readonly<Record<string, unknown>>)[key] }];
    }));
  }
  return placed;
}

/** What a step's key is in the file; `transfer` to a queue and `language: en` become other steps. */
const keyOf = (written: unknown): string => Object.keys(written as object).find((key) => key !== 'on_error') ?? '';

/** Sounds are named from the file's own folder on. */
function located<S extends Omit<Step, 'onError'>>(step: S, file: string): S {
  if (step.do !== 'play') return step;
  const { files } = step as unknown as Extract<Step, { do: 'play' }>;
  return { ...step, files: Object.fromEntries(Object.entries(files).map(([lang, name]) => [lang, join(dirname(file), name)])) };
}
