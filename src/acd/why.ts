import type { Ms } from '../base/index.js';
import type { EngineTime } from './clock.js';
import type { Core } from './core.js';
import { explain, type ContactId, type Explanation } from './engine/index.js';
import { NoSuchContact } from './errors.js';
import type { Journal } from './journal.js';
import { standingAt } from './past.js';

export interface Past {
  readonly core: Core;
  readonly journal: Journal;
  readonly time: EngineTime;
  readonly log: { error(fields: object, message: string): void };
}

/**
 * Why the contact has the agent it has, or none. While it waits: as things stand. Once it is taken, and after it has gone: as
 * things stood when it was decided, by replaying the log up to that point. @throws NoSuchContact
 */
export function why(past: Past, id: ContactId): Explanation {
  const { core, journal, time } = past;
  const now = explain(core.state, id, time.now());
  if (now && now.agent === null) return now;
  const known = core.memo.contacts.get(id);
  if (now) {
    const then = known && explainThen(past, id, known.offered);
    return then ? { ...then, state: now.state, waitsFor: now.waitsFor, agent: now.agent, offers: now.offers } : now;
  }
  const trace = journal.trace(id);
  if (!trace) throw new NoSuchContact(`there is no contact "${id}", or it is so long gone that nothing is known of it`);
  if (trace.decided < trace.first) throw new NoSuchContact(`contact ${id} was sent elsewhere the moment it came`, { hint: 'the timeline of its call says why' });
  // One that left was waiting until then, whatever was last told of it before.
  const left = trace.agent === null ? [...journal.events(trace.last - 1, trace.last)][0]?.at : undefined;
  const then = explainThen(past, id, trace.decided, left);
  if (!then) throw new NoSuchContact(`the log of the queues does not reach back to contact ${id}`, { hint: 'it is kept as long as queues.log_hours in system.yaml says' });
  return { ...then, state: 'gone', agent: trace.agent };
}

function explainThen({ journal, log }: Past, id: ContactId, seq: number, at?: Ms): Explanation | undefined {
  const then = standingAt(journal, seq, log);
  return then && explain(then.state, id, at ?? then.at);
}

export function contactsOf({ core, journal }: Past, subject: string): readonly ContactId[] {
  const gone = journal.tracesOf(subject).map(({ contact, first }) => ({ contact, first }));
  const here = [...core.memo.contacts].filter(([, known]) => known.subject === subject).map(([contact, { first }]) => ({ contact, first }));
  return [...gone, ...here].sort((a, b) => a.first - b.first).map(({ contact }) => contact);
}
