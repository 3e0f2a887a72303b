import { z } from 'zod';
import type { ChatConfig, ChatField } from '../../config/index.js';
import { ChatFault } from './errors.js';

export interface Answers {
  readonly form: Readonly<Record<string, string>>;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  /** Where such a question waits. */
  readonly queue: string;
}
const email = z.email().max(200);

/** What the visitor has filled in, as the form wants it. @throws ChatFault chat.form with the fields that are wrong */
export function readForm({ form: fields, queue }: Pick<ChatConfig, 'form' | 'queue'>, given: Readonly<Record<string, string>>): Answers {
  const values = new Map(fields.map((field) => [field.name, (given[field.name] ?? '').trim()]));
  const wrong = [...fields.filter((field) => !fits(field, values.get(field.name) ?? '')).map((f) => f.name), ...Object.keys(given).filter((name) => !values.has(name))];
  if (wrong.length > 0) throw new ChatFault('chat.form', 'something in the form is missing or wrong', undefined, wrong);
  const ofKind = (is: (field: ChatField) => boolean): string | undefined => fields.filter(is).map((f) => values.get(f.name)).find((v) => v !== undefined && v !== '');
  const chosen = fields.flatMap((f) => f.choices.filter((c) => c.name === values.get(f.name)).map((c) => c.queue)).find((q) => q !== undefined);
  return {
    form: Object.fromEntries([...values].filter(([, value]) => value !== '')), name: ofKind((f) => f.name === 'name'), email: ofKind((f) => f.kind === 'email'), phone: ofKind((f) => f.kind === 'phone'), queue: chosen ?? queue,
  };
}

function fits({ kind, required, maxLength, choices }: ChatField, value: string): boolean {
  if (value === '') return !required;
  if (value.length > maxLength) return false;
  if (kind === 'email') return email.safeParse(value).success;
  if (kind === 'phone') return /^\+?[0-9][0-9 ()-]{3,24}$/.test(value);
  return kind !== 'choice' || choices.some((c) => c.name === value);
}
