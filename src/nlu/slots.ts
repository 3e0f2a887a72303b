import type { Found } from './types.js';

/** What a task needs to know before it can be done: `entity` is the kind of thing that fills it. */
export interface Slot {
  readonly name: string;
  readonly entity: string;
}
export interface Form {
  readonly slots: readonly Slot[];
}
/** Where the conversation about a form stands. */
export interface Talk {
  readonly values: Readonly<Record<string, string | number>>;
  /** The slot the caller was asked for last. */
  readonly asked?: string;
  /** What was read out for it, in that order. */
  readonly offered?: readonly (string | number)[];
}
export interface Answered extends Talk {
  /** Slots still empty, in the form's order: the first is the next to ask for. */
  readonly missing: readonly string[];
  /** The caller turned down what was offered and nothing of it is left. */
  readonly refused: boolean;
}

/** What else serves where a kind is asked for: digits that look like a phone number may be the order's. */
const SERVES: Readonly<Record<string, readonly string[]>> = { order_id: ['number', 'phone'], phone: ['order_id'], number: ['ordinal', 'order_id'], ordinal: ['number'] };

/**
 * One turn: yes, "the second one", "not that one" choose among what was offered; what was asked for is filled first, what was said
 * besides fills other slots. Out of scope or not is no matter here: who says only "Tuesday" has no intent, yet answers.
 */
export function answer(form: Form, talk: Talk, found: readonly Found[]): Answered {
  const asked = form.slots.find((s) => s.name === talk.asked);
  if (asked && talk.offered && talk.offered.length > 0) {
    const chosen = choose(talk.offered, found);
    if (chosen.is === 'chosen') return done(form, { values: { ...talk.values, [asked.name]: chosen.value } });
    if (chosen.is === 'refused') {
      const filled = fill(form, talk, asked, found.filter((f) => f.entity !== 'yes_no' && f.value !== talk.offered?.[0]));
      if (asked.name in filled) return done(form, { values: filled });
      const left = talk.offered.slice(1);
      return { ...done(form, { values: filled, asked: asked.name, ...(left.length > 0 ? { offered: left } : {}) }), refused: left.length === 0 };
    }
  }
  const values = fill(form, talk, asked, found);
  const open = asked && !(asked.name in values);
  return done(form, { values, ...(open ? { asked: asked.name, ...(talk.offered ? { offered: talk.offered } : {}) } : {}) });
}

type Choice = { readonly is: 'chosen'; readonly value: string | number } | { readonly is: 'refused' } | { readonly is: 'neither' };

function choose(offered: readonly (string | number)[], found: readonly Found[]): Choice {
  const said = found.find((f) => f.entity === 'yes_no')?.value;
  const named = found.find((f) => f.entity !== 'yes_no' && f.entity !== 'ordinal' && offered.includes(f.value));
  const nth = found.find((f) => f.entity === 'ordinal')?.value;
  const picked = typeof nth === 'number' ? offered.at(nth > 0 ? nth - 1 : nth) : undefined;
  // "no, the second one" turns down one thing and chooses another.
  const value = picked ?? (said === 'no' && named?.value === offered[0] ? undefined : named?.value) ?? (said === 'yes' && offered.length === 1 ? offered[0] : undefined);
  if (value !== undefined) return { is: 'chosen', value };
  return { is: said === 'no' ? 'refused' : 'neither' };
}

function fill(form: Form, talk: Talk, asked: Slot | undefined, found: readonly Found[]): Talk['values'] {
  const values: Record<string, string | number> = { ...talk.values };
  const left = [...found];
  const take = (slot: Slot, kinds: readonly string[]): void => {
    const at = left.findIndex((f) => kinds.includes(f.entity));
    const [one] = at < 0 ? [] : left.splice(at, 1);
    if (one) values[slot.name] = slot.entity === 'order_id' ? String(one.value) : one.value;
  };
  if (asked) take(asked, [asked.entity]);
  if (asked && !(asked.name in values)) take(asked, SERVES[asked.entity] ?? []);
  for (const slot of form.slots) if (!(slot.name in values)) take(slot, [slot.entity]);
  return values;
}

const done = (form: Form, talk: Talk): Answered => ({ ...talk, missing: form.slots.filter((s) => !(s.name in talk.values)).map((s) => s.name), refused: false });
