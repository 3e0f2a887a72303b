import type { Ms } from '../../base/index.js';
import { waitClass, type Counts } from '../measures.js';
import { regionOf } from '../region.js';
import { responseReader } from './responses.js';
import { outcomeOf, stayReader, type Stay } from './stays.js';
import { talkReader, type Talk } from './talks.js';
import { amount, text, type Told } from './told.js';

/** What of the settings decides how something is counted. */
export interface Policy {
  readonly serviceLevel: (queue: string) => { readonly thresholdMs: Ms; readonly shortAbandonMs: Ms };
  readonly homeCountry: () => string;
  /** Of another contact: a callback belongs to the queue that promised it. */
  readonly factsOf: (subject: string, before: number) => readonly Told[];
}
export type Outcome = 'answered' | 'abandoned' | 'diverted' | 'handled' | 'self_served' | 'left' | 'not_reached';
/** A stay in a queue, a talk outside of one, or a contact that had neither. */
export interface Part {
  readonly at: number;
  readonly channel: string;
  readonly queue: string;
  readonly agent: string;
  readonly number: string;
  readonly region: string;
  readonly product: string;
  readonly tags: readonly string[];
  /** Null where it does not count as a contact of anybody: all parts but one, and calls out. */
  readonly party: string | null;
  readonly outcome: Outcome;
  readonly longestMs: Ms;
  readonly counts: Counts;
}
export interface Reading {
  /** Nothing more will happen to it, but for a callback that was promised. */
  readonly over: boolean;
  readonly parts: readonly Part[];
}

/** Something was done for the caller, or he did something. */
const DEEDS = new Set(['call.digits', 'call.heard', 'call.understood', 'call.http_answered', 'call.survey_answered', 'call.message_recorded', 'call.callback_scheduled']);

/** What a call or ticket counts for, out of all facts about it up to now. */
export function readContact(subject: string, facts: readonly Told[], policy: Policy): Reading {
  const kind = subject.slice(0, subject.indexOf(':'));
  const stays = stayReader();
  const talks = talkReader();
  const responses = responseReader();
  const about = { direction: '', from: '', to: '', did: '', callbackOf: '', customer: '', cause: '', flow: false, wanted: false, deeds: false, tags: '', product: '', region: '', channel: kind === 'call' ? 'voice' : kind, surveyN: 0, surveySum: 0, startedAt: facts[0]?.at ?? 0 };
  for (const told of facts) {
    talks.read(told);
    responses.read(told);
    const answered = stays.read(told);
    if (answered) talks.answered(answered);
    if (DEEDS.has(told.type)) about.deeds = true;
    switch (told.type) {
      case 'call.started':
        Object.assign(about, { direction: text(told, 'direction'), from: text(told, 'from'), to: text(told, 'to'), did: text(told, 'did'), callbackOf: text(told, 'callback_of'), startedAt: told.at });
        break;
      case 'call.customer_identified': about.customer = text(told, 'customer'); break;
      case 'call.flow_entered': about.flow = true; break;
      case 'call.person_wanted': about.wanted = true; break;
      case 'call.survey_answered': about.surveyN += 1; about.surveySum += amount(told, 'answer'); break;
      case 'call.ended': about.cause = text(told, 'cause'); break;
      case 'conversation.started': about.channel = text(told, 'channel'); about.from = text(told, 'visitor'); about.customer = text(told, 'customer'); break;
      case 'conversation.customer_identified': about.customer = text(told, 'customer'); break;
      case 'conversation.rated': about.surveyN += 1; about.surveySum += amount(told, 'rating'); break;
      case 'conversation.ended': about.cause = 'completed'; break;
      default:
        if (told.type.endsWith('.queued')) for (const key of ['tags', 'product', 'region'] as const) about[key] = text(told, key) || about[key];
    }
  }
  const over = stays.open().length === 0 && (kind === 'ticket' || about.cause !== '');
  return { over, parts: partsOf(kind, about, stays.stays, talks.talks, responses.counts, policy, facts) };
}

interface About {
  readonly channel: string;
  readonly direction: string; readonly from: string; readonly to: string; readonly did: string; readonly callbackOf: string; readonly customer: string; readonly cause: string;
  readonly flow: boolean; readonly wanted: boolean; readonly deeds: boolean; readonly tags: string; readonly product: string; readonly region: string;
  readonly surveyN: number; readonly surveySum: number; readonly startedAt: number;
}
interface Piece {
  readonly seq: number;
  readonly stay: Stay | undefined;
  readonly talk: Talk | undefined;
}

function partsOf(kind: string, about: About, stays: readonly Stay[], talks: readonly Talk[], responses: Counts, policy: Policy, facts: readonly Told[]): Part[] {
  const pieces: Piece[] = [
    ...stays.map((stay) => ({ seq: stay.seq, stay, talk: talks.find((talk) => talk.stay === stay) })),
    ...talks.flatMap((talk) => (talk.stay ? [] : [{ seq: talk.seq, stay: undefined, talk }])),
  ].sort((a, b) => a.seq - b.seq);
  const counted = about.flow || stays.length > 0 || about.direction === 'inbound' || kind === 'conversation';
  // One extension calls another: no contact of the house.
  if (!counted && about.direction === 'internal' && about.callbackOf === '') return [];
  if (pieces.length === 0 && (counted || about.direction === 'outbound')) pieces.push({ seq: 0, stay: undefined, talk: undefined });
  const main = pieces.findLastIndex((piece) => piece.stay?.end?.why === 'connected');
  const chosen = main >= 0 ? main : Math.max(0, pieces.findLastIndex((piece) => piece.stay));
  const outbound = about.direction === 'outbound' || about.callbackOf !== '';
  const theirs = about.direction === 'outbound' ? about.to : about.from;
  const region = about.region || regionOf(theirs, policy.homeCountry());
  const party = about.customer || (kind === 'conversation' || /^\+?\d{3,}$/.test(theirs) ? theirs : '');
  const tags = about.tags === '' ? [] : about.tags.split(',');
  const homeQueue = promisedBy(about, policy, facts);
  let queue = homeQueue;
  return pieces.map(({ stay, talk }, i) => {
    queue = stay?.queue ?? queue;
    const contact: Counts = i === chosen && kind !== 'ticket' ? wholeCounts(about, { counted: counted && !outbound, outbound, queued: stays.length > 0, talked: talks.length > 0 }, responses) : {};
    const outcome: Outcome = stay?.end ? outcomeOf(stay.end.why) : talk ? 'handled' : contact.self_served ? 'self_served' : outbound ? 'not_reached' : 'left';
    return {
      at: stay?.came ?? talk?.from ?? about.startedAt, channel: about.channel, queue, agent: talk?.agent || (stay?.agent ?? ''), number: about.did || about.to, region, product: about.product, tags,
      party: i === chosen && kind !== 'ticket' && counted && !outbound && party !== '' ? party : null, outcome, longestMs: stay?.end?.why === 'connected' ? stay.end.waitedMs : 0,
      counts: { ...contact, ...(stay ? stayCounts(stay, policy) : {}), ...(talk ? { handled: 1, talk_ms: talk.talkMs, hold_ms: talk.holdMs, transfers: talk.transfers } : {}) },
    };
  });
}

/** The queue of the contact that a callback goes back to. */
function promisedBy({ callbackOf }: About, policy: Policy, facts: readonly Told[]): string {
  if (callbackOf === '') return '';
  const promised = policy.factsOf(`call:${callbackOf}`, facts.at(-1)?.seq ?? 0).filter((told) => told.type === 'call.queued' || told.type === 'call.callback_scheduled' || told.type === 'call.left_queue');
  return promised.map((told) => text(told, 'queue')).findLast((name) => name !== '') ?? '';
}

export function stayCounts({ queue, end }: Pick<Stay, 'queue' | 'end'>, { serviceLevel }: Pick<Policy, 'serviceLevel'>): Counts {
  if (!end) return {};
  const { thresholdMs, shortAbandonMs } = serviceLevel(queue);
  switch (outcomeOf(end.why)) {
    case 'answered': return { offered: 1, answered: 1, wait_ms: end.waitedMs, [waitClass(end.waitedMs)]: 1, in_time: end.waitedMs <= thresholdMs ? 1 : 0 };
    case 'abandoned': return { offered: 1, abandoned: 1, abandoned_wait_ms: end.waitedMs, short_abandoned: end.waitedMs < shortAbandonMs ? 1 : 0 };
    case 'diverted': return { offered: 1, diverted: 1 };
  }
}

function wholeCounts(about: About, { counted, outbound, queued, talked }: { readonly counted: boolean; readonly outbound: boolean; readonly queued: boolean; readonly talked: boolean }, responses: Counts): Counts {
  const alone = counted && !queued && !talked;
  const served = alone && about.deeds && !about.wanted && about.cause === 'completed';
  return {
    contacts: counted ? 1 : 0, outbound: outbound ? 1 : 0, self_served: served ? 1 : 0, menu_left: alone && !served ? 1 : 0, survey_n: about.surveyN, survey_sum: about.surveySum, ...responses,
  };
}
