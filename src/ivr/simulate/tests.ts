import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { checkYaml, ConfigFaults, parseYaml, readYaml, type ConfigFault, type Parsed, type Source } from '../../config/index.js';
import { bestEntry } from '../dialplan/entries.js';
import type { DialplanFile } from '../dialplan/file.js';
import { readFolder } from '../dialplan/folder.js';
import { simulateCall } from './call.js';
import { createCoverage, type Coverage } from './coverage.js';
import { createDoubles } from './doubles.js';
import { testForm, type Case, type CaseStep, type TestForm } from './form.js';
import { playStep, type Ear, type Miss } from './play.js';
import type { Line, Place, Visit, World } from './types.js';

export interface TestsOptions {
  /** Files, or folders with `*.yaml`. */
  readonly places: readonly string[];
  /** What understands sentences in that dialplan; undefined where nothing does. */
  readonly understanding: (dialplan: string) => World['understand'];
}
export interface CaseResult {
  readonly file: string;
  readonly name: string;
  readonly faults: readonly ConfigFault[];
  /** What happened, for whoever wants to know why. */
  readonly lines: readonly Line[];
  /** Who answered; undefined where nothing does. */
  readonly entry: { readonly number: string; readonly flow: string } | undefined;
  /** The steps that were done, in order. */
  readonly path: readonly Done[];
  /** Where the caller is at the end; undefined: still in the flow. */
  readonly place: Place | undefined;
}
export interface Done {
  readonly flow: string;
  /** From 1. */
  readonly step: number;
  readonly do: string;
}
export interface TestsResult {
  readonly cases: readonly CaseResult[];
  /** Of files that are no tests, or whose dialplan cannot be loaded. */
  readonly faults: readonly ConfigFault[];
  readonly coverage: readonly Coverage[];
}

/** The tests of a folder, or the file itself. */
export const testFiles = (place: string): string[] =>
  statSync(place).isDirectory() ? readdirSync(place).filter((name) => /\.ya?ml$/.test(name)).sort().map((name) => join(place, name)) : [place];

/** Runs conversation tests, one call after another, on virtual clocks. */
export async function runTests({ places, understanding }: TestsOptions): Promise<TestsResult> {
  const coverage = createCoverage();
  const cases: CaseResult[] = [];
  const faults: ConfigFault[] = [];
  for (const file of places.flatMap(testFiles)) {
    const read = readTests(file);
    faults.push(...read.faults);
    if (!read.tests) continue;
    cases.push(...(await runAll(read.tests, understanding(read.tests.name), coverage)));
  }
  return { cases, faults, coverage: coverage.report() };
}

/** Runs the tests of one dialplan. */
export async function runTestsIn(tests: Tests, understand: World['understand']): Promise<TestsResult> {
  const coverage = createCoverage();
  const cases = await runAll(tests, understand, coverage);
  return { cases, faults: [], coverage: coverage.report() };
}

async function runAll({ source, form, dialplan, name }: Tests, understand: World['understand'], coverage: ReturnType<typeof createCoverage>): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const [at, one] of form.cases.entries()) {
    const ran = await runCase({ source, dialplan, understand, shared: form, at }, one);
    coverage.add(name, dialplan, ran.visits);
    results.push(ran.result);
  }
  return results;
}

/** What tests say, checked. */
export const testsOf = (source: Source): Parsed<TestForm> => checkYaml(source, testForm);

export interface Tests {
  readonly source: Source;
  readonly form: TestForm;
  readonly dialplan: DialplanFile;
  readonly name: string;
}

/** Bytes. */
const LARGEST = 5_000_000;

function readTests(file: string): { readonly tests?: Tests; readonly faults: readonly ConfigFault[] } {
  const { size } = statSync(file);
  if (size > LARGEST) return { faults: [{ file, line: 1, column: 1, code: 'test.too_large', message: `${size} bytes are too many for tests`, hint: `at most ${LARGEST}: split the file` }] };
  const parsed = parseYaml(file, readFileSync(file, 'utf8'));
  if (!parsed.ok) return { faults: parsed.faults };
  const source = parsed.value;
  const checked = testsOf(source);
  if (!checked.ok) return { faults: checked.faults };
  const form = checked.value;
  const name = resolve(dirname(file), form.dialplan);
  const found = dialplanAt(name);
  if ('file' in found) return { tests: { source, form, dialplan: found.file, name }, faults: [] };
  return { faults: [source.fault(['dialplan'], 'test.no_dialplan', found.why, 'strowger dialplan check says more')] };
}

/** The doubles that a test file has for all its cases. @throws ConfigFaults */
export function readDoubles(file: string): Pick<TestForm, 'http' | 'scripts' | 'desk'> {
  const read = readYaml(file, readFileSync(file, 'utf8'), testForm);
  if (!read.ok) throw new ConfigFaults(read.faults);
  return read.value;
}

/** A dialplan with its neighbours' calendars, as the server would load it. */
export function dialplanAt(name: string): { readonly file: DialplanFile } | { readonly why: string } {
  const found = readFolder(dirname(name), {}).find((one) => basename(one.name) === basename(name));
  if (!found) return { why: `there is no dialplan ${name}` };
  if (found.file) return { file: found.file };
  const first = found.faults.find((fault) => fault.severity === 'error');
  return { why: first ? `${name}:${first.line}:${first.column} ${first.message}` : `${name} has faults` };
}

interface Stage {
  readonly source: Source;
  readonly dialplan: DialplanFile;
  readonly understand: World['understand'];
  readonly shared: Pick<TestForm, 'http' | 'scripts' | 'desk'>;
  /** Which case it is. */
  readonly at: number;
}

async function runCase({ source, dialplan, understand, shared, at }: Stage, one: Case) {
  const faultAt = (path: readonly PropertyKey[], { code, message, hint }: Miss): ConfigFault => source.fault(['cases', at, ...path], code, message, hint);
  const { to, from, trunk, did, language, customer } = one.call;
  const startsAt = Date.parse(one.call.at);
  const entry = bestEntry(dialplan.entries, { number: to, from, trunk, language, tags: tagsOf(customer), atMs: startsAt });
  if (!entry) {
    const hint = `numbers here: ${dialplan.entries.map((e) => e.number).join(', ')}`;
    return { visits: [], result: { file: source.file, name: one.name, faults: [faultAt(['call', 'to'], { code: 'test.no_entry', message: `nothing answers ${to}`, hint })], lines: [], entry: undefined, path: [], place: undefined } };
  }
  // What the case says comes first, also where a pattern of all cases would fit too.
  const doubles = createDoubles({ ...one.http, ...shared.http, ...one.http }, { ...shared.scripts, ...one.scripts }, { ...shared.desk, ...one.desk });
  const call = simulateCall({
    plan: entry.plan, flow: entry.flow, language, startsAt, speech: one.speech,
    given: { from, to, ...(trunk === undefined ? {} : { trunk }), ...(did === undefined ? {} : { did }) }, ...(customer === undefined ? {} : { customer }),
    world: { http: doubles.http, script: doubles.script, desk: doubles.desk, understand },
  });
  const missed = await playSteps(call, one.steps);
  const faults = [
    ...doubles.missing().map((what) => faultAt(['name'], { code: 'test.no_double', message: `the test has no double for ${what}`, hint: 'add it under http or scripts' })),
    ...(missed === undefined ? [] : [faultAt(['steps', missed.step, missed.does], missed.miss)]),
  ];
  const result = { file: source.file, name: one.name, faults, lines: call.lines(), entry: { number: entry.number, flow: entry.flow }, path: call.visits().map((visit) => doneIn(dialplan, visit)), place: call.place() };
  return { visits: call.visits(), result };
}

const doneIn = ({ placed }: DialplanFile, { flow, index }: Visit): Done => ({ flow, step: index + 1, do: placed.get(flow)?.[index]?.step.do ?? '' });

const tagsOf = (customer: Case['call']['customer']): readonly string[] => {
  const tags = customer?.['tags'];
  return Array.isArray(tags) ? tags.map(String) : [];
};

/** Up to the first step that does not come true: what follows would only follow from it. */
async function playSteps(call: ReturnType<typeof simulateCall>, steps: readonly CaseStep[]): Promise<{ readonly step: number; readonly does: string; readonly miss: Miss } | undefined> {
  const ear: Ear = { heard: 0 };
  for (const [i, step] of steps.entries()) {
    const miss = await playStep(call, step, ear, cutsShort(steps[i + 1]));
    if (miss) return { step: i, does: step.does, miss };
  }
  await call.listen();
  return undefined;
}

const cutsShort = (step: CaseStep | undefined): boolean => (step?.does === 'says' || step?.does === 'presses') && step.what.barge_in;
