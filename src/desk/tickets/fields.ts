import { mayAs, type Actor } from './actor.js';
import type { TicketFault } from './errors.js';
import type { Field, TicketType } from './setup.js';
import type { Fields, FieldValue } from './types.js';

const ORDER = /^[\p{L}\p{N}][\p{L}\p{N}_./#-]{0,99}$/u;
const LONGEST = 10_000;
export const isOrderNumber = (text: string): boolean => ORDER.test(text);

/** The fields after a change; null takes one away. Faults say which field and why. */
export function changedFields(type: TicketType, before: Fields, patch: Readonly<Record<string, FieldValue | null>>, actor: Actor): { readonly fields: Fields; readonly faults: readonly TicketFault[] } {
  const faults: TicketFault[] = [];
  const fields: Record<string, FieldValue> = { ...before };
  for (const [name, value] of Object.entries(patch)) {
    const field = type.fields.find((f) => f.name === name);
    const refuse = (code: string, message: string, hint?: string): void => void faults.push({ code, message, hint, pointer: `/fields/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` });
    if (!field) refuse('ticket.unknown_field', `the type "${type.name}" has no field "${name}"`, `it has ${type.fields.map((f) => f.name).join(', ') || 'none'}`);
    else if (!mayAs(actor, field.edit)) refuse('ticket.field_not_yours', 'you may not set this field');
    else if (value === null || value === '') Reflect.deleteProperty(fields, name);
    else {
      const wrong = wrongIn(field, value);
      if (wrong === undefined) fields[name] = value;
      else refuse('ticket.bad_value', wrong);
    }
  }
  return { fields, faults };
}

/** What must be there by now and is not. */
export const missingFields = (type: TicketType, fields: Fields, by: 'created' | 'resolved'): TicketFault[] =>
  type.fields.filter((f) => (f.required === 'created' || f.required === by) && fields[f.name] === undefined).map((f) => ({
    code: 'ticket.missing_field', message: `"${f.name}" is required`, pointer: `/fields/${f.name}`, hint: by === 'resolved' && f.required === 'resolved' ? 'before the ticket is resolved' : undefined,
  }));

function wrongIn({ kind, choices, min, max }: Field, value: FieldValue): string | undefined {
  switch (kind) {
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number';
      return (min !== undefined && value < min) || (max !== undefined && value > max) ? `must be from ${min ?? '−∞'} to ${max ?? '∞'}` : undefined;
    case 'boolean': return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'date': return typeof value === 'string' && isDate(value) ? undefined : 'must be a date as 2026-11-20';
    case 'choice': return typeof value === 'string' && choices.some((c) => c.name === value) ? undefined : `must be one of ${choices.map((c) => c.name).join(', ')}`;
    case 'order': return typeof value === 'string' && isOrderNumber(value) ? undefined : 'must be the number of an order: letters, digits and _ . / # -';
    case 'text': case 'place':
      if (typeof value !== 'string') return 'must be a text';
      return Array.from(value).length > (max ?? LONGEST) ? `at most ${max ?? LONGEST} characters` : undefined;
  }
}

function isDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

export const visibleFields = (type: TicketType | undefined, fields: Fields, actor: Actor): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => {
    const field = type?.fields.find((f) => f.name === name);
    // A field that the type has no more is history of the house: the staff sees it.
    return field ? mayAs(actor, field.see) : !actor.roles.includes('customer');
  }));
