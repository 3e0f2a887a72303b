import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile } from '../expressions/index.js';
import { planOf, ways, type WrittenStep } from './caller.js';
import { flow, startOf } from './machine.js';
import type { BargeIn, Plan } from './plan.js';
import type { FlowEffect, FlowEvent, FlowState } from './types.js';

const queue: WrittenStep = { do: 'queue', names: ['q'], priority: 5, attributes: {}, needs: [] };
const often = compile('heard != "cancel"');
if (!often.ok) throw new Error(often.message);
const http = { method: 'GET', url: 'https://a.example/', headers: {}, body: undefined, timeoutMs: 1, retries: 0, retryUnsafe: false, expect: 'json', save: { a: 'b' }, fallback: undefined } as const;

/** Every step, leading everywhere. */
const planWith = (bargeIn: BargeIn, person: string | undefined): Plan => planOf({
  main: [{ do: 'say', prompt: { en: 'Hi.' }, bargeIn }, { do: 'ask', prompt: { en: 'Q?' }, keys: { '1': 'digits', '2': 'out', '3': 'sub' }, intents: { ...ways('out', 'sub'), digits: { flow: 'digits', confirm: { en: 'Sure?' }, slots: { date: { en: 'When?' } } } }, bargeIn, otherwise: 'out' }],
  digits: [{ do: 'collect', prompt: { en: 'N?' }, into: 'n', least: 2, most: 3, bargeIn, speech: true, check: { kind: 'luhn' } }, { do: 'survey', questions: [{ name: 's', prompt: { en: 'S?' }, from: 0, to: 10 }], tries: 2, timeoutMs: 1, thanks: { en: 'T.' } }, { do: 'goto', flow: 'main' }],
  out: [{ do: 'http', ...http, otherwise: undefined, onError: 'sub' }, { do: 'branch', cases: [{ when: often.expression, flow: 'sub' }], otherwise: 'main' }],
  sub: [{ do: 'call', flow: 'deep', args: { x: 1 } }, { do: 'record', prompt: { en: 'R.' }, into: 'r', maxMs: 9, silenceMs: 1, beep: true, onError: 'main' }, { do: 'language', prompt: { en: 'L?' }, keys: { '1': 'en' }, tries: 2, timeoutMs: 1, otherwise: undefined }, queue, { do: 'transfer', to: { extension: '1' }, timeoutMs: 1 }, { do: 'goto', flow: 'main' }],
  deep: [{ do: 'ticket', into: 't', otherwise: 'out', what: { status: 'open', number: undefined, type: undefined } }, { do: 'message', by: 'any', to: undefined, subject: undefined, text: { en: 'M.' }, otherwise: 'sub', onError: 'main' }, { do: 'script', name: 's', args: {}, into: 'v', onError: 'operator' }, { do: 'dial', to: { number: '+1' }, timeoutMs: 1 }],
  operator: [{ do: 'say', prompt: { en: 'Wait.' } }, queue],
}, { speech: true, person });

/** What the world may do next: answers carry the ID that is waited for, or one that is not. */
type Act = (s: FlowState) => FlowEvent;
const id = (s: FlowState): number => ('id' in s.waiting ? s.waiting.id : 0);
const acts: readonly Act[] = [
  ...['0', '1', '2', '3', '7', '#', '*'].map((key): Act => () => ({ type: 'key.pressed', key })),
  ...(['ended', 'failed'] as const).map((how): Act => (s) => ({ type: 'play.ended', id: id(s), how })),
  (s) => ({ type: 'play.ended', id: id(s) - 1, how: 'stopped' }), (s) => ({ type: 'time.passed', id: id(s) }), (s) => ({ type: 'time.passed', id: id(s) - 1 }),
  (s) => ({ type: 'heard', id: s.ears?.id ?? -1, what: { kind: 'speech_started' } }), (s) => ({ type: 'heard', id: s.ears?.id ?? -1, what: { kind: 'unavailable', why: 'x' } }), (s) => ({ type: 'heard', id: s.serial + 1, what: { kind: 'speech_started' } }),
  ...['', 'cancel', 'agent', 'one two'].map((text): Act => (s) => ({ type: 'heard', id: s.ears?.id ?? -1, what: { kind: 'final', text, confidence: 1, alternatives: [] } })),
  ...[undefined, { intents: [{ name: 'sub', confidence: 0.9 }], outOfScope: 0, entities: [] }, { intents: [{ name: 'digits', confidence: 0.6 }], outOfScope: 0.1, entities: [] }, { intents: [], outOfScope: 1, entities: [{ entity: 'date', value: 'd' }, { entity: 'yes_no', value: 'yes' }] }]
    .map((meant): Act => (s) => ({ type: 'understood', id: id(s), meant })),
  (s) => ({ type: 'http.ended', id: id(s), answer: { ok: true, status: 200, json: {} } }), (s) => ({ type: 'http.ended', id: id(s), answer: { ok: false, why: 'timeout', detail: '' } }),
  (s) => ({ type: 'script.ended', id: id(s), how: { how: 'returned', value: 1 } }), (s) => ({ type: 'script.ended', id: id(s), how: { how: 'failed', why: 'x' } }),
  ...([{ how: 'done', ticket: { number: '1' } }, { how: 'none' }, { how: 'failed', why: 'x' }] as const).map((how): Act => (s) => ({ type: 'desk.ended', id: id(s), how })),
  (s) => ({ type: 'record.ended', id: id(s), how: { how: 'recorded', ms: 1, path: 'a' } }), (s) => ({ type: 'record.ended', id: id(s), how: { how: 'failed', ms: 0, path: '' } }),
  (s) => ({ type: 'queue.ended', id: id(s), how: 'completed' }), (s) => ({ type: 'queue.ended', id: id(s), how: { flow: 'main' } }), (s) => ({ type: 'dial.ended', id: id(s), how: 'busy' }), (s) => ({ type: 'dial.ended', id: id(s), how: 'completed' }),
];

/** The caller's side of the effects: what he hears, and who hears him. */
function stage() {
  let sounding: number | undefined;
  let ears = false;
  let finished = 0;
  return {
    take(effects: readonly FlowEffect[], event: FlowEvent): void {
      if (event.type === 'play.ended' && event.id === sounding) sounding = undefined;
      if (event.type === 'heard' && event.what.kind === 'unavailable') ears = false;
      for (const f of effects) {
        expect(finished, 'nothing is done after the end').toBe(0);
        if (f.do === 'stop_playing') {
          expect(sounding, 'only what sounds is stopped').toBeDefined();
          sounding = undefined;
        }
        if (f.do === 'play' || f.do === 'queue' || f.do === 'dial' || f.do === 'transfer' || f.do === 'record') expect(sounding, 'nothing is begun over a prompt').toBeUndefined();
        if (f.do === 'play') sounding = f.id;
        if (f.do === 'listen') {
          expect(ears, 'one pair of ears').toBe(false);
          ears = true;
        }
        if (f.do === 'stop_listening') {
          expect(ears).toBe(true);
          ears = false;
        }
        if (f.do === 'finish') finished += 1;
      }
    },
    ended: () => finished === 1,
    listening: () => ears,
  };
}

it('whatever happens in whatever order: one end, one prompt at a time, one pair of ears, always something waited for', () => {
  fc.assert(
    fc.property(fc.constantFrom<BargeIn>('all', 'keys', 'speech', 'none'), fc.constantFrom('operator', undefined), fc.array(fc.constantFrom(...acts), { maxLength: 120 }), (bargeIn, person, happening) => {
      const [seen, plan] = [stage(), planWith(bargeIn, person)];
      let s = startOf(plan, 'main', 'en');
      const post = (event: FlowEvent): void => {
        const [next, effects] = flow(s, event, 0);
        s = next;
        seen.take(effects, event);
        expect(s.waiting.for === 'nothing').toBe(seen.ended());
        expect(s.ears !== undefined).toBe(seen.listening());
        expect(s.waiting.for).not.toBe('start');
      };
      post({ type: 'started' });
      for (const act of happening) post(act(s));
      post({ type: 'caller.gone' });
      expect([seen.ended(), seen.listening()]).toEqual([true, false]);
    }),
    { numRuns: 2_000 },
  );
});
