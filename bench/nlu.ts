import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NluRun, NluRunResult } from './apps/nlu.js';
import { BenchFailed, ours } from './processes.js';
import { row, withGoal, type Findings, type Row } from './report.js';
import { NLPJS } from './yardsticks.js';

const PUBLISHED = { Chatbot: NLPJS.chatbot, AskUbuntu: NLPJS.askUbuntu, WebApplications: NLPJS.webApplications } as const;
const [TRAIN_MS, INFER_MS, ACCURACY, RECALL, CALIBRATION] = [2_000, 1, 0.95, 0.6, 0.05] as const;
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What is understood: right answers on sentences not seen, what is rejected, how true the confidence is, and what it costs. */
export async function nlu(): Promise<Findings> {
  const size = await run({ what: 'size' });
  const rows: Row[] = [
    withGoal(row('training, 50 intents of 30 sentences', 'ms', size.trainMs), '< 2 000', (n) => n < TRAIN_MS), row('the same, processor time', 'ms', size.trainCpuMs),
    withGoal(row('a sentence p50, 50 intents', 'ms', size.inferP50Ms), '< 1', (n) => n < INFER_MS), withGoal(row('a sentence p99, 50 intents', 'ms', size.inferP99Ms), '< 1', (n) => n < INFER_MS),
  ];
  let [correct, items] = [0, 0];
  for (const [name, yardstick] of Object.entries(PUBLISHED)) {
    const { figures } = await run({ what: 'published', file: join(root, 'test', 'corpora', `${name}Corpus.json`) });
    if (!figures) continue;
    correct += figures.correct;
    items += figures.items;
    rows.push(row(`accuracy, ${name}`, '', figures.correct / figures.items, null, yardstick), row(`calibration error, ${name}`, '', figures.calibration));
  }
  rows.push(withGoal(row('accuracy, all three', '', correct / items, null, NLPJS.all), '≥ 0.95', (n) => n >= ACCURACY));
  for (const language of ['en', 'zh-CN']) {
    const { figures } = await run({ what: 'shipped', dialplans: join(root, 'dialplans'), file: join(root, 'test', 'corpora', 'call-centre', `${language}.json`) });
    if (!figures) continue;
    rows.push(
      row(`accuracy, call centre ${language}`, '', figures.correct / figures.items), withGoal(row(`out of scope at 5 % false rejects, ${language}`, '', figures.recallAt5), '≥ 0.6', (n) => n >= RECALL),
      withGoal(row(`calibration error, call centre ${language}`, '', figures.calibration), '≤ 0.05', (n) => n <= CALIBRATION),
    );
  }
  return {
    beside: null, generatorLateMs: 0, rows, faults: [],
    notes: [
      'yardstick: @nlpjs/basic 4.27, threshold 0.5, Node 20, measured on another day on the same items; it is not run here',
      'the published corpora are those of Braun et al., SIGDIAL 2017 (test/corpora/NOTICE); the call-centre sentences are in no training file',
    ],
  };
}

const here = dirname(fileURLToPath(import.meta.url));

/** In a process of its own, so that each training meets a cold machine as the thread of the product does. */
async function run(settings: NluRun): Promise<NluRunResult> {
  const child = ours(fork(join(here, 'apps', 'nlu.js'), [JSON.stringify(settings)], { stdio: ['ignore', 2, 2, 'ipc'] }));
  return new Promise((resolve, reject) => {
    child.once('message', (message) => { resolve(message as unknown as NluRunResult); });
    child.once('exit', (code) => { reject(new BenchFailed(`the nlu run ${JSON.stringify(settings)} ended with ${String(code)}`)); });
  });
}
