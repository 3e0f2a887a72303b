import { evaluate, train, understand, type Corpus, type Evaluation, type Labelled, type Model } from '../../src/nlu/index.js';
import { checkCorpora } from '../../src/ivr/index.js';
import { corpusOf, readTestCorpus } from '../../src/cli/nlu-corpus.js';

export type NluRun = { readonly what: 'size' } | { readonly what: 'published'; readonly file: string } | { readonly what: 'shipped'; readonly dialplans: string; readonly file: string };
export type NluRunResult = {
  readonly trainMs: number;
  readonly trainCpuMs: number;
  readonly inferP50Ms: number;
  readonly inferP99Ms: number;
  readonly figures: { readonly correct: number; readonly items: number; readonly recallAt5: number | null; readonly calibration: number } | null;
};
const QUESTIONS = 2_000;
const NOW = { atMs: Date.parse('2026-11-20T02:00:00Z'), timeZone: 'Asia/Shanghai' };
const run = JSON.parse(process.argv[2] ?? '{}') as NluRun;

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

function timed(corpus: Corpus, questions: readonly string[], judge: (model: Model) => Evaluation | undefined): NluRunResult {
  const [began, cpu] = [performance.now(), cpuMs()];
  const model = train(corpus);
  const [trainMs, trainCpuMs] = [performance.now() - began, cpuMs() - cpu];
  const times = Array.from({ length: QUESTIONS }, (_, i) => {
    const from = performance.now();
    understand(model, questions[i % questions.length] ?? '', NOW);
    return performance.now() - from;
  }).sort((a, b) => a - b);
  const evaluation = judge(model);
  return {
    trainMs, trainCpuMs, inferP50Ms: times[QUESTIONS >> 1] ?? 0, inferP99Ms: times[Math.floor(QUESTIONS * 0.99)] ?? 0,
    figures: evaluation ? { correct: evaluation.correct, items: evaluation.items, recallAt5: evaluation.outOfScope.recallAt5 ?? null, calibration: evaluation.calibration.error } : null,
  };
}

/** 50 intents of 30 sentences, nine words each, of a vocabulary as people have it: some words are everywhere, most are rare. */
function ofSize(intents: number, examples: number): Corpus {
  let state = 1;
  const draw = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const word = (n: number): string => Array.from({ length: 2 + (n % 3) }, (_, i) => 'bcdfglmnprst'.charAt((n * (i + 3)) % 12) + 'aeiou'.charAt((n >> i) % 5)).join('');
  const sentence = (intent: number): string => Array.from({ length: 9 }, () => word(draw() < 0.3 ? 2_000 + intent * 5 + Math.floor(draw() * 5) : Math.floor(800 * draw() ** 3))).join(' ');
  return { language: 'en', outOfScope: [], entities: [], intents: Array.from({ length: intents }, (_, i) => ({ name: `intent_${i}`, examples: Array.from({ length: examples }, () => sentence(i)) })) };
}

function result(): NluRunResult {
  if (run.what === 'size') {
    const corpus = ofSize(50, 30);
    return timed(corpus, corpus.intents.flatMap((i) => i.examples), () => undefined);
  }
  const test = readTestCorpus(run.file);
  const questions = (items: readonly Labelled[]): string[] => items.map((i) => i.text);
  if (run.what === 'published') return timed(corpusOf(test.training, test.language), questions(test.test), (model) => evaluate(model, test.test));
  const corpus = checkCorpora(`${run.dialplans}/nlu`).corpora.get(test.language);
  if (!corpus) throw new Error(`there is no corpus for ${test.language} in ${run.dialplans}`);
  return timed(corpus, questions(test.test), (model) => evaluate(model, test.test));
}

process.send?.(result());
