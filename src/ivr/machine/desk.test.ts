import { describe, expect, it } from 'vitest';
import { caller, planOf, type WrittenStep } from './caller.js';
import { readTemplate, type Template } from './template.js';

const text = (written: string): string | Template => {
  const read = readTemplate(written);
  if (!read.ok) throw new Error(read.message);
  return read.text;
};
const hangUp: WrittenStep = { do: 'hang_up' };
const queue: WrittenStep = { do: 'queue', names: ['q'], priority: 5, attributes: {}, needs: [] };
const create: WrittenStep = { do: 'ticket', into: 'ticket', otherwise: undefined, what: { type: 'complaint', subject: text('call of $from'), tags: ['hotline'], fields: { order: text('$order'), reason: 'late', missing: text('$nothing') } } };
const status: WrittenStep = { do: 'ticket', into: 'mine', otherwise: 'none', what: { status: 'open', number: undefined, type: undefined } };
const message = (over: Partial<Extract<WrittenStep, { do: 'message' }>> = {}): WrittenStep => ({ do: 'message', by: 'any', to: undefined, subject: { en: 'S' }, text: { 'zh-CN': text('您的 ${ticket.number}'), en: text('Your ${ticket.number}') }, otherwise: undefined, ...over });
const known = { from: '1201', order: 'A1', nothing: null, ticket: { number: '1007' } };
const call = (steps: readonly WrittenStep[], language?: 'zh-CN' | 'en') => caller(planOf({ main: steps, none: [{ do: 'say', prompt: { en: 'None.' } }, hangUp], operator: [queue] }, { person: 'operator' }), 'main', language, known);
const orderOf = (c: ReturnType<typeof caller>): unknown => c.effects().find((f) => f.do === 'desk');

describe('a ticket step', () => {
  it('opens a ticket with what the flow knows, leaves out what holds nothing, and knows its number from then on', () => {
    const c = call([create, { do: 'say', prompt: { en: text('It is ${ticket.number}.') } }, hangUp], 'en');
    expect(orderOf(c)).toMatchObject({ order: { do: 'create_ticket', type: 'complaint', subject: 'call of 1201', tags: ['hotline'], fields: { order: 'A1', reason: 'late' }, language: 'en' } });
    expect(c.deskEnds({ how: 'done', ticket: { number: '1001' } }).story()).toContain('en: It is 1001.');
  });

  it('knows how one stands, or that there is none', () => {
    expect(call([status, hangUp]).deskEnds({ how: 'done', ticket: { state: 'open' } }).state().variables['mine']).toEqual({ state: 'open' });
    const none = call([status, hangUp]).deskEnds({ how: 'none' });
    expect([none.story().includes('en: None.'), none.state().variables['mine']]).toEqual([true, null]);
  });

  it('fails as other steps do: a refusal, a value that cannot be worked out, a key for a person meanwhile', () => {
    expect(call([create, hangUp]).deskEnds({ how: 'failed', why: 'no type' }).story()).toContain('failed ticket: no type');
    expect(call([{ ...create, onError: 'operator' }]).deskEnds({ how: 'failed', why: 'x' }).story().at(-1)).toBe('queue q any');
    const late = call([create, hangUp]).presses('0');
    expect(late.story().at(-1)).toBe('queue q any');
    expect(late.late((id) => ({ type: 'desk.ended', id, how: { how: 'done' } })).story()).toEqual([]);
  });
});

describe('a message step', () => {
  it('writes in the language of the caller, in Chinese while he has chosen none', () => {
    expect(orderOf(call([message(), hangUp], 'en'))).toMatchObject({ order: { do: 'send_message', by: 'any', subject: 'S', text: 'Your 1007' } });
    expect(orderOf(call([message(), hangUp]))).toMatchObject({ order: { text: '您的 1007' } });
  });

  it('goes where it says when he cannot be reached, else fails', () => {
    expect(call([message({ otherwise: 'none' }), hangUp]).deskEnds({ how: 'none' }).story()).toContain('en: None.');
    expect(call([message(), hangUp]).deskEnds({ how: 'none' }).story()).toContain('failed message_unreachable');
  });
});
