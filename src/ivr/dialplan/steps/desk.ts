import { z } from 'zod';
import { byVariable, flowName, onError, prompt, templated, variableName, writtenValue } from '../fields.js';
import type { StepParams } from '../params.js';

const KEY = /^[a-z][a-z0-9_]{0,39}$/;
const key = z.string().regex(KEY, 'as it is called in config/tickets.yaml');

const create = z.strictObject({
  type: key, subject: templated(300), text: templated(10_000).optional(), priority: key.optional(), tags: z.array(z.string().trim().min(1).max(100)).max(50).prefault([]),
  fields: byVariable(writtenValue).prefault({}),
});
const status = z.union([z.enum(['latest', 'open']), z.strictObject({ number: templated(100) })]);

/** A ticket for the caller, or how one of his stands: its `into` has number, state and more, or nothing where there is none. */
export const ticketStep = z
  .strictObject({ create: create.optional(), status: status.optional(), type: key.optional(), into: variableName.prefault('ticket'), otherwise: flowName.optional(), ...onError })
  .transform((p, ctx): StepParams => {
    const wrong = (path: string, message: string, hint: string): typeof z.NEVER => {
      ctx.addIssue({ code: 'custom', path: [path], message, params: { key: true, hint } });
      return z.NEVER;
    };
    const step = { do: 'ticket', into: p.into, otherwise: p.otherwise } as const;
    if (p.create) {
      if (p.status !== undefined) return wrong('status', '"create" and "status" in one step', 'put a dash before each step');
      if (p.type !== undefined || p.otherwise !== undefined) return wrong(p.type === undefined ? 'otherwise' : 'type', 'this belongs to "status"', 'what a new ticket is stands in "create"; where it cannot be made, on_error leads');
      return { step: { ...step, what: p.create }, onError: p.on_error };
    }
    if (p.status === undefined) return wrong('create', 'neither "create" nor "status"', 'create: { type: …, subject: … } or status: latest');
    return { step: { ...step, what: typeof p.status === 'string' ? { status: p.status, number: undefined, type: p.type } : { status: 'number', number: p.status.number, type: p.type } }, onError: p.on_error };
  });

/** Something in writing for the caller: by mail, or into the chat that he has open. */
export const messageStep = z
  .strictObject({ by: z.enum(['any', 'mail', 'chat']).prefault('any'), to: templated(300).optional(), subject: prompt.optional(), text: prompt, otherwise: flowName.optional(), ...onError })
  .transform((p, ctx): StepParams => {
    if (p.by !== 'chat' && p.subject === undefined) ctx.addIssue({ code: 'custom', path: ['subject'], message: 'a mail needs a subject', params: { hint: 'subject: { zh-CN: …, en: … }' } });
    if (p.by !== 'mail' && p.to !== undefined) ctx.addIssue({ code: 'custom', path: ['to'], message: '"to" is an address of mail', params: { key: true, hint: 'by: mail' } });
    return { step: { do: 'message', by: p.by, to: p.to, subject: p.subject, text: p.text, otherwise: p.otherwise }, onError: p.on_error };
  });
