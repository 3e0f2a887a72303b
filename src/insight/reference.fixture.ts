import type { Fact } from '../events/index.js';

/**
 * The figures of docs/reports.md once more, worked out the long way from all facts at each question: nothing is added up beforehand, and no
 * line is shared with what it judges.
 */
export interface Seen {
  readonly subject: string; readonly at: number; readonly channel: string; readonly queue: string; readonly agent: string; readonly number: string; readonly product: string; readonly tags: string[];
  readonly whole: boolean; readonly party: string; readonly waited: number | undefined; readonly end: 'answered' | 'lost' | 'elsewhere' | undefined;
  readonly handled: boolean; readonly talk: number; readonly hold: number; wrap: number; readonly transfers: number;
  readonly outbound: boolean; readonly served: boolean; readonly menu: boolean; readonly answers: number[]; taken: boolean;
}
const data = (fact: Fact): Record<string, unknown> => ({ ...fact.data });
const word = (fact: Fact, key: string): string => {
  const value = data(fact)[key];
  return typeof value === 'string' ? value : '';
};
const number = (fact: Fact, key: string): number => Number(data(fact)[key]);
const lostWhys = ['abandoned', 'failed', 'unreached'];
const allWhys = [...lostWhys, 'connected', 'exit', 'emergency'];

/** Every contact of calls that are over, in its parts. */
export function contactsIn(facts: readonly Fact[]): Seen[] {
  const ids = [...new Set(facts.filter((f) => f.type === 'call.ended').map((f) => f.subject))];
  const all = ids.flatMap((id) => partsOf(id, facts.filter((f) => f.subject === id)));
  for (const wrap of spansOfAgents(facts).filter((span) => span.state === 'wrap_up')) {
    const taken = facts.filter((f) => f.seq < wrap.seq && f.type === 'call.offer_ended' && word(f, 'why') === 'accepted' && word(f, 'agent') === wrap.agent).at(-1);
    const part = taken && all.filter((one) => one.subject === taken.subject && one.agent === wrap.agent).at(-1);
    if (part) part.wrap += wrap.to - wrap.from;
  }
  return all;
}

function partsOf(subject: string, facts: readonly Fact[]): Seen[] {
  const of = (type: string): Fact[] => facts.filter((f) => f.type === type);
  const [started] = of('call.started');
  const [over] = of('call.ended');
  if (!started || !over) return [];
  const outbound = word(started, 'direction') === 'outbound';
  const lefts = of('call.left_queue');
  const returned = of('call.returned_to_queue');
  /** The last word on a stay that began so: what put it back into the line does not count. */
  const closing = (queue: string, seq: number): Fact | undefined => {
    const found = lefts.filter((f) => f.seq > seq && (word(f, 'queue') === queue || allWhys.includes(word(f, 'why'))));
    return found.find((f) => !returned.some((r) => r.seq > f.seq && word(f, 'why') === 'connected' && !lefts.some((l) => l.seq > f.seq && l.seq < r.seq)));
  };
  const ends = of('call.state_changed').map((f) => ({ at: f.at, state: word(f, 'to') }));
  const inState = (state: string, from: number, to: number): number => {
    let sum = 0;
    ends.forEach((one, i) => {
      if (one.state !== state) return;
      const until = ends[i + 1]?.at ?? over.at;
      sum += Math.max(0, Math.min(until, to) - Math.max(one.at, from));
    });
    return sum;
  };
  const bridges = of('call.bridged').filter((b) => !returned.some((r) => r.seq > b.seq && !of('call.bridged').some((o) => o.seq > b.seq && o.seq < r.seq)));
  const talks = bridges.map((b) => {
    const nextBridge = of('call.bridged').find((o) => o.seq > b.seq)?.at ?? Infinity;
    const parted = facts.find((f) => f.seq > b.seq && f.type === 'call.state_changed' && !['talking', 'held'].includes(word(f, 'to')))?.at ?? over.at;
    const until = Math.min(nextBridge, parted);
    const moved = of('call.transferred').filter((f) => f.seq > b.seq && f.seq < (of('call.bridged').find((o) => o.seq > b.seq)?.seq ?? Infinity)).length;
    return { seq: b.seq, at: b.at, agent: word(b, 'agent'), talk: inState('talking', b.at, until), hold: inState('held', b.at, until), transfers: moved };
  });
  const told: { queue: string; at: number; seq: number; left: Fact | undefined }[] = [
    ...of('call.queued').map((q) => ({ queue: word(q, 'queue'), at: q.at, seq: q.seq, left: closing(word(q, 'queue'), q.seq) })),
    ...lefts.filter((l) => word(l, 'why') === 'full').map((l) => ({ queue: word(l, 'queue'), at: l.at, seq: l.seq, left: l })),
  ];
  const stays = told.flatMap(({ left, ...stay }) => (left ? [{ ...stay, left, talk: talks.find((t) => t.seq < left.seq && !talks.some((o) => o.seq > t.seq && o.seq < left.seq)) }] : []));
    const last = (key: string): string => of('call.queued').map((q) => word(q, key)).filter((v) => v !== '').at(-1) ?? '';
  const base = { subject, channel: 'voice', number: word(started, 'did') || word(started, 'to'), product: last('product'), tags: last('tags') === '' ? [] : last('tags').split(','), outbound, answers: [] as number[], wrap: 0 };
  const contact = !outbound && (of('call.flow_entered').length > 0 || stays.length > 0 || word(started, 'direction') === 'inbound');
  if (!contact && word(started, 'direction') === 'internal') return [];
  const rows: (Seen & { seq: number })[] = stays.map(({ queue, at, seq, left, talk: before }) => {
    const why = word(left, 'why');
    const mine = word(left, 'queue') === queue;
    const end = lostWhys.includes(why) ? 'lost' as const : why === 'connected' && mine ? 'answered' as const : 'elsewhere' as const;
    const talk = end === 'answered' ? before : undefined;
    return { ...base, seq, at, queue, agent: talk?.agent ?? '', whole: false, party: '', waited: number(left, 'waited_ms'), end, handled: talk !== undefined, talk: talk?.talk ?? 0, hold: talk?.hold ?? 0, transfers: talk?.transfers ?? 0, served: false, menu: false, taken: false };
  });
  const used = new Set(rows.flatMap((r) => (r.end === 'answered' ? stays.filter((s) => s.seq === r.seq).map((s) => s.talk) : [])));
  for (const talk of talks) {
    if (used.has(talk)) continue;
    const queue = rows.filter((r) => r.seq < talk.seq).sort((a, b) => a.seq - b.seq).at(-1)?.queue ?? '';
    rows.push({ ...base, seq: talk.seq, at: talk.at, queue, agent: talk.agent, whole: false, party: '', waited: undefined, end: undefined, handled: true, talk: talk.talk, hold: talk.hold, transfers: talk.transfers, served: false, menu: false, taken: false });
  }
  rows.sort((a, b) => a.seq - b.seq);
  if (rows.length === 0) rows.push({ ...base, seq: 0, at: started.at, queue: '', agent: '', whole: false, party: '', waited: undefined, end: undefined, handled: false, talk: 0, hold: 0, transfers: 0, served: false, menu: false, taken: false });
  const main = rows.findLast((r) => r.end === 'answered') ?? rows.findLast((r) => r.end !== undefined) ?? rows[0];
  const alone = contact && stays.length === 0 && talks.length === 0;
  const served = alone && of('call.person_wanted').length === 0 && word(over, 'cause') === 'completed' && (of('call.digits').length > 0 || of('call.survey_answered').length > 0);
  const who = of('call.customer_identified').map((f) => word(f, 'customer'))[0] ?? word(started, 'from');
  return rows.map((row) => row !== main ? { ...row, outbound: false } : {
    ...row, whole: contact, outbound, party: contact && who !== 'anonymous' ? who : '', served, menu: alone && !served, answers: of('call.survey_answered').map((f) => number(f, 'answer')), taken: row.end === 'answered' || row.handled,
  });
}

/** Stays of chats that are over, each with the marks that count there: where somebody took it last, else where it was last. */
export function chatsIn(facts: readonly Fact[]): Pick<Seen, 'at' | 'queue' | 'end' | 'waited' | 'answers'>[] {
  const ids = [...new Set(facts.filter((f) => f.type === 'conversation.ended').map((f) => f.subject))];
  return ids.flatMap((id) => {
    const of = (type: string): Fact[] => facts.filter((f) => f.subject === id && f.type === `conversation.${type}`);
    const stays = of('queued').map((came) => {
      const left = of('left_queue').find((f) => f.seq > came.seq);
      return { at: came.at, queue: word(came, 'queue'), end: left && word(left, 'why') === 'connected' ? 'answered' as const : 'lost' as const, waited: left && number(left, 'waited_ms') };
    });
    const where = stays.findLast((stay) => stay.end === 'answered') ?? stays.at(-1);
    return stays.map((stay) => ({ ...stay, answers: stay === where ? of('rated').map((f) => number(f, 'rating')) : [] }));
  });
}

export interface AgentSpan { readonly agent: string; readonly state: string; readonly from: number; readonly to: number; readonly seq: number }
/** How long each agent was in each state, up to the quarter of an hour of the last fact that counts. */
export function spansOfAgents(facts: readonly Fact[]): AgentSpan[] {
  const counting = facts.filter((f) => /^(call\.ended|agent\.state_changed|ticket\.(created|state_changed|sla_met)|\w+\.(left_queue|offered|offer_ended))$/.test(f.type));
  const end = Math.floor((counting.at(-1)?.at ?? 0) / 900_000) * 900_000;
  const changes = facts.filter((f) => f.type === 'agent.state_changed');
  return changes.flatMap((f) => {
    const agent = word(f, 'agent');
    const next = changes.find((o) => o.seq > f.seq && word(o, 'agent') === agent);
    const to = next?.at ?? end;
    return to > f.at ? [{ agent, state: word(f, 'to'), from: f.at, to, seq: f.seq }] : [];
  });
}

const WEEK = 7 * 86_400_000;
const earlier = (a: Seen, b: Seen): boolean => a.at < b.at || (a.at === b.at && a.subject < b.subject);
const near = (a: Seen, b: Seen): boolean => a.party !== '' && a.party === b.party && Math.abs(a.at - b.at) <= WEEK;
export const isRepeat = (one: Seen, all: readonly Seen[]): boolean => all.some((o) => near(one, o) && earlier(o, one) && o.taken);
export const isFirst = (one: Seen, all: readonly Seen[]): boolean => one.party !== '' && one.taken && !isRepeat(one, all);
export const isResolved = (one: Seen, all: readonly Seen[]): boolean => isFirst(one, all) && !all.some((o) => near(one, o) && earlier(one, o));
