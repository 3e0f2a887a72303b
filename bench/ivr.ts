import { resolve } from 'node:path';
import { createSentences, runTests, testFiles, type TestsResult } from '../src/ivr/index.js';
import { row, withGoal, type Findings } from './report.js';

const CONVERSATIONS = 1_000;
const LONGEST_S = 60;

/** The conversation tests that are shipped, over and over: what a house with a thousand of them waits for at each change. */
export async function ivr(): Promise<Findings> {
  const places = testFiles(resolve('dialplans', 'tests'));
  const understanding = createSentences();
  const first = await timed(() => runTests({ places, understanding })); // learns the corpora
  const rounds = Math.ceil(CONVERSATIONS / first.result.cases.length);
  const heapBefore = heap();
  const all = await timed(() => runTests({ places: Array.from({ length: rounds }, () => places).flat(), understanding }));
  const { cases } = all.result;
  const perThousand = (all.seconds / cases.length) * CONVERSATIONS;
  const simulated = cases.reduce((sum, { lines }) => sum + (lines.at(-1)?.atMs ?? 0), 0) / 1_000;
  const spoken = cases.flatMap(({ lines }) => lines.filter((line) => line.kind === 'spoke')).length;
  return {
    beside: null, generatorLateMs: 0, faults: faultsOf(all.result),
    rows: [
      withGoal(row(`${String(CONVERSATIONS)} conversation tests`, 's', perThousand), `< ${String(LONGEST_S)}`, (s) => s < LONGEST_S),
      row('a conversation', 'ms', (all.seconds / cases.length) * 1_000),
      row('learning the corpora, and the first round', 's', first.seconds),
      row('call time simulated in a second', 's', simulated / all.seconds),
      row('heap that a conversation with its lines keeps', 'bytes', (heap() - heapBefore) / cases.length),
    ],
    notes: [`${String(cases.length)} conversations from ${String(places.length)} files, ${String(spoken)} sentences understood, files read and checked anew each round; one process, one core`],
  };
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly seconds: number }> {
  const began = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - began) / 1_000 };
}

const faultsOf = ({ cases, faults }: TestsResult): string[] => [...faults, ...cases.flatMap((one) => one.faults)].map((fault) => `${fault.file}:${String(fault.line)} ${fault.message}`);

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
