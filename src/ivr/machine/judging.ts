import type { Value } from '../expressions/index.js';
import { again, answered, put, yes } from './asking.js';
import type { Ask } from './plan.js';
import { also, type Turn } from './turn.js';
import type { FlowEffect, FlowState, Meant, Phase, Verdict, Waiting } from './types.js';

type Meaning = Extract<Waiting, { for: 'meaning' }>;

/** What is less than this probably one of the wishes we know. */
const STRANGE = 0.5;

/** What becomes of a sentence: acted on, asked back, or asked again. Nothing is guessed. */
export function judge(before: FlowState, w: Meaning, step: Ask, meant: Meant | undefined): Turn {
  if (!meant) return again(before, step, w.tries, w.phase);
  const s = { ...before, variables: { ...before.variables, ...heardOf(meant) } };
  const found = entitiesOf(meant);
  if (w.phase.at === 'confirm') {
    const said = meant.entities.find(({ entity }) => entity === YES_NO)?.value;
    if (said === 'yes') return yes(s, step, { intent: w.phase.intent, found: [...w.phase.found, ...found] });
    if (said === 'no') return again(s, step, w.tries, { at: 'question' });
  }
  if (w.phase.at === 'slot' && found.includes(w.phase.entity)) return yes(s, step, { intent: w.phase.intent, found: [...w.phase.found, ...found] });
  return byIntent(s, w, step, meant, found);
}

const YES_NO = 'yes_no';
const entitiesOf = ({ entities }: Meant): string[] => entities.map(({ entity }) => entity).filter((entity) => entity !== YES_NO);
/** Each entity is a variable: of several of a kind, the first. */
const heardOf = ({ entities }: Meant): Readonly<Record<string, Value>> =>
  Object.fromEntries(entities.filter(({ entity }) => entity !== YES_NO).reverse().map(({ entity, value }) => [entity, value]));

function byIntent(s: FlowState, w: Meaning, step: Ask, meant: Meant, found: readonly string[]): Turn {
  const best = meant.intents.find(({ name }) => Object.hasOwn(step.intents, name));
  const verdict = verdictOn(step, best?.confidence ?? 0, meant.outOfScope, w.phase);
  const told: readonly FlowEffect[] = best ? [{ do: 'publish', fact: { type: 'understood', data: { flow: s.flow, intent: best.name, confidence: best.confidence, verdict } } }] : [];
  if (best && verdict === 'act') return also(told, yes(s, step, { intent: best.name, found }));
  const key = keyIn(meant, step);
  if (key !== undefined && w.phase.at === 'question') return answered(s, step, key, w.tries, w.phase);
  if (best && verdict === 'confirm') return also(told, put(s, step, Math.max(w.tries, 1), { at: 'confirm', intent: best.name, text: w.text, again: false, found }));
  return also(told, again(s, step, w.tries, w.phase));
}

/** While something is being asked back or asked for, only another wish that is certain counts. */
function verdictOn({ bands }: Ask, confidence: number, outOfScope: number, phase: Phase): Verdict {
  if (outOfScope >= STRANGE) return 'again';
  if (confidence >= bands.act) return 'act';
  return confidence >= bands.confirm && phase.at === 'question' ? 'confirm' : 'again';
}

/** "Two" is the key 2. */
function keyIn({ entities }: Meant, { keys }: Ask): string | undefined {
  const said = entities.filter(({ entity }) => entity === 'number' || entity === 'ordinal').map(({ value }) => String(value));
  return said.find((key) => Object.hasOwn(keys, key));
}
