import type { Context } from 'hono';
import { expect, it } from 'vitest';
import { FIELDS, type Field } from '../access/index.js';
import { inEvery, masked, veilOf } from './fields.js';
import { toldTo } from './webhooks.js';

const seen = (...fields: readonly Field[]): Context => ({ get: () => ({ sees: (field: Field) => fields.includes(field) }) }) as unknown as Context;
const view = { from: '+8613800138000', to: '4000', email: 'zhang.wei@example.com', n: 3, list: [{ from: '13800138000', name: '张伟' }], none: null };

it('shows everything to whom it is shown', () => expect(masked(seen(...FIELDS), view, { from: 'calls.numbers', email: 'customers.email' })).toBe(view));

it('masks at any depth what is not for these eyes, and nothing else', () => {
  expect(masked(seen('customers.personal'), view, { from: 'calls.numbers', email: 'customers.email', name: 'customers.personal', none: 'customers.phone' })).toEqual({
    from: '+86138****00', to: '4000', email: 'z***@example.com', n: 3, list: [{ from: '13800****00', name: '张伟' }], none: null,
  });
});

const eyes = (...fields: readonly Field[]) => ({ sees: (field: Field) => fields.includes(field) });

it.each([
  ['call 13800138000 please', 'call 13800****00 please'], ['我的电话１３８００１３８０００，谢谢', '我的电话１３８００****００，谢谢'], ['+86 (755) 1234-5678', '+86 (7****78'], ['zhang.wei@example.com', 'z***@example.com'], ['写信到 李@邮箱.中国，多谢', '写信到 李***@邮箱.中国，多谢'],
  ['13800138000@qq.com', '1***@qq.com'], ['order A-1234, since 2026-11-20 10:30, room 12345', 'order A-1234, since 2026-11-20 10:30, room 12345'], ['tel:5551234567 or 5557654321', 'tel:5551****67 or 5557****21'],
])('what somebody filled in is veiled where it is a number or an address: %s', (text, veiled) => {
  expect([veilOf(eyes())(text), veilOf(eyes('customers.phone', 'customers.email'))(text)]).toEqual([veiled, text]);
});

it('who may see one of the two sees that one, at any depth', () => {
  const form = { reach: ['13800138000', 'wei@example.com'], n: 13_800_138_000 };
  expect([inEvery(form, veilOf(eyes('customers.phone'))), inEvery(form, veilOf(eyes('customers.email')))]).toEqual([{ ...form, reach: ['13800138000', 'w***@example.com'] }, { ...form, reach: ['13800****00', 'wei@example.com'] }]);
});

it('is veiled in no more time than the text is long', () => {
  const began = performance.now();
  for (const text of ['1 '.repeat(50_000), 'a'.repeat(100_000), '1-'.repeat(50_000), 'a@'.repeat(50_000)]) veilOf(eyes())(text);
  expect(performance.now() - began).toBeLessThan(2_000);
});

it('a webhook hears of numbers where its maker sees them', () => {
  const fact = { id: 'evt_1', seq: 1, at: 0, type: 'conversation.callback_asked', subject: 'conversation:cnv_1', data: { number: '+8613800138000', queue: 'support', contact: 'c', by: 'visitor:v' } } as const;
  expect([toldTo({ grants: ['calls.numbers'] }, fact), toldTo({ grants: [] }, fact)].map((text) => text.includes('+8613800138000'))).toEqual([true, false]);
});
