import { checkYaml, parseYaml, type Source } from '../../config/index.js';
import type { Plan, Step } from '../machine/index.js';
import { error, type DialplanFault } from './faults.js';
import { fileSchema, type FileParams } from './schema.js';
import { compileStep } from './step.js';

export interface Entry {
  /** A number or a pattern of the number plan. */
  readonly number: string;
  readonly flow: string;
  readonly plan: Plan;
}
/** A step with where it stands and what only checks want to know. */
export interface PlacedStep {
  readonly step: Step;
  readonly path: readonly PropertyKey[];
  readonly intents: Readonly<Record<string, string>>;
}
export interface DialplanFile {
  readonly source: Source;
  readonly plan: Plan;
  readonly entries: readonly Entry[];
  readonly placed: ReadonlyMap<string, readonly PlacedStep[]>;
}
export type ParsedFile = { readonly ok: true; readonly file: DialplanFile } | { readonly ok: false; readonly faults: readonly DialplanFault[] };

/** Reads one dialplan's text. What it refers to outside its own steps is checked apart. */
export function parseDialplan(file: string, text: string): ParsedFile {
  const parsed = parseYaml(file, text);
  if (!parsed.ok) return { ok: false, faults: parsed.faults.map(error) };
  const source = parsed.value;
  const checked = checkYaml(source, fileSchema);
  const faults: DialplanFault[] = checked.ok ? [] : checked.faults.map(error);
  // Steps are looked at even if the rest has faults, so that one run names them all.
  const placed = compileFlows(source, checked.ok ? checked.value.flows : flowsOf(source.value), faults);
  if (!checked.ok || faults.length > 0) return { ok: false, faults };
  const plan: Plan = { file, flows: new Map([...placed].map(([name, steps]) => [name, steps.map((s) => s.step)])) };
  const entries = checked.value.entries.map(({ number, flow }): Entry => ({ number, flow, plan }));
  return { ok: true, file: { source, plan, entries, placed } };
}

function flowsOf(value: unknown): FileParams['flows'] {
  if (typeof value !== 'object' || value === null || !('flows' in value) || typeof value.flows !== 'object' || value.flows === null) return {};
  return Object.fromEntries(Object.entries(value.flows).flatMap(([name, steps]) => (Array.isArray(steps) ? [[name, steps as unknown[]]] : [])));
}

function compileFlows(source: Source, flows: FileParams['flows'], faults: DialplanFault[]): Map<string, readonly PlacedStep[]> {
  return new Map(
    Object.entries(flows).map(([name, steps]) => [
      name,
      steps.flatMap((written, i): PlacedStep[] => {
        const path = ['flows', name, i];
        const compiled = compileStep(source, path, written);
        if (!compiled.ok) {
          faults.push(...compiled.faults);
          return [];
        }
        const { step, onError, intents = {} } = compiled.params;
        return [{ step: { ...step, onError }, path: [...path, step.do], intents }];
      }),
    ]),
  );
}
