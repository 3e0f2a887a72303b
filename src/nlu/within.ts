import type { Understood } from './types.js';

/** Who asks a question expects its answers: an intent it names counts so many times as one that it does not. */
const EXPECTED = 8;

/**
 * What was meant, given that only these intents lead anywhere now. What speaks for any other is said by somebody who does not answer
 * the question: it counts as out of scope. `named` empty: all intents.
 */
export function within(understood: Understood, named: readonly string[]): Understood {
  if (named.length === 0) return understood;
  const wanted = new Set(named);
  const weighed = understood.intents.map((i) => ({ name: i.name, weight: i.confidence * (wanted.has(i.name) ? EXPECTED : 1) }));
  const all = weighed.reduce((sum, i) => sum + i.weight, understood.outOfScope);
  if (all === 0) return { ...understood, intents: understood.intents.filter((i) => wanted.has(i.name)) };
  const intents = weighed.filter((i) => wanted.has(i.name)).map((i) => ({ name: i.name, confidence: i.weight / all }));
  return { ...understood, intents, outOfScope: 1 - intents.reduce((sum, i) => sum + i.confidence, 0) };
}
