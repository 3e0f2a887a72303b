import fc from 'fast-check';
import type { NewFact } from '../events/index.js';

/** What happened and when, as the rooms would tell it. */
export interface Happened {
  readonly at: number;
  readonly fact: NewFact;
}
export const T0 = Date.UTC(2026, 9, 23, 6, 0, 0);
const QUEUES = ['support', 'sales'] as const;
const AGENTS = ['1001', '1002', '1003'] as const;
const NUMBERS = ['+8613800138000', '+8675512345678', '+441214960000', '1201', 'anonymous'] as const;
const ms = (max: number) => fc.integer({ min: 1, max });

const visit = fc.record({
  queue: fc.constantFrom(...QUEUES), both: fc.boolean(), waitMs: ms(400_000), agent: fc.constantFrom(...AGENTS), missed: fc.boolean(), comesBack: fc.boolean(),
  end: fc.constantFrom('connected', 'connected', 'connected', 'abandoned', 'max_wait', 'full', 'exit', 'failed'),
  talks: fc.array(fc.record({ ms: ms(300_000), holdMs: ms(60_000), holds: fc.boolean() }), { minLength: 1, maxLength: 2 }), wrapMs: ms(90_000), wraps: fc.boolean(), transferTo: fc.option(fc.constantFrom(...AGENTS), { nil: undefined }),
});
const call = fc.record({
  startMs: fc.integer({ min: 0, max: 12 * 86_400_000 }), direction: fc.constantFrom('inbound', 'inbound', 'internal', 'outbound'), from: fc.constantFrom(...NUMBERS), customer: fc.option(fc.constantFrom('cus_1', 'cus_2'), { nil: undefined }),
  did: fc.constantFrom('+8675500004000', '+8675500005000'), flow: fc.boolean(), digits: fc.boolean(), wanted: fc.boolean(), survey: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  tags: fc.constantFrom('', 'vip', 'vip,gold'), product: fc.constantFrom('', 'phone', 'tablet'), visits: fc.array(visit, { maxLength: 3 }), lost: fc.boolean(),
});
const ticket = fc.record({
  startMs: fc.integer({ min: 0, max: 6 * 86_400_000 }), type: fc.constantFrom('question', 'complaint'), assignee: fc.option(fc.constantFrom(...AGENTS), { nil: undefined }), within: fc.boolean(),
  moves: fc.array(fc.record({ kind: fc.constantFrom('open', 'waiting', 'resolved', 'closed'), afterMs: ms(86_400_000) }), { maxLength: 5 }),
});
const chat = fc.record({
  startMs: fc.integer({ min: 0, max: 12 * 86_400_000 }), queue: fc.constantFrom(...QUEUES), waitMs: ms(400_000), taken: fc.boolean(), moves: fc.boolean(), talkMs: ms(3_600_000),
  rating: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }), laterMs: ms(2 * 86_400_000),
});
type Visit = typeof visit extends fc.Arbitrary<infer T> ? T : never;
type CallStory = typeof call extends fc.Arbitrary<infer T> ? T : never;
type ChatStory = typeof chat extends fc.Arbitrary<infer T> ? T : never;
type TicketStory = typeof ticket extends fc.Arbitrary<infer T> ? T : never;

/** A fortnight of a small house, in the order of happening. */
export const fortnight = fc.record({ calls: fc.array(call, { maxLength: 14 }), tickets: fc.array(ticket, { maxLength: 4 }) }).map(({ calls, tickets }) => {
  const all = [...calls.flatMap(callFacts), ...tickets.flatMap(ticketFacts)].map((happened, i) => ({ ...happened, i })).sort((a, b) => a.at - b.at || a.i - b.i);
  return all.map(({ at, fact }): Happened => ({ at, fact }));
});

/** Chats of the same days. Many are rated, some of those a day or two after they ended. */
export const chats = fc.array(chat, { maxLength: 10 }).map((all) => all.flatMap(chatFacts).sort((a, b) => a.at - b.at));

function chatFacts(story: ChatStory, n: number): Happened[] {
  const subject = `conversation:v${n}` as const;
  const out: Happened[] = [];
  let at = T0 + story.startMs;
  const say = (type: string, data: object): void => void out.push({ at, fact: { type: `conversation.${type}`, subject, data } as NewFact });
  const stay = (queue: string, agent: string, waitMs: number, taken: boolean): void => {
    say('queued', { queue, position: 1 });
    at += waitMs;
    if (taken) say('offer_ended', { queue, agent, offer: 'o', why: 'accepted' });
    say('left_queue', { queue, why: taken ? 'connected' : 'abandoned', waited_ms: waitMs });
    if (taken) say('assigned', { agent, queue, by: 'queue' });
  };
  say('started', { channel: 'chat', visitor: `vis_${n}` });
  stay(story.queue, '1001', story.waitMs, story.taken);
  if (story.taken && story.moves) {
    at += story.talkMs;
    const other = story.queue === 'support' ? 'sales' : 'support';
    say('transferred', { by: 'agent:1001', to: `queue:${other}` });
    stay(other, '1002', 2_000, true);
  }
  at += story.talkMs;
  say('ended', { by: `visitor:vis_${n}`, why: 'closed', duration_ms: at - T0 - story.startMs, messages: 0 });
  at += story.laterMs;
  if (story.rating !== undefined) say('rated', { rating: story.rating });
  return out;
}

function callFacts(story: CallStory, n: number): Happened[] {
  const subject = `call:c${n}` as const;
  const out: Happened[] = [];
  let at = T0 + story.startMs;
  let state = 'ringing';
  const say = (type: string, data: object, about: string = subject): void => void out.push({ at, fact: { type, subject: about, data } as NewFact });
  const become = (to: string): void => {
    say('call.state_changed', { from: state, to });
    state = to;
  };
  say('call.started', story.direction === 'outbound' ? { direction: 'outbound', from: '1201', to: story.from } : { direction: story.direction, from: story.from, to: '4000', did: story.did });
  if (story.customer !== undefined) say('call.customer_identified', { customer: story.customer, how: 'number' });
  if (story.flow) say('call.flow_entered', { flow: 'welcome' });
  at += 1_500;
  if (story.digits) say('call.digits', { digits: '1' });
  if (story.wanted) say('call.person_wanted', { flow: 'welcome', by: 'key' });
  let after: (() => void) | undefined;
  for (const one of story.visits) {
    if (after) break;
    become('queued');
    after = goThrough(one, story, say, become, (passed) => void (at += passed));
  }
  if (story.survey !== undefined && !after) say('call.survey_answered', { question: 'q', answer: story.survey });
  at += 500;
  say('call.ended', { cause: after ? 'abandoned' : story.lost ? 'media_lost' : 'completed', duration_ms: at - T0 - story.startMs });
  after?.();
  return out;
}

type Say = (type: string, data: object, about?: string) => void;
/** Answers what is still told once the call is over, where the caller gave up. */
function goThrough(v: Visit, story: CallStory, say: Say, become: (to: string) => void, pass: (ms: number) => void): (() => void) | undefined {
  const labels = { ...(story.tags ? { tags: story.tags } : {}), ...(story.product ? { product: story.product } : {}) };
  const other = v.queue === 'support' ? 'sales' : 'support';
  if (v.end === 'full') {
    say('call.left_queue', { queue: v.queue, why: 'full', waited_ms: 0 });
    return undefined;
  }
  say('call.queued', { queue: v.queue, position: 1, ...labels });
  if (v.both && v.end !== 'max_wait') say('call.queued', { queue: other, position: 1, ...labels });
  pass(v.waitMs);
  const offer = { queue: v.queue, agent: v.agent, offer: 'o' };
  if (v.missed) {
    say('call.offered', offer);
    say('call.offer_ended', { ...offer, why: 'timed_out' });
  }
  if (v.end !== 'connected') {
    const leave = (): void => say('call.left_queue', { queue: v.queue, why: v.end, waited_ms: v.waitMs });
    if (v.end === 'abandoned') return leave;
    leave();
    return undefined;
  }
  let waited = v.waitMs;
  const connect = (): void => {
    say('call.offered', offer);
    say('call.offer_ended', { ...offer, why: 'accepted' });
    become('talking');
    say('call.bridged', { agent: v.agent });
    say('call.left_queue', { queue: v.queue, why: 'connected', waited_ms: waited });
  };
  connect();
  if (v.comesBack) {
    say('call.returned_to_queue', { queue: v.queue, agent: v.agent });
    become('queued');
    pass(2_000);
    waited += 2_000;
    connect();
  }
  talk(v, say, become, pass);
  if (v.wraps) {
    say('agent.state_changed', { agent: v.agent, from: 'talking', to: 'wrap_up' }, `agent:${v.agent}`);
    pass(v.wrapMs);
    say('agent.state_changed', { agent: v.agent, from: 'wrap_up', to: 'available' }, `agent:${v.agent}`);
  }
  become('ivr');
  return undefined;
}

function talk(v: Visit, say: Say, become: (to: string) => void, pass: (ms: number) => void): void {
  say('agent.state_changed', { agent: v.agent, from: 'ringing', to: 'talking' }, `agent:${v.agent}`);
  v.talks.forEach(({ ms: length, holdMs, holds }, i) => {
    if (i > 0 && v.transferTo !== undefined) {
      say('call.transferred', { by: v.agent, to: v.transferTo });
      say('call.bridged', { agent: v.transferTo });
    }
    pass(length);
    if (!holds) return;
    become('held');
    pass(holdMs);
    become('talking');
  });
}

function ticketFacts(story: TicketStory, n: number): Happened[] {
  const subject = `ticket:t${n}` as const;
  const who = { ticket: `t${n}`, by: 'admin' };
  let at = T0 + story.startMs;
  const out: Happened[] = [];
  const say = (type: string, data: object): void => void out.push({ at, fact: { type, subject, data: { ...who, ...data } } as NewFact });
  say('ticket.created', { number: String(n), type: story.type, state: 'new', priority: 'normal', channel: 'mail', ...(story.assignee === undefined ? {} : { assignee: story.assignee }) });
  let kind = 'open';
  for (const move of story.moves) {
    at += move.afterMs;
    if (move.kind === kind) say('ticket.assigned', { assignee: '1002', team: null });
    else say('ticket.state_changed', { from: kind, to: move.kind, kind: move.kind });
    if (kind === 'open' && move.kind === 'resolved') say('ticket.sla_met', { target: 'resolution', business_ms: move.afterMs, within: story.within });
    kind = move.kind;
  }
  return out;
}
