import type { Context } from 'hono';
import { expect, it } from 'vitest';
import { FIELDS, type Field } from '../access/index.js';
import { masked } from './fields.js';

const seen = (...fields: readonly Field[]): Context => ({ get: () => ({ sees: (field: Field) => fields.includes(field) }) }) as unknown as Context;
const view = { from: '+8613800138000', to: '4000', email: 'zhang.wei@example.com', n: 3, list: [{ from: '13800138000', name: '张伟' }], none: null };

it('shows everything to whom it is shown', () => expect(masked(seen(...FIELDS), view, { from: 'calls.numbers', email: 'customers.email' })).toBe(view));

it('masks at any depth what is not for these eyes, and nothing else', () => {
  expect(masked(seen('customers.personal'), view, { from: 'calls.numbers', email: 'customers.email', name: 'customers.personal', none: 'customers.phone' })).toEqual({
    from: '+86138****00', to: '4000', email: 'z***@example.com', n: 3, list: [{ from: '13800****00', name: '张伟' }], none: null,
  });
});
