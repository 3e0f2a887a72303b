import type { ChatConfig } from '../../config/index.js';
import type { Conversation, Message } from '../../desk/conversations/index.js';
import type { Files } from '../../desk/files/index.js';
import type { Place } from './ports.js';

type Lang = 'zh-CN' | 'en';
const LINK_MS = 24 * 3_600_000;

/** What the widget needs to know of the house, in the visitor's language. */
export function shownSettings(c: ChatConfig, lang: Lang, open: boolean) {
  return {
    language: lang, open, greeting: c.greeting[lang], offline: c.offline !== undefined, rating: c.rating?.[lang] ?? null, transcripts: c.transcripts, call_back: c.callback.numbers.length > 0,
    consent: c.trail?.ask[lang] ?? null, text_length: c.limits.textLength,
    form: c.form.map((f) => ({ name: f.name, label: f.label[lang], kind: f.kind, required: f.required, max_length: f.maxLength, choices: f.choices.map((one) => ({ name: one.name, label: one.label[lang] })) })),
  };
}

/** As its visitor sees it: no customer, no queue, no notes. */
export function shownState(c: Conversation) {
  const agent = c.parties.find((p) => p.party === `agent:${c.agent ?? ''}`);
  const staff = c.parties.filter((p) => !p.party.startsWith('visitor:')).map((p) => p.read);
  const mine = c.parties.filter((p) => p.party.startsWith('visitor:')).map((p) => p.read);
  return {
    id: c.id, state: c.state, agent: agent?.name ?? null, last_seq: c.lastSeq, read_by_agent: Math.max(0, ...staff), read_by_visitor: Math.max(0, ...mine), started_at: new Date(c.startedAt).toISOString(),
    ended_at: c.endedAt === null ? null : new Date(c.endedAt).toISOString(), end_why: c.endWhy, rated: c.rating !== null,
  };
}

/** A file comes with a link that opens it without a log-in for a day. */
export function shownMessage(m: Message, files: Pick<Files, 'get' | 'links'>, now: number) {
  const visitor = m.by.startsWith('visitor:');
  return {
    seq: m.seq, id: m.id, at: new Date(m.at).toISOString(), from: visitor ? 'visitor' : m.kind === 'event' ? 'house' : m.by === 'system' || m.by === 'queue' ? 'house' : 'agent', name: m.byName, kind: m.kind, text: m.text,
    ...(visitor && m.clientId !== null ? { client_id: m.clientId } : {}), ...(m.file === null ? {} : { file: shownFile(m.file, files, now) }), ...(m.data === null ? {} : { data: { ...('name' in m.data ? { name: m.data['name'] } : {}) } }),
  };
}
export function shownFile(id: string, files: Pick<Files, 'get' | 'links'>, now: number) {
  const { name, type, kind, bytes, width, height } = files.get(id);
  return { id, name, type, kind, bytes, width, height, url: `/files/${id}?token=${files.links.sign(id, now + LINK_MS)}` };
}

export const shownPlace = ({ position, waitMs }: Place) => ({
  type: 'place' as const, position, wait_low_s: waitMs ? Math.round(waitMs.low / 1_000) : null, wait_high_s: waitMs ? Math.round(waitMs.high / 1_000) : null,
});
