import type { Ms } from '../../base/index.js';
import { daysAfter, instantOf, nextChange, openAt, type QueueConfig } from '../../config/index.js';
import type { AcdEvent, AcdSetup, AgentId, ContactId, QueueId, QueueMode } from '../engine/index.js';
import { acdSetup, type AcdConfig } from '../setup.js';
import { durationOf, luckFrom, randomFrom, type Random } from './random.js';
import { idsOf, type ContactForm, type PlayerForm, type RichForm, type SpreadForm } from './scenario.js';
import type { Caller, Player, World } from './world.js';

const DAY: Ms = 86_400_000;
/** How long the last callers may still wait after the last day. */
const AFTER: Ms = 2 * 3_600_000;
const STREAMS = { callers: 1_000, players: 1_000_000 };

/** The world that a scenario describes: shifts, arrivals and what is in store for everybody. */
export function worldOf(form: RichForm, config: AcdConfig, seed: number): World {
  const start = instantOf(form.start, 0, form.time_zone);
  const end = instantOf(daysAfter(form.start, form.days), 0, form.time_zone);
  const setup = acdSetup(config, (q) => modeAt(q, start, form.time_zone));
  return {
    start, end: end + AFTER, setup: { ...setup, agents: setup.agents.map((a) => ({ ...a, initial: 'offline' })) },
    players: form.agents.flatMap((a, i) => idsOf(a).map((id, j) => player(form, a, id as AgentId, randomFrom(seed, STREAMS.players + i * 10_000 + j)))),
    callers: callersOf(form, seed), others: [...newDays(form), ...openings(config, setup, start, end, form.time_zone)],
  };
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const moment = (form: RichForm, day: number, clock: string): Ms => instantOf(daysAfter(form.start, day), minutesOf(clock), form.time_zone);
/** Days count from 1, as people do. */
const onDay = (days: readonly number[] | undefined, day: number): boolean => days?.includes(day + 1) ?? true;
const eachDay = <T>(form: RichForm, of: (day: number) => readonly T[]): T[] => Array.from({ length: form.days }, (_, day) => of(day)).flat();
const spread = ({ mean, like, cv }: SpreadForm) => ({ mean: mean * 1000, like, cv });

function player(form: RichForm, { shifts, answers }: PlayerForm, id: AgentId, random: Random): Player {
  const duties = eachDay(form, (day) => {
    const today = shifts.filter((s) => onDay(s.days, day));
    return today.flatMap((s) => [
      { at: moment(form, day, s.from), state: s.state, reason: s.reason ?? null },
      ...(s.to !== '24:00' && today.some((next) => next.from === s.to) ? [] : [{ at: moment(form, day, s.to), state: 'offline' as const, reason: null }]),
    ]);
  });
  // Who works till midnight and from midnight on does not go home in between.
  const kept = duties.filter((d) => d.state !== 'offline' || !duties.some((next) => next.at === d.at && next.state !== 'offline'));
  return {
    id, duties: kept.sort((a, b) => a.at - b.at),
    ringMs: () => (random() < answers.no_answer ? undefined : durationOf(spread(answers.ring_seconds), luckFrom(random))),
  };
}

/** Day by day, so that a year does not lie in memory at once. */
function* callersOf(form: RichForm, seed: number): Generator<Caller> {
  const randoms = form.contacts.map((_, i) => randomFrom(seed, STREAMS.callers + i));
  let n = 0;
  for (let day = 0; day < form.days; day += 1) {
    const today = form.contacts.flatMap((kind, i) => callersOfDay(form, kind, day, randoms[i] as Random)).sort((a, b) => a.at - b.at);
    for (const caller of today) yield { ...caller, contact: { ...caller.contact, ...named((n += 1)) } };
  }
}
const named = (n: number) => ({ id: `c${n}` as ContactId, subject: `call:c${n}` });

function callersOfDay(form: RichForm, kind: ContactForm, day: number, random: Random): Caller[] {
  return kind.arrivals.filter((a) => onDay(a.days, day) && a.per_hour > 0).flatMap(({ from, to, per_hour }) => {
    const end = moment(form, day, to);
    const callers: Caller[] = [];
    for (let at = moment(form, day, from); ;) {
      at += -Math.log(1 - random()) * (3_600_000 / per_hour);
      if (at >= end) return callers;
      callers.push(caller(kind, at, random));
    }
  });
}

function caller(kind: ContactForm, at: Ms, random: Random): Caller {
  const [work, patience] = [luckFrom(random), luckFrom(random)];
  const { by_skill, ...usual } = kind.handling_seconds;
  const [home, ...more] = kind.queues as QueueId[];
  const needs = Object.entries(kind.needs).map(([skill, level]) => ({ skill, level }));
  return {
    at, kind: kind.kind, patienceMs: kind.patience_seconds === null ? Infinity : durationOf(spread(kind.patience_seconds), patience),
    handlingMs: ({ skills }) => {
      const special = Object.entries(by_skill).find(([skill]) => (skills[skill] ?? 0) > 0);
      return durationOf(spread(special?.[1] ?? usual), work);
    },
    contact: {
      ...named(0), queues: [home as QueueId, ...more], channel: kind.channel, priority: kind.priority, attributes: kind.attributes, needs,
      ...(kind.callback ? { callback: true } : {}),
    },
  };
}

const newDays = (form: RichForm): { readonly at: Ms; readonly event: AcdEvent }[] =>
  Array.from({ length: form.days - 1 }, (_, day) => ({ at: moment(form, day + 1, '00:00'), event: { type: 'day.began' } }));

export const modeAt = (q: QueueConfig, at: Ms, zone: string): QueueMode => (q.mode === 'open' && q.hours && !openAt(q.hours, at, zone) ? 'closed' : q.mode);

/** Queues that open and close by their hours. */
export function openings({ queues }: AcdConfig, setup: AcdSetup, start: Ms, end: Ms, zone: string): { readonly at: Ms; readonly event: AcdEvent }[] {
  return queues.flatMap((q, i) => {
    const changes: { at: Ms; event: AcdEvent }[] = [];
    const queue = setup.queues[i];
    if (!q.hours || !queue) return changes;
    for (let at = nextChange(q.hours, start, zone); at !== undefined && at < end + DAY; at = nextChange(q.hours, at, zone))
      changes.push({ at, event: { type: 'queue.changed', queue: { ...queue, mode: modeAt(q, at, zone) } } });
    return changes;
  });
}
