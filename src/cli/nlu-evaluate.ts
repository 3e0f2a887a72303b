import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { evaluate, train, type Evaluation } from '../nlu/index.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import type { Io, Lang } from './io.js';
import { corpusOf, installedCorpus, readTestCorpus, type TestCorpus } from './nlu-corpus.js';
import { readOptions } from './options.js';

const USAGE = 'nlu evaluate CORPUS.json [--json]';

/** Trains on the items marked training – on the dialplans' own corpus where there are none – and judges the others. */
export async function nluEvaluate(args: readonly string[], io: Io): Promise<ExitCode> {
  const { json, rest: [file, ...more] } = readOptions(args, { json: 'flag' }, USAGE);
  if (file === undefined || more.length > 0) throw new WrongUse('one corpus is needed', { hint: `usage: strowger ${USAGE}` });
  const path = resolve(io.cwd, file);
  if (!existsSync(path)) throw new WrongUse(`there is no ${path}`, { hint: `usage: strowger ${USAGE}` });
  const corpus = readTestCorpus(path);
  const learnt = corpus.training.length > 0 ? corpusOf(corpus.training, corpus.language) : installedCorpus(corpus.language, io);
  const began = performance.now();
  const model = train(learnt);
  const trainingMs = performance.now() - began;
  const evaluation = evaluate(model, corpus.test);
  const sentences = learnt.outOfScope.length + learnt.intents.reduce((sum, i) => sum + i.examples.length, 0);
  if (json) io.out(JSON.stringify(asJson(corpus, evaluation, sentences, trainingMs)));
  else for (const line of lines(corpus, evaluation, io.lang)) io.out(line);
  return Promise.resolve(0);
}

const round = (x: number | undefined): number | null => (x === undefined ? null : Math.round(x * 10_000) / 10_000);

function asJson({ name, language }: TestCorpus, e: Evaluation, sentences: number, trainingMs: number): object {
  return {
    corpus: name, language, training_items: sentences, test_items: e.items, training_ms: Math.round(trainingMs), correct: e.correct, accuracy: round(e.accuracy),
    intents: e.intents.map((i) => ({ intent: i.intent ?? 'None', items: i.items, precision: round(i.precision), recall: round(i.recall), f1: round(i.f1) })),
    out_of_scope: {
      items: e.outOfScope.items, recall: round(e.outOfScope.recall), false_rejects: round(e.outOfScope.falseRejects), recall_at_5_percent_false_rejects: round(e.outOfScope.recallAt5),
    },
    calibration: { expected_error: round(e.calibration.error), bins: e.calibration.bins.map((b) => ({ items: b.items, confidence: round(b.confidence), accuracy: round(b.accuracy) })) },
    mistakes: e.mistakes.map((m) => ({ text: m.text, intent: m.intent ?? 'None', answered: m.answered ?? 'None', confidence: round(m.confidence) })),
  };
}

function lines({ name }: TestCorpus, e: Evaluation, lang: Lang): string[] {
  const say = (en: string, zh: string): string => (lang === 'en' ? en : zh);
  const share = (x: number | undefined): string => (x === undefined ? '–' : x.toFixed(3));
  return [
    `${name}: ${say(`${e.correct} of ${e.items} right, accuracy ${share(e.accuracy)}`, `${e.items} 句中答对 ${e.correct} 句，准确率 ${share(e.accuracy)}`)}`,
    say(
      `out of scope: ${e.outOfScope.items} items, recall ${share(e.outOfScope.recall)}, at 5 % false rejects ${share(e.outOfScope.recallAt5)}; false rejects ${share(e.outOfScope.falseRejects)}`,
      `范围之外：${e.outOfScope.items} 句，召回率 ${share(e.outOfScope.recall)}，误拒 5 % 时 ${share(e.outOfScope.recallAt5)}；误拒率 ${share(e.outOfScope.falseRejects)}`,
    ),
    say(`expected calibration error ${share(e.calibration.error)}`, `期望校准误差 ${share(e.calibration.error)}`), '',
    ...e.intents.map((i) => `${(i.intent ?? 'None').padEnd(24)} ${String(i.items).padStart(4)}  P ${share(i.precision)}  R ${share(i.recall)}  F1 ${share(i.f1)}`), '',
    ...e.mistakes.map((m) => `${m.intent ?? 'None'} → ${m.answered ?? 'None'} (${m.confidence.toFixed(2)}): ${m.text}`),
  ];
}
