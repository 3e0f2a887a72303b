import { join } from 'node:path';
import { parseYaml, type ConfigFault } from '../../config/index.js';
import { refuses, readText, CALENDARS } from '../dialplan/folder.js';
import type { DialplanFile } from '../dialplan/file.js';
import { draw, type DrawFormat, type DrawOptions } from '../draw/index.js';
import { loadCalendars, withCalendars, type Calendar } from '../hours/index.js';
import { createSentences } from './sentences.js';
import { runTestsIn, testsOf, type TestsResult } from './tests.js';
import { traceOf, type TraceFact } from './trail.js';

/** A dialplan as text, in the folder whose calendars and corpora it uses. */
interface About {
  readonly dir: string;
  readonly name: string;
  readonly text: string;
  /** Calendars that lie in no file. */
  readonly calendars?: ReadonlyMap<string, Calendar>;
}
export type Job =
  | (About & { readonly do: 'draw'; readonly format: DrawFormat; readonly flow: string | undefined; readonly language: DrawOptions['language']; readonly facts: readonly TraceFact[] | undefined })
  | (About & { readonly do: 'simulate'; readonly tests: string });
export type JobDone =
  | { readonly ok: true; readonly drawn: string }
  | { readonly ok: true; readonly result: TestsResult }
  /** The dialplan or the tests are wrong. */
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/** May take seconds of processor time: not for the event loop of calls. */
export async function runJob(job: Job): Promise<JobDone> {
  const path = join(job.dir, job.name);
  const { calendars } = withCalendars(loadCalendars(join(job.dir, CALENDARS)), job.calendars);
  const { file, faults } = readText(path, job.text, {}, calendars);
  if (!file || refuses(faults)) return { ok: false, faults: faults.filter((f) => f.severity === 'error').map((f) => ({ ...f, file: job.name })) };
  return job.do === 'draw' ? drawn(job, file) : simulated(job, file, path);
}

function drawn({ format, flow, language, facts }: Extract<Job, { do: 'draw' }>, { entries, plan }: DialplanFile): JobDone {
  return { ok: true, drawn: draw({ entries, plan, flow, language, visited: facts && traceOf(plan, facts) }, format) };
}

async function simulated({ tests, name }: Extract<Job, { do: 'simulate' }>, file: DialplanFile, path: string): Promise<JobDone> {
  const parsed = parseYaml('tests', tests);
  if (!parsed.ok) return { ok: false, faults: parsed.faults };
  const checked = testsOf(parsed.value);
  if (!checked.ok) return { ok: false, faults: checked.faults };
  const result = await runTestsIn({ source: parsed.value, form: checked.value, dialplan: file, name }, createSentences()(path));
  return { ok: true, result };
}
