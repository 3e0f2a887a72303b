import { CompiledQuery } from 'kysely';
import type { Ms } from '../../base/index.js';
import type { Store } from '../../store/index.js';
import { OF_CONTACTS, type ContactMeasure, type Counts } from '../measures.js';
import type { Part } from './contact.js';
import type { Place, Sums } from './sums.js';

/** Whoever comes again within this time was not helped the first time. */
export const WEEK: Ms = 7 * 86_400_000;

export interface ContactBook {
  /** Counts the parts of a contact that were not counted before. */
  count(subject: string, parts: readonly Part[], countedAt: number): void;
  /** The customer was asked when it was over. What is not counted yet is counted with its answer. */
  rated(subject: string, answer: number): void;
  /** Time an agent needed after a contact. */
  wrapUp(subject: string, agent: string, ms: Ms): void;
}

type Row = Omit<Part, 'tags' | 'counts' | 'longestMs'> & { readonly id: number; readonly subject: string; readonly tags: string; readonly firsts: number; readonly repeats: number; readonly resolved_first: number };
const ABOUT = ['subject', 'part', 'at', 'channel', 'queue', 'agent', 'number', 'region', 'product', 'tags', 'party', 'outcome', 'counted_at', 'longest_ms'] as const;
const COLUMNS = [...ABOUT, ...OF_CONTACTS];
const INSERT = `insert into insight_contacts (${COLUMNS.join(', ')}) values (${COLUMNS.map(() => '?').join(', ')}) returning id`;
const SELECT = 'select id, subject, at, channel, queue, agent, number, region, product, tags, party, outcome, firsts, repeats, resolved_first from insight_contacts';
/** A person had it. */
const TAKEN = '(answered > 0 or handled > 0)';

/** Every contact once, with what it counts for; sums are made of nothing else. */
export function createContactBook(store: Pick<Store, 'run' | 'change'>, sums: Sums): ContactBook {
  const read = <R>(sql: string, ...values: unknown[]): R[] => store.run({ compile: () => CompiledQuery.raw(sql, values) as CompiledQuery<R> });
  const change = (sql: string, ...values: unknown[]): number => store.change({ compile: () => CompiledQuery.raw(sql, values) });
  /** Of a contact that is counted already. */
  const amend = (row: Row, counts: Partial<Record<ContactMeasure, number>>): void => {
    change(`update insight_contacts set ${Object.keys(counts).map((name) => `${name} = ${name} + ?`).join(', ')} where id = ?`, ...Object.values(counts), row.id);
    sums.add(placeOf({ ...row, tags: tagsIn(row.tags) }), counts);
  };
  const partOf = (subject: string, agent: string): Row | undefined => read<Row>(`${SELECT} where subject = ? and agent = ? order by part desc limit 1`, subject, agent)[0];
  const wrapUp: ContactBook['wrapUp'] = (subject, agent, ms) => {
    const row = partOf(subject, agent);
    if (row) return amend(row, { wrap_ms: ms });
    change('insert into insight_wraps (subject, agent, ms) values (?, ?, ?) on conflict (subject, agent) do update set ms = ms + excluded.ms', subject, agent, ms);
  };
  /** Whether its customer came before, or again: the rule of seven days, whatever the order in which contacts end. */
  const compare = (party: string, at: number, subject: string, taken: boolean): Counts => {
    const before = read<Row>(`${SELECT} where party = ? and at >= ? and (at, subject) < (?, ?) and resolved_first > 0`, party, at - WEEK, at, subject);
    for (const row of before) amend(row, { resolved_first: -1 });
    const [known] = read(`select 1 from insight_contacts where party = ? and at >= ? and (at, subject) < (?, ?) and ${TAKEN} limit 1`, party, at - WEEK, at, subject);
    const later = read<Row>(`${SELECT} where party = ? and at <= ? and (at, subject) > (?, ?)`, party, at + WEEK, at, subject);
    if (taken) for (const row of later) if (row.repeats === 0) amend(row, { repeats: 1, firsts: -row.firsts, resolved_first: -row.resolved_first });
    return { repeats: known ? 1 : 0, firsts: taken && !known ? 1 : 0, resolved_first: taken && !known && later.length === 0 ? 1 : 0 };
  };
  return {
    rated(subject, answer) {
      const [row] = read<Row>(`${SELECT} where subject = ? order by answered > 0 desc, part desc limit 1`, subject);
      if (row) amend(row, { survey_n: 1, survey_sum: answer });
    },
    wrapUp,
    count(subject, parts, countedAt) {
      const known = read<{ n: number }>('select count(*) as n from insight_contacts where subject = ?', subject)[0]?.n ?? 0;
      for (const [i, part] of parts.entries()) {
        if (i < known) continue;
        const party = known > 0 ? null : part.party;
        const own: Counts = known > 0 ? withoutWhole(part.counts) : part.counts;
        const counts = party === null ? own : { ...own, ...compare(party, part.at, subject, (own.answered ?? 0) > 0 || (own.handled ?? 0) > 0) };
        const about: Record<(typeof ABOUT)[number], unknown> = {
          subject, part: i, at: part.at, channel: part.channel, queue: part.queue, agent: part.agent, number: part.number, region: part.region, product: part.product, tags: part.tags.join(','), party,
          outcome: part.outcome, counted_at: countedAt, longest_ms: part.longestMs,
        };
        read(INSERT, ...ABOUT.map((name) => about[name]), ...OF_CONTACTS.map((name) => counts[name] ?? 0));
        sums.add(placeOf(part), counts, part.longestMs);
      }
      for (const { agent, ms } of read<{ agent: string; ms: number }>('select agent, ms from insight_wraps where subject = ?', subject)) {
        change('delete from insight_wraps where subject = ? and agent = ?', subject, agent);
        if (partOf(subject, agent)) wrapUp(subject, agent, ms);
      }
    },
  };
}

const tagsIn = (tags: string): readonly string[] => (tags === '' ? [] : tags.split(','));

function placeOf({ at, channel, queue, agent, number, region, product, tags }: Pick<Part, 'at' | 'channel' | 'queue' | 'agent' | 'number' | 'region' | 'product' | 'tags'>): Place {
  return { at, channel, queue, sides: [['agent', agent], ['number', number], ['region', region], ['product', product], ...tags.map((tag) => ['tag', tag] as const)] };
}

/** What a contact counts once, however often it comes back to a queue. */
function withoutWhole(counts: Counts): Counts {
  return { ...counts, contacts: 0, outbound: 0, self_served: 0, menu_left: 0, survey_n: 0, survey_sum: 0, first_response_n: 0, first_response_ms: 0, response_n: 0, response_ms: 0 };
}
