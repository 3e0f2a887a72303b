import { z } from 'zod';
import { name, number } from './fields.js';
import { nearest } from './nearest.js';

/** Where a contact goes instead of waiting. */
export type Target =
  | { readonly to: 'queue'; readonly queue: string }
  | { readonly to: 'extension'; readonly extension: string }
  | { readonly to: 'number'; readonly number: string }
  | { readonly to: 'flow'; readonly flow: string }
  | { readonly to: 'callback' }
  | { readonly to: 'hang_up' };

const FIELDS = { queue: name, extension: number, number, flow: name };
const NAMED = ['queue', 'extension', 'number', 'flow'] as const;
const PLAIN = ['callback', 'hang_up'] as const;
const KINDS: readonly string[] = [...NAMED, ...PLAIN];
/** What callers may one day be sent to: the rooms do not exist yet. */
const NOT_YET = ['voicemail', 'bot', 'chat', 'conference', 'survey', 'ticket', 'message', 'sms', 'email', 'trunk'];

interface Fault {
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
  readonly key?: string;
}

const isPlain = (kind: string): kind is (typeof PLAIN)[number] => (PLAIN as readonly string[]).includes(kind);
const exists = `there are ${KINDS.join(', ')}`;

function kindFault(kind: string): Fault | undefined {
  if (KINDS.includes(kind)) return undefined;
  if (NOT_YET.includes(kind)) return { code: 'target_not_available', message: `nobody can be sent to "${kind}" yet`, hint: exists, key: kind };
  const meant = nearest(kind, KINDS);
  return { code: 'config.unknown_key', message: `unknown target "${kind}"`, hint: meant === undefined ? exists : `did you mean "${meant}"?`, key: kind };
}

function faultOf(written: string | Readonly<Record<string, unknown>>): Fault | undefined {
  if (typeof written === 'string') {
    const fault = kindFault(written);
    if (fault) return { ...fault, code: fault.code === 'config.unknown_key' ? 'config.wrong_value' : (fault.code ?? 'config.wrong_value') };
    return isPlain(written) ? undefined : { message: `"${written}" needs a value`, hint: `as { ${written}: … }` };
  }
  const [kind, second] = Object.keys(written);
  if (kind === undefined) return { message: 'say where to', hint: exists };
  if (second !== undefined) return { message: `"${kind}" and "${second}" in one target`, hint: 'keep one of them', key: second };
  return kindFault(kind);
}

/** `{ queue: vip }`, `{ extension: "1001" }`, `{ number: "+86…" }`, `{ flow: night }`, `callback` or `hang_up`. */
export const targetForm = z.union([
  z.string(),
  z.looseObject({ queue: FIELDS.queue.optional(), extension: FIELDS.extension.optional(), number: FIELDS.number.optional(), flow: FIELDS.flow.optional() }),
]).superRefine((written, ctx) => {
  const fault = faultOf(written);
  if (!fault) return;
  const { message, code, hint, key } = fault;
  const atKey = typeof written === 'object' && key !== undefined;
  ctx.addIssue({ code: 'custom', path: atKey ? [key] : [], message, params: { code, hint, key: atKey } });
});

/** @throws nothing for what `targetForm` let through */
export function toTarget(written: z.output<typeof targetForm>): Target {
  if (typeof written === 'string') return { to: written === 'callback' ? 'callback' : 'hang_up' };
  const { queue, extension, number: dialled, flow } = written;
  if (queue !== undefined) return { to: 'queue', queue };
  if (extension !== undefined) return { to: 'extension', extension };
  if (dialled !== undefined) return { to: 'number', number: dialled };
  if (flow !== undefined) return { to: 'flow', flow };
  return { to: 'callback' in written ? 'callback' : 'hang_up' };
}
