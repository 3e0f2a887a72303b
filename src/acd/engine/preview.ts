import type { Ms } from '../../base/index.js';
import { works } from './duty.js';
import { restore } from './restore.js';
import { snapshot } from './snapshot.js';
import type { Contact, State } from './state.js';
import { step } from './step.js';
import type { AcdSetup, AgentId, ContactId } from './types.js';
import type { Preview } from './views.js';

/** What these settings would do to those who wait now, found by trying them on a copy. */
export function preview(s: State, setup: AcdSetup, now: Ms): Preview {
  const before = standing(s);
  const copy = restore(snapshot(s));
  step(copy, { type: 'setup.changed', setup, remembered: {} }, now);
  const after = standing(copy, before);
  let stranded = 0;
  let dismissed = 0;
  let moved = 0;
  const gaining = tally();
  const losing = tally();
  for (const [id, was] of before) {
    const is = after.get(id);
    if (!is) {
      dismissed += 1;
      continue;
    }
    count(gaining, [...is.able].filter((agent) => !was.able.has(agent)));
    count(losing, [...was.able].filter((agent) => !is.able.has(agent)));
    if (is.able.size === 0 && was.able.size > 0) stranded += 1;
    if (is.place !== was.place) moved += 1;
  }
  return { waiting: before.size, gaining: summed(gaining), losing: summed(losing), stranded, dismissed, moved };
}

interface Standing {
  /** Agents on duty who may serve it. */
  readonly able: ReadonlySet<AgentId>;
  readonly place: number;
}

function standing(s: State, only?: ReadonlyMap<ContactId, Standing>): Map<ContactId, Standing> {
  const all = new Map<ContactId, Standing>();
  for (const contact of s.contacts.values()) if (only ? only.has(contact.id) : contact.stage.is === 'waiting') all.set(contact.id, { able: ableOf(contact), place: placeOf(contact) });
  return all;
}

function ableOf({ entries, avoid }: Contact): ReadonlySet<AgentId> {
  const able = new Set<AgentId>();
  for (const { lane } of entries) for (const agent of lane.links.keys()) if (works(agent) && !avoid?.has(agent.setup.id)) able.add(agent.setup.id);
  return able;
}

/** Among all of its first queue, those being offered included; a contact that was taken meanwhile keeps the first place. */
const placeOf = ({ entries: [home] }: Contact): number => (home ? Math.max(0, home.queue.line.rank(home)) : 0);

const tally = (): { contacts: number; agents: Set<AgentId> } => ({ contacts: 0, agents: new Set() });

function count(into: ReturnType<typeof tally>, agents: readonly AgentId[]): void {
  if (agents.length > 0) into.contacts += 1;
  for (const agent of agents) into.agents.add(agent);
}

const summed = ({ contacts, agents }: ReturnType<typeof tally>): Preview['gaining'] => ({ contacts, agents: agents.size });
