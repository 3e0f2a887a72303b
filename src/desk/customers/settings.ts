import { z } from 'zod';
import type { AttributeValue } from './types.js';
import { AttributeRefused } from './errors.js';

const WORD = /^[a-z][a-z0-9_]{0,62}$/;
const word = z.string().regex(WORD, 'small letters, digits and underscore, a letter first; at most 63');
const texts = z.strictObject({ 'zh-CN': z.string().min(1).max(100).optional(), en: z.string().min(1).max(100).optional() }).prefault({});
const seconds = (min: number, max: number) => z.number().min(min).max(max).transform((s) => Math.round(s * 1000));

const attribute = z
  .strictObject({
    name: word,
    type: z.enum(['text', 'number', 'boolean', 'date', 'choice']).prefault('text'),
    values: z.array(z.string().min(1).max(100)).max(200).prefault([]),
    label: texts,
    /** Found by search. */
    search: z.boolean().prefault(false),
    /** Two customers of one name and with the same value are suggested to be one. */
    match: z.boolean().prefault(false),
    /** Told to the queues. */
    queue: z.boolean().prefault(false),
    /** Shown only to those who may see personal data. */
    sensitive: z.boolean().prefault(false),
  })
  .refine((a) => a.type !== 'choice' || a.values.length > 0, { error: 'a choice needs its `values`', path: ['values'] });
const kind = z.strictObject({ kind: word, label: texts, /** Small and capital letters differ. */ exact: z.boolean().prefault(false), sensitive: z.boolean().prefault(false) });
const rule = z.strictObject({ tag: z.string().min(1).max(50), when: z.string().min(1).max(2_000) });

/** `config/customers.yaml`. */
export const customersFile = z.strictObject({
  create_from_calls: z.boolean().prefault(true),
  verified_seconds: seconds(1, 30 * 86_400).prefault(1800),
  verified_max_seconds: seconds(1, 365 * 86_400).prefault(86_400),
  identities: z.array(kind).max(50).prefault([]),
  attributes: z.array(attribute).max(200).prefault([]),
  tags: z.array(rule).max(200).prefault([]),
});
export type CustomersForm = z.output<typeof customersFile>;
export type AttributeForm = CustomersForm['attributes'][number];

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const realDate = (text: string): boolean => DATE.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

/** @throws AttributeRefused where the schema knows no such attribute or the value is none of its kind */
export function checkAttributes(known: readonly AttributeForm[], given: Readonly<Record<string, AttributeValue>>): void {
  for (const [name, value] of Object.entries(given)) {
    const form = known.find((a) => a.name === name);
    if (!form) throw new AttributeRefused(`attributes.${name}: there is no such attribute`, { hint: known.length === 0 ? 'config/customers.yaml declares them' : `there are ${known.map((a) => a.name).join(', ')}` });
    const wanted = value === null ? undefined : fault(form, value);
    if (wanted !== undefined) throw new AttributeRefused(`attributes.${name}: ${wanted}`, { hint: 'config/customers.yaml declares it' });
  }
}

function fault(form: AttributeForm, value: string | number | boolean): string | undefined {
  switch (form.type) {
    case 'text': return typeof value === 'string' && value.length <= 2_000 ? undefined : 'this must be text of at most 2000 characters';
    case 'number': return typeof value === 'number' && Number.isFinite(value) ? undefined : 'this must be a number';
    case 'boolean': return typeof value === 'boolean' ? undefined : 'this must be true or false';
    case 'date': return typeof value === 'string' && realDate(value) ? undefined : 'this must be a date as 1990-12-31';
    case 'choice': return typeof value === 'string' && form.values.includes(value) ? undefined : `this must be one of ${form.values.join(', ')}`;
  }
}
