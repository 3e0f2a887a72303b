import { z } from 'zod';
import type { Value } from '../expressions/index.js';

const text = z.string().min(1).max(2_000);
const value: z.ZodType<Value> = z.json();
const values = z.record(z.string().max(100), value);
const seconds = z.number().min(0).max(86_400);
const someTexts = z.union([text, z.array(text).min(1).max(20)]).transform((one) => [one].flat());
const keys = z.string().regex(/^[0-9*#A-D]{1,64}$/, 'keys of a telephone, in quotes');

const answer = z.strictObject({
  status: z.int().min(100).max(599).prefault(200),
  json: value.optional(), text: z.string().max(1_000_000).optional(),
  /** Instead of an answer. */
  fails: z.enum(['timeout', 'refused', 'too_large', 'not_json', 'private_address']).optional(),
  takes: seconds.prefault(0.1),
});
const script = z.strictObject({ returns: value.optional(), flow: z.string().optional(), fails: text.optional(), takes: seconds.prefault(0.01) })
  .refine((s) => [s.returns, s.flow, s.fails].filter((one) => one !== undefined).length === 1, 'give one of returns, flow and fails');
export interface DeskDouble {
  readonly ticket?: Readonly<Record<string, Value>> | undefined;
  readonly none?: true | undefined;
  readonly fails?: string | undefined;
}
const deskDouble = z.strictObject({ ticket: values.optional(), none: z.literal(true).optional(), fails: text.optional() })
  .refine((d) => [d.ticket, d.none, d.fails].filter((one) => one !== undefined).length <= 1, 'give one of ticket, none and fails').transform((d): DeskDouble => d).optional();
/** What the desk says to each kind of order, instead of what it says by itself. */
const desk = z.strictObject({ create_ticket: deskDouble, find_ticket: deskDouble, send_message: deskDouble });
const answers = z.union([answer, z.array(answer).min(1).max(50)]).transform((one) => [one].flat());

const call = z.strictObject({
  to: z.string().min(1).max(64), from: z.string().max(64).prefault('anonymous'),
  at: z.iso.datetime({ offset: true, local: false, error: 'a time with its zone, as 2026-11-20T10:00:00+08:00' }).prefault('2026-11-20T10:00:00+08:00'),
  language: z.enum(['zh-CN', 'en']).optional(), trunk: z.string().optional(), did: z.string().optional(),
  customer: values.optional(),
});
const place = z.enum(['queue', 'dial', 'transfer', 'callback', 'record', 'hang_up', 'caller', 'failed']);
const end = z.strictObject({
  by: place, queue: z.string().optional(), extension: z.string().optional(), number: z.string().optional(),
  language: z.enum(['zh-CN', 'en']).optional(), priority: z.int().optional(), attributes: values.optional(),
});

/** What a caller of a test does, hears and expects; one step is one key. */
export const stepForms = {
  hears: someTexts,
  not_hears: someTexts,
  says: z.union([text, z.strictObject({ text, confidence: z.number().min(0).max(1).prefault(0.9), barge_in: z.boolean().prefault(false) })]).transform((said) => (typeof said === 'string' ? { text: said, confidence: 0.9, barge_in: false } : said)),
  mumbles: z.literal(true),
  presses: z.union([keys, z.strictObject({ keys, barge_in: z.boolean().prefault(false) })]).transform((pressed) => (typeof pressed === 'string' ? { keys: pressed, barge_in: false } : pressed)),
  waits: seconds,
  enters: z.string(),
  knows: values,
  requests: z.union([text, z.strictObject({ request: text, body: value.optional(), times: z.int().min(0).max(100).optional() })]).transform((asked) => (typeof asked === 'string' ? { request: asked } : asked)),
  /** The desk was asked for this; all that is written must be there. */
  orders: z.strictObject({ do: z.enum(['create_ticket', 'find_ticket', 'send_message']), with: values.optional() }),
  outcome: z.union([z.enum(['completed', 'failed', 'busy', 'no_answer', 'rejected', 'unreachable', 'booked', 'recorded']), z.strictObject({ flow: z.string() })]),
  hangs_up: z.literal(true),
  ends: z.union([place.transform((by) => ({ by })), end]),
} as const;
export type StepForms = { readonly [K in keyof typeof stepForms]: z.output<(typeof stepForms)[K]> };
export type CaseStep = { readonly [K in keyof StepForms]: { readonly does: K; readonly what: StepForms[K] } }[keyof StepForms];

const oneStep = z.strictObject(Object.fromEntries(Object.entries(stepForms).map(([name, form]) => [name, form.optional()])))
  .refine((step) => Object.values(step).filter((one) => one !== undefined).length === 1, { error: 'a step is one key', params: { hint: `one of ${Object.keys(stepForms).join(', ')}` } })
  .transform((step): CaseStep => {
    const [[does, what] = ['', undefined]] = Object.entries(step).filter(([, one]) => one !== undefined);
    return { does, what } as CaseStep;
  });

const httpKey = /^(GET|POST|PUT|PATCH|DELETE) \S+$/;
const http = z.record(z.string(), answers).superRefine((doubles, ctx) => {
  for (const key of Object.keys(doubles))
    if (!httpKey.test(key)) ctx.addIssue({ code: 'custom', path: [key], message: `"${key}" is no request`, params: { hint: 'as "GET https://orders.example/v1/orders?phone=*"', key: true } });
});
const doubles = { http: http.prefault({}), scripts: z.record(z.string(), script).prefault({}), desk: desk.prefault({}), speech: z.boolean().prefault(true) };

const oneCase = z.strictObject({ name: z.string().trim().min(1).max(200), call, ...doubles, steps: z.array(oneStep).min(1).max(500) });
export const testForm = z.strictObject({
  dialplan: z.string().min(1),
  /** For every case that says nothing else. */
  http: http.prefault({}),
  scripts: z.record(z.string(), script).prefault({}),
  desk: desk.prefault({}),
  cases: z.array(oneCase).min(1).max(10_000),
});
export type TestForm = z.output<typeof testForm>;
export type Case = TestForm['cases'][number];
export type HttpDoubles = Case['http'];
export type ScriptDoubles = Case['scripts'];
export type DeskDoubles = Case['desk'];
