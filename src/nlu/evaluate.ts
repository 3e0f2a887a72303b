import { understand, type Model } from './model.js';
import type { Now } from './types.js';

/** A sentence with its intent; undefined: it belongs to none. */
export interface Labelled {
  readonly text: string;
  readonly intent: string | undefined;
}
export interface IntentFigures {
  /** Undefined: out of scope. */
  readonly intent: string | undefined;
  readonly items: number;
  readonly precision: number | undefined;
  readonly recall: number | undefined;
  readonly f1: number | undefined;
}
export interface Evaluation {
  readonly items: number;
  readonly correct: number;
  readonly accuracy: number;
  readonly intents: readonly IntentFigures[];
  readonly outOfScope: {
    readonly items: number;
    /** Share rejected at the model's own decision; undefined without such items. */
    readonly recall: number | undefined;
    /** Share recognised when the limit is set so that one in twenty sentences in scope is rejected by mistake. */
    readonly recallAt5: number | undefined;
    readonly falseRejects: number | undefined;
  };
  readonly calibration: { readonly error: number; readonly bins: readonly Bin[] };
  readonly mistakes: readonly { readonly text: string; readonly intent: string | undefined; readonly answered: string | undefined; readonly confidence: number }[];
}
export interface Bin {
  readonly items: number;
  readonly confidence: number;
  readonly accuracy: number;
}
interface Judged extends Labelled {
  readonly answered: string | undefined;
  readonly confidence: number;
  readonly outOfScope: number;
}
const BINS = 10;
const FALSE_REJECTS = 0.05;
const NOW: Now = { atMs: 0, timeZone: 'UTC' };

/** How well the model does on sentences it has not seen. The answer is the likeliest intent, or none where that is likelier. */
export function evaluate(model: Model, items: readonly Labelled[]): Evaluation {
  const judged = items.map((item): Judged => {
    const { intents: [best], outOfScope } = understand(model, item.text, NOW);
    const inside = best !== undefined && best.confidence >= outOfScope;
    return { ...item, answered: inside ? best.name : undefined, confidence: inside ? best.confidence : outOfScope, outOfScope };
  });
  const right = judged.filter((j) => j.answered === j.intent);
  return {
    items: items.length, correct: right.length, accuracy: items.length === 0 ? 0 : right.length / items.length,
    intents: [...model.intents, undefined].map((intent) => figures(judged, intent)).filter((f) => f.items > 0 || f.precision !== undefined),
    outOfScope: rejection(judged), calibration: calibrationOf(judged),
    mistakes: judged.filter((j) => j.answered !== j.intent).map(({ text, intent, answered, confidence }) => ({ text, intent, answered, confidence })),
  };
}

function figures(judged: readonly Judged[], intent: string | undefined): IntentFigures {
  const [meant, answered] = [judged.filter((j) => j.intent === intent), judged.filter((j) => j.answered === intent)];
  const right = meant.filter((j) => j.answered === intent).length;
  const share = (n: number): number | undefined => (n === 0 ? undefined : right / n);
  return { intent, items: meant.length, precision: share(answered.length), recall: share(meant.length), f1: meant.length + answered.length === 0 ? undefined : (2 * right) / (meant.length + answered.length) };
}

function rejection(judged: readonly Judged[]): Evaluation['outOfScope'] {
  const inside = judged.filter((j) => j.intent !== undefined).map((j) => j.outOfScope).sort((a, b) => b - a);
  const outside = judged.filter((j) => j.intent === undefined);
  const limit = inside[Math.floor(inside.length * FALSE_REJECTS)] ?? 0;
  const share = (n: number, of: number): number | undefined => (of === 0 ? undefined : n / of);
  return {
    items: outside.length, recall: share(outside.filter((j) => j.answered === undefined).length, outside.length),
    recallAt5: inside.length === 0 ? undefined : share(outside.filter((j) => j.outOfScope > limit).length, outside.length),
    falseRejects: share(judged.filter((j) => j.intent !== undefined && j.answered === undefined).length, inside.length),
  };
}

/** Expected calibration error over bins of equal mass: how far confidence is from the share of right answers. */
function calibrationOf(judged: readonly Judged[]): Evaluation['calibration'] {
  const sorted = [...judged].sort((a, b) => a.confidence - b.confidence);
  const bins = Array.from({ length: BINS }, (_, b) => sorted.slice(Math.floor((b * sorted.length) / BINS), Math.floor(((b + 1) * sorted.length) / BINS)))
    .filter((bin) => bin.length > 0)
    .map((bin): Bin => ({ items: bin.length, confidence: mean(bin.map((j) => j.confidence)), accuracy: mean(bin.map((j) => (j.answered === j.intent ? 1 : 0))) }));
  return { error: bins.reduce((sum, b) => sum + (Math.abs(b.confidence - b.accuracy) * b.items) / Math.max(1, judged.length), 0), bins };
}
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
