import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { name, number, pattern, plainSeconds, secret, toMs, type SecretLookup } from './fields.js';
import type { Secret } from './secret.js';

/** What a visitor reads, in both languages. */
export interface ChatText {
  readonly 'zh-CN': string;
  readonly en: string;
}
export interface ChatField {
  readonly name: string;
  readonly label: ChatText;
  readonly kind: 'text' | 'email' | 'phone' | 'choice';
  readonly required: boolean;
  readonly maxLength: number;
  /** `queue`: where who chooses it waits. */
  readonly choices: readonly { readonly name: string; readonly label: ChatText; readonly queue: string | undefined }[];
}
export interface ChatInvitation {
  readonly name: string;
  /** Of the page's address without query; `*` stands for anything. */
  readonly pages: readonly string[];
  /** So long on the page, so many pages before. */
  readonly afterMs: Ms;
  readonly minPages: number;
  readonly text: ChatText;
}
export interface ChatConfig {
  readonly queue: string;
  /** Sites whose pages may carry the widget; our own always may. */
  readonly origins: readonly string[];
  /** With it the house's site signs who its visitor is (HS256). */
  readonly customerSecret: Secret | undefined;
  readonly greeting: ChatText;
  readonly form: readonly ChatField[];
  /** Undefined: a closed queue takes no messages either. */
  readonly offline: { readonly ticketType: string } | undefined;
  /** Undefined: nobody is followed over pages. */
  readonly trail: { readonly ask: ChatText; readonly keepMs: Ms } | undefined;
  readonly invitations: readonly ChatInvitation[];
  readonly rating: ChatText | undefined;
  readonly transcripts: boolean;
  /** Where visitors may be called back by themselves, and how often one number a day. Agents may call back any number. */
  readonly callback: { readonly numbers: readonly string[]; readonly perDay: number; readonly queue: string | undefined };
  /** Conversations that apps carry: `idleMs` without a word of the customer ends them (0: nothing does); of which capacity of an agent they take. */
  readonly app: { readonly idleMs: Ms; readonly capacity: 'chat' | 'app' };
  readonly times: { readonly firstReplyMs: Ms; readonly abandonMs: Ms; readonly goneMs: Ms; readonly sessionMs: Ms };
  readonly limits: ChatLimits;
}
export interface ChatLimits {
  readonly frameBytes: number;
  readonly textLength: number;
  /** Frames of one visitor in ten seconds. */
  readonly framesPer10s: number;
  readonly socketsPerVisitor: number;
  readonly socketsPerAddress: number;
  /** New visitors from one address, and from all. */
  readonly sessionsPerMinute: number;
  readonly filesPerHour: number;
}

const text = z.strictObject({ 'zh-CN': z.string().min(1).max(500), en: z.string().min(1).max(500) });
const both = (zh: string, en: string): ChatText => ({ 'zh-CN': zh, en });
const key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'small letters, digits and underscore; at most 40');
const field = z
  .strictObject({
    name: key, label: text, kind: z.enum(['text', 'email', 'phone', 'choice']).default('text'), required: z.boolean().default(false), max_length: z.int().min(1).max(2_000).default(200),
    choices: z.array(z.strictObject({ name: key, label: text, queue: name.optional() })).max(50).default([]),
  })
  .refine((f) => (f.kind === 'choice') === f.choices.length > 0, { error: '"choices" belong to a field of the kind "choice"', path: ['choices'] })
  .transform(({ max_length, choices, ...f }): ChatField => ({ ...f, maxLength: max_length, choices: choices.map((c) => ({ ...c, queue: c.queue })) }));
const invitation = z
  .strictObject({ name: key, pages: z.array(z.string().min(1).max(300)).min(1).max(50), after_seconds: plainSeconds(0, 3_600).default(20), min_pages: z.int().min(1).max(100).default(1), text })
  .transform((i): ChatInvitation => ({ name: i.name, pages: i.pages, afterMs: toMs(i.after_seconds), minPages: i.min_pages, text: i.text }));
const origin = z.string().regex(/^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/, 'as https://shop.example, without a slash at the end');
const count = (most: number, usual: number) => z.int().min(1).max(most).default(usual);

const limits = z.strictObject({
  frame_bytes: z.int().min(1_024).max(262_144).default(16_384), text_length: count(4_000, 2_000), frames_per_10s: count(10_000, 60), sockets_per_visitor: count(100, 5), sockets_per_address: count(100_000, 50),
  sessions_per_minute: count(100_000, 20), files_per_hour: count(1_000, 20),
});
const form = z.strictObject({
  queue: name.default('support'), origins: z.array(origin).max(100).default([]), greeting: text.default(both('您好，请问有什么可以帮您？', 'Hello! How can we help?')),
  form: z.array(field).max(20).default([]).refine((all) => new Set(all.map((f) => f.name)).size === all.length, 'each field has a name of its own'),
  offline: z.strictObject({ ticket_type: key }).nullable().default({ ticket_type: 'question' }),
  trail: z.strictObject({ ask: text, keep_days: z.int().min(1).max(366).default(30) }).optional(),
  invitations: z.array(invitation).max(50).default([]), rating: text.nullable().default(both('请为本次服务打分', 'How was our service?')), transcripts: z.boolean().default(true),
  callback: z.strictObject({ numbers: z.array(z.union([pattern, number])).max(50).default([]), per_day: count(100, 3), queue: name.optional() }).prefault({}),
  app: z.strictObject({ idle_seconds: plainSeconds(0, 1_209_600).default(3_600), capacity: z.enum(['chat', 'app']).default('chat') }).prefault({}),
  first_reply_seconds: plainSeconds(0, 86_400).default(120), abandon_seconds: plainSeconds(1, 86_400).default(120), gone_seconds: plainSeconds(1, 86_400).default(900), session_days: z.number().min(0.01).max(366).default(30),
  limits: limits.prefault({}),
});
const DAY = 86_400_000;

export const chatFile = (lookup: SecretLookup) => z.strictObject({ chat: form.extend({ customer_secret: secret(lookup, 'reference').optional() }).refine((c) => c.invitations.length === 0 || c.trail !== undefined, { error: 'invitations go by pages that were looked at: they need "trail"', path: ['invitations'] }).prefault({}) });

export function toChat({ chat: c }: z.output<ReturnType<typeof chatFile>>): ChatConfig {
  const l = c.limits;
  return {
    queue: c.queue, origins: c.origins, customerSecret: c.customer_secret, greeting: c.greeting, form: c.form, offline: c.offline === null ? undefined : { ticketType: c.offline.ticket_type },
    trail: c.trail && { ask: c.trail.ask, keepMs: c.trail.keep_days * DAY }, invitations: c.invitations, rating: c.rating ?? undefined, transcripts: c.transcripts,
    callback: { numbers: c.callback.numbers, perDay: c.callback.per_day, queue: c.callback.queue },
    app: { idleMs: toMs(c.app.idle_seconds), capacity: c.app.capacity },
    times: { firstReplyMs: toMs(c.first_reply_seconds), abandonMs: toMs(c.abandon_seconds), goneMs: toMs(c.gone_seconds), sessionMs: c.session_days * DAY },
    limits: {
      frameBytes: l.frame_bytes, textLength: l.text_length, framesPer10s: l.frames_per_10s, socketsPerVisitor: l.sockets_per_visitor, socketsPerAddress: l.sockets_per_address, sessionsPerMinute: l.sessions_per_minute,
      filesPerHour: l.files_per_hour,
    },
  };
}
