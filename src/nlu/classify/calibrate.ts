import type { Language } from '../types.js';
import { evidenceOf, logSum, separate, type Evidence, type Example } from './evidence.js';
import { fitLogistic, probability, type Case, type Logistic } from './logistic.js';
import { lottery, shuffle } from './network.js';

/** Turns evidence into probabilities; fitted on sentences that were left out of training. */
export interface Calibration {
  /** Whether the sentence belongs to no intent, from `Evidence.inputs`. */
  readonly elsewhere: Logistic;
  /** How much the scores are worth: they are multiplied by it before they become chances. */
  readonly sharpness: number;
  /** Share that is given to all answers alike, for what so few left-out sentences cannot rule out. */
  readonly doubt: number;
}

/** Of all callers' sentences, how many belong to no intent: one in six. Nobody can know; a flow's designer would agree. */
const ELSEWHERE_SHARE = 1 / 6;
const PENALTY = 0.05;
const SHARPNESS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.5, 1.75, 2, 2.5, 3, 4] as const;

export function calibrate(examples: readonly Example[], intents: number, language: Language): Calibration {
  const judged = leftOut(examples, intents, language);
  const inside = judged.filter(({ label }) => label < intents);
  const outside = judged.length - inside.length;
  const weight = outside === 0 ? 0 : (inside.length * ELSEWHERE_SHARE) / (1 - ELSEWHERE_SHARE) / outside;
  const cases = judged.map(({ evidence, label }): Case => ({ inputs: evidence.inputs, yes: label === intents, weight: label === intents ? weight : 1 }));
  return { elsewhere: fitLogistic(cases, PENALTY), sharpness: sharpest(inside), doubt: 1 / (inside.length + 2) };
}

interface Judged {
  readonly evidence: Evidence;
  readonly label: number;
}

/** Each sentence judged by a separator that has not seen it. Few sentences: more parts, so that each separator sees enough. */
function leftOut(examples: readonly Example[], intents: number, language: Language): Judged[] {
  const parts = examples.length < 500 ? 5 : examples.length < 900 ? 3 : 2;
  const order = examples.map((_, i) => i);
  shuffle(order, lottery(3));
  // Sorted by label after the shuffle, dealing them out in turn gives every part its share of each intent.
  order.sort((a, b) => (examples[a]?.label ?? 0) - (examples[b]?.label ?? 0));
  const part = new Map(order.map((example, turn) => [example, turn % parts]));
  return Array.from({ length: parts }, (_, now) => now).flatMap((now) => {
    const separator = separate(examples.filter((_, i) => part.get(i) !== now), intents, language);
    return examples.flatMap((example, i) => (part.get(i) === now ? [{ evidence: evidenceOf(example.features, separator), label: example.label }] : []));
  });
}

/** The sharpness under which the right answers were likeliest. */
function sharpest(inside: readonly Judged[]): number {
  const likelihood = (sharpness: number): number =>
    inside.reduce((sum, { evidence: { scores }, label }) => sum + (scores[label] as number) * sharpness - logSum(scores, sharpness), 0);
  const likelihoods = SHARPNESS.map(likelihood);
  return SHARPNESS[likelihoods.indexOf(Math.max(...likelihoods))] ?? 1;
}

/** Chances of the intents in their order, and of none; together 1, and never 1 alone. */
export function chances({ scores, inputs }: Evidence, { elsewhere, sharpness, doubt }: Calibration): { readonly intents: Float64Array; readonly outOfScope: number } {
  if (scores.length === 0) return { intents: scores, outOfScope: 1 };
  const outOfScope = (1 - doubt) * probability(elsewhere, inputs) + doubt * ELSEWHERE_SHARE;
  const all = logSum(scores, sharpness);
  return { intents: scores.map((s) => (1 - outOfScope) * ((1 - doubt) * Math.exp(s * sharpness - all) + doubt / scores.length)), outOfScope };
}
