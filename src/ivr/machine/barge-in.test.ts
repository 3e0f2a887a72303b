import { describe, expect, it } from 'vitest';
import { caller, planOf, ways, type Caller, type WrittenStep } from './caller.js';
import type { BargeIn } from './plan.js';

// Trap P43: what a caller does must not depend on luck. Barge-in × where the flow stands × what he does, every combination.

const queue = (name: string): WrittenStep => ({ do: 'queue', names: [name], priority: 5, attributes: {}, needs: [] });
const planWith = (bargeIn: BargeIn) => planOf({
  main: [
    { do: 'say', prompt: { en: 'Hello.' } },
    { do: 'ask', prompt: { en: 'What can I do?' }, help: [{ en: 'Say cancel, or press one.' }], keys: { '1': 'one' }, intents: ways('cancel'), bargeIn, tries: 2 },
  ],
  one: [queue('one')], cancel: [queue('cancel')], operator: [{ do: 'dial', to: { extension: '1001' }, timeoutMs: 30_000 }],
}, { speech: true, person: 'operator' });

const PLACES = {
  greeting: (c: Caller) => c,
  question: (c: Caller) => c.hears(),
  waiting: (c: Caller) => c.hears().hears(),
  /** He has begun to speak after the question. */
  speaking: (c: Caller) => c.hears().hears().begins(),
  /** What he said is being made sense of. */
  thinking: (c: Caller) => c.hears().hears().begins().says('cancel my order'),
} as const;
const ACTS = {
  key: (c: Caller) => c.presses('1'),
  wrong: (c: Caller) => c.presses('7'),
  zero: (c: Caller) => c.presses('0'),
  speech: (c: Caller) => c.begins(),
  sentence: (c: Caller) => c.begins().says('cancel my order'),
  person: (c: Caller) => c.begins().says('operator please'),
  cough: (c: Caller) => c.begins().says(''),
  over: (c: Caller) => c.hears(),
  silence: (c: Caller) => c.staysSilent(),
} as const;

const ASK = 'en: What can I do?';
const HELP = 'en: Say cancel, or press one.';
const PASSING = 'listen agent|operator|a person|representative|human';
const ears = (word: string): boolean => word === 'deaf' || word.startsWith('listen ');
const PERSON = (by: string): string[] => [`person by ${by}`, 'dial 1001'];
const TO = (name: string): string => `queue ${name} en`;
type Row = readonly [BargeIn | 'any', keyof typeof PLACES, keyof typeof ACTS, ...string[]];

const table: readonly Row[] = [
  // While a greeting plays that the question follows: as in the question itself.
  ['any', 'greeting', 'key', 'hush', TO('one')],
  ['any', 'greeting', 'zero', 'hush', ...PERSON('key')],
  ['any', 'greeting', 'wrong', 'hush', ASK],
  ['any', 'greeting', 'over', ASK],
  ['any', 'greeting', 'silence'],
  ['all', 'greeting', 'speech', 'hush', 'wait 20000'], ['speech', 'greeting', 'speech', 'hush', 'wait 20000'],
  ['keys', 'greeting', 'speech'], ['none', 'greeting', 'speech'],
  ['all', 'greeting', 'sentence', 'hush', 'wait 20000', 'understand cancel my order'], ['speech', 'greeting', 'sentence', 'hush', 'wait 20000', 'understand cancel my order'],
  ['keys', 'greeting', 'sentence'], ['none', 'greeting', 'sentence'],
  ['all', 'greeting', 'person', 'hush', 'wait 20000', ...PERSON('speech')], ['speech', 'greeting', 'person', 'hush', 'wait 20000', ...PERSON('speech')],
  ['keys', 'greeting', 'person', 'hush', ...PERSON('speech')], ['none', 'greeting', 'person', 'hush', ...PERSON('speech')],
  ['all', 'greeting', 'cough', 'hush', 'wait 20000', ASK], ['speech', 'greeting', 'cough', 'hush', 'wait 20000', ASK],
  ['keys', 'greeting', 'cough'], ['none', 'greeting', 'cough'],
  // While the question is put.
  ['all', 'question', 'key', 'hush', TO('one')], ['keys', 'question', 'key', 'hush', TO('one')],
  ['speech', 'question', 'key'], ['none', 'question', 'key'],
  ['all', 'question', 'wrong', 'hush', HELP], ['keys', 'question', 'wrong', 'hush', HELP],
  ['speech', 'question', 'wrong'], ['none', 'question', 'wrong'],
  ['all', 'question', 'zero', 'hush', ...PERSON('key')], ['keys', 'question', 'zero', 'hush', ...PERSON('key')],
  ['speech', 'question', 'zero'], ['none', 'question', 'zero'],
  ['all', 'question', 'speech', 'hush', 'wait 20000'], ['speech', 'question', 'speech', 'hush', 'wait 20000'],
  ['keys', 'question', 'speech'], ['none', 'question', 'speech'],
  ['all', 'question', 'sentence', 'hush', 'wait 20000', 'understand cancel my order'], ['speech', 'question', 'sentence', 'hush', 'wait 20000', 'understand cancel my order'],
  ['keys', 'question', 'sentence'], ['none', 'question', 'sentence'],
  ['all', 'question', 'person', 'hush', 'wait 20000', ...PERSON('speech')], ['speech', 'question', 'person', 'hush', 'wait 20000', ...PERSON('speech')],
  ['keys', 'question', 'person'], ['none', 'question', 'person'],
  ['all', 'question', 'cough', 'hush', 'wait 20000', HELP], ['speech', 'question', 'cough', 'hush', 'wait 20000', HELP],
  ['keys', 'question', 'cough'], ['none', 'question', 'cough'],
  ['all', 'question', 'over', 'wait 5000'], ['speech', 'question', 'over', 'wait 5000'],
  ['keys', 'question', 'over', 'wait 5000'], ['none', 'question', 'over', 'wait 5000'],
  ['any', 'question', 'silence'],
  // When it has been put, barge-in makes no difference any more.
  ['any', 'waiting', 'key', TO('one')], ['any', 'waiting', 'zero', ...PERSON('key')], ['any', 'waiting', 'wrong', HELP],
  ['any', 'waiting', 'speech', 'wait 20000'], ['any', 'waiting', 'sentence', 'wait 20000', 'understand cancel my order'], ['any', 'waiting', 'person', 'wait 20000', ...PERSON('speech')],
  ['any', 'waiting', 'cough', 'wait 20000', HELP], ['any', 'waiting', 'over'], ['any', 'waiting', 'silence', HELP],
  // A key beats a sentence that is not whole, or not understood yet.
  ['any', 'speaking', 'key', TO('one')], ['any', 'speaking', 'zero', ...PERSON('key')], ['any', 'speaking', 'wrong', HELP],
  ['any', 'speaking', 'speech', 'wait 20000'], ['any', 'speaking', 'sentence', 'wait 20000', 'understand cancel my order'], ['any', 'speaking', 'person', 'wait 20000', ...PERSON('speech')],
  ['any', 'speaking', 'cough', 'wait 20000', HELP], ['any', 'speaking', 'over'], ['any', 'speaking', 'silence', HELP],
  ['any', 'thinking', 'key', TO('one')], ['any', 'thinking', 'zero', ...PERSON('key')], ['any', 'thinking', 'wrong', HELP],
  ['any', 'thinking', 'speech'], ['any', 'thinking', 'sentence'], ['any', 'thinking', 'person'], ['any', 'thinking', 'cough'], ['any', 'thinking', 'over'], ['any', 'thinking', 'silence'],
];

const KINDS: readonly BargeIn[] = ['all', 'keys', 'speech', 'none'];
const rows = table.flatMap(([bargeIn, place, act, ...story]) => (bargeIn === 'any' ? KINDS : [bargeIn]).map((kind) => ({ kind, place, act, story })));

describe('barge-in × place × act', () => {
  it('is a whole table', () => {
    const wanted = KINDS.flatMap((kind) => Object.keys(PLACES).flatMap((place) => Object.keys(ACTS).map((act) => `${kind} ${place} ${act}`)));
    expect(rows.map(({ kind, place, act }) => `${kind} ${place} ${act}`).sort()).toEqual(wanted.sort());
  });

  it.each(rows)('$kind, $place: $act', ({ kind, place, act, story }) => {
    const c = caller(planWith(kind), 'main', 'en');
    PLACES[place](c);
    c.story();
    expect(ACTS[act](c).story().filter((w) => !ears(w))).toEqual(story);
  });

  it.each<[BargeIn, keyof typeof PLACES, string | undefined]>([
    // Only for whoever asks for a person, until the question is heard itself.
    ['all', 'greeting', 'listen open'], ['speech', 'greeting', 'listen open'], ['keys', 'greeting', PASSING], ['none', 'greeting', PASSING],
    ['all', 'question', 'listen open'], ['speech', 'question', 'listen open'], ['keys', 'question', 'deaf'], ['none', 'question', 'deaf'],
    ['all', 'waiting', 'listen open'], ['speech', 'waiting', 'listen open'], ['keys', 'waiting', 'listen open'], ['none', 'waiting', 'listen open'],
    ['all', 'thinking', 'listen open'], ['none', 'thinking', 'listen open'],
  ])('%s, %s: %s', (bargeIn, place, last) => {
    expect(PLACES[place](caller(planWith(bargeIn), 'main', 'en')).story().filter(ears).at(-1)).toBe(last);
  });

  it.each(KINDS.flatMap((kind) => (['key', 'zero', 'person'] as const).map((act) => [kind, act] as const)))('%s: nobody listens in a queue or conversation (%s)', (kind, act) => {
    expect(ACTS[act](PLACES.waiting(caller(planWith(kind), 'main', 'en'))).state().ears).toBeUndefined();
  });

  it('what is said before the question is over is one sentence with what follows: the ears stay the same', () => {
    const c = caller(planWith('all'), 'main', 'en');
    const { ears: first } = c.state();
    expect(c.hears().begins().state().ears?.id).toBe(first?.id);
    expect(c.says('cancel').isUnderstood({ intents: [{ name: 'cancel', confidence: 0.9 }] }).story().at(-1)).toBe(TO('cancel'));
  });

  it.each<[BargeIn, string[]]>([['speech', [TO('one')]], ['none', [TO('one')]]])('%s: a key that may not cut the question short is the answer when it is over', (kind, story) => {
    const c = PLACES.question(caller(planWith(kind), 'main', 'en')).presses('17');
    c.story();
    expect(c.hears().story().filter((w) => !ears(w))).toEqual(story);
  });

  it('a greeting that may not be cut short keeps the key for the question', () => {
    const plan = planOf({ main: [{ do: 'say', prompt: { en: 'Law.' }, bargeIn: 'none' }, { do: 'ask', prompt: { en: 'Q?' }, keys: { '1': 'one' } }], one: [queue('one')] });
    const c = caller(plan, 'main', 'en').presses('1');
    expect(c.story()).toEqual(['en: Law.']);
    expect(c.hears().story()).toEqual([TO('one')]);
  });

  it('and nobody listens while it plays', () => {
    const plan = (bargeIn: BargeIn) => planOf({ main: [{ do: 'say', prompt: { en: 'Law.' }, bargeIn }, { do: 'ask', prompt: { en: 'Q?' }, keys: {}, intents: ways('main') }] }, { speech: true, person: 'operator' });
    expect(KINDS.map((kind) => caller(plan(kind), 'main', 'en').state().ears?.to.words.length)).toEqual([0, undefined, 0, undefined]);
  });

  it('0 in a greeting is the question\'s, where that has a 0 of its own', () => {
    const plan = planOf({ main: [{ do: 'say', prompt: { en: 'Hi.' } }, { do: 'ask', prompt: { en: 'Q?' }, keys: { '0': 'one' } }], one: [queue('one')], operator: [queue('person')] }, { person: 'operator' });
    expect(caller(plan, 'main', 'en').presses('0').story()).toEqual(['en: Hi.', 'hush', TO('one')]);
  });

  it('and 0 for a person, where no question follows', () => {
    const plan = planOf({ main: [{ do: 'say', prompt: { en: 'Law.' }, bargeIn: 'none' }, queue('one')], operator: [queue('person')] }, { person: 'operator' });
    expect(caller(plan, 'main', 'en').presses('0').hears().story().slice(1)).toEqual(['person by key', TO('person')]);
  });
});
