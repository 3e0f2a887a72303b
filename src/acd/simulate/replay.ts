import type { Ms } from '../../base/index.js';
import type { AcdEvent, AcdSetup, AgentId } from '../engine/index.js';
import { figuresOf, type Figures, type Stay } from './figures.js';
import type { History, Past } from './history.js';
import { randomFrom, type Random } from './random.js';
import { tally, type Outcome } from './tally.js';
import { simulate, type Caller, type Player, type World } from './world.js';

export interface Replayed {
  readonly contacts: number;
  /** As it was, out of the log itself. */
  readonly was: Figures;
  /** The same contacts once more with the log's own settings: how near the simulation comes to what was. */
  readonly same: Outcome;
  /** With other settings; undefined where none were given. */
  readonly other: Outcome | undefined;
}
/** Settings, and what changes of them while the log runs. */
export interface OtherSettings {
  readonly setup: AcdSetup;
  readonly changes: readonly { readonly at: Ms; readonly event: AcdEvent }[];
}

/**
 * Puts the contacts of a log to other settings: when they came, what is known of them, how long they were talked to, how long they
 * were willing to wait, and what agents chose stay as they were. What the log cannot know is drawn from what it does know: how long
 * somebody would have waited who was answered, how long somebody would have been talked to who gave up.
 */
export function replay(history: History, other: OtherSettings | undefined, seed: number): Replayed {
  const callers = callersOf(history, seed);
  const run = (settings: OtherSettings): Outcome => {
    const { watch, outcome } = tally(settings.setup, groupsOf(settings.setup), history.start);
    return outcome(simulate(worldOf(history, settings, callers, seed), watch));
  };
  return {
    contacts: history.contacts.length, was: figuresOf(history.contacts.flatMap((past) => stayOf(history.setup, past))),
    same: run({ setup: history.setup, changes: history.changes }), other: other && run(other),
  };
}

function worldOf(history: History, { setup, changes }: OtherSettings, callers: readonly Caller[], seed: number): World {
  const all = [...history.rings.values()].flat();
  const players = setup.agents.map((a, i): Player => ({ id: a.id, duties: [], ringMs: ringer(history.rings.get(a.id) ?? all, randomFrom(seed, 1_000 + i)) }));
  return { start: history.start, end: history.end + 2 * 3_600_000, setup, players, callers: callers[Symbol.iterator](), others: [...history.others, ...changes] };
}

/** Once more as this agent has done before. */
const ringer = (seen: readonly (Ms | undefined)[], random: Random) => (): Ms | undefined => (seen.length === 0 ? 3_000 : seen[Math.floor(random() * seen.length)]);

function callersOf({ contacts }: History, seed: number): Caller[] {
  const [patience, handling] = [randomFrom(seed, 1), randomFrom(seed, 2)];
  const survival = survivalOf(contacts);
  const talked = contacts.flatMap((p) => (p.handlingMs === undefined ? [] : [{ queue: p.contact.queues[0], ms: p.handlingMs }]));
  return contacts.map((past) => {
    const alike = talked.filter((t) => t.queue === past.contact.queues[0]);
    const pool = alike.length > 0 ? alike : talked;
    const drawn = pool[Math.floor(handling() * pool.length)]?.ms ?? 180_000;
    const handlingMs = past.handlingMs ?? drawn;
    return { at: past.at, kind: past.contact.queues[0], contact: past.contact, patienceMs: patienceOf(past, survival, patience()), handlingMs: () => handlingMs };
  });
}

interface Survival {
  /** After so much waiting this share is left. */
  readonly steps: readonly { readonly ms: Ms; readonly left: number }[];
}

/** Kaplan and Meier's estimate of how long people are willing to wait: whoever was answered would have waited longer, nobody knows how long. */
function survivalOf(contacts: readonly Past[]): Survival {
  const waits = contacts.map((p) => ({ ms: (p.gaveUpAt ?? p.answeredAt ?? p.wentAt ?? p.at) - p.at, gaveUp: p.gaveUpAt !== undefined })).sort((a, b) => a.ms - b.ms);
  let left = 1;
  return {
    steps: waits.flatMap(({ ms, gaveUp }, i) => {
      if (!gaveUp) return [];
      left *= 1 - 1 / (waits.length - i);
      return [{ ms, left }];
    }),
  };
}

/** As it was, or drawn from those who waited longer than this one did. */
function patienceOf(past: Past, { steps }: Survival, draw: number): Ms {
  if (past.gaveUpAt !== undefined) return past.gaveUpAt - past.at;
  const waited = (past.answeredAt ?? past.wentAt ?? past.at) - past.at;
  const now = steps.findLast((s) => s.ms <= waited)?.left ?? 1;
  return steps.find((s) => s.ms > waited && s.left <= now * draw)?.ms ?? Infinity;
}

function stayOf(setup: AcdSetup, past: Past): Stay[] {
  const at = past.answeredAt ?? past.gaveUpAt ?? past.wentAt;
  if (at === undefined) return []; // still there when the log ends
  const [queue] = past.contact.queues;
  const { thresholdMs = 20_000, shortAbandonMs = 0 } = setup.queues.find((q) => q.id === queue)?.serviceLevel ?? {};
  const why = past.answeredAt !== undefined ? 'answered' : past.gaveUpAt !== undefined ? 'abandoned' : 'diverted';
  return [{ queue, kind: queue, priority: past.contact.priority ?? 5, waitedMs: at - past.at, why, thresholdMs, shortAbandonMs }];
}

/** Agents with the same queues and skills are alike. */
export function groupsOf(setup: AcdSetup): ReadonlyMap<AgentId, string> {
  return new Map(setup.agents.map((a) => {
    const queues = a.queues.map((m) => m.queue).sort().join('+');
    const skills = Object.entries(a.skills).sort().map(([skill, level]) => `${skill}:${level}`).join(' ');
    return [a.id, skills === '' ? queues : `${queues} (${skills})`];
  }));
}
