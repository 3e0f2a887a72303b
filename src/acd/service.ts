import type { Ms } from '../base/index.js';
import { machineZone } from '../config/index.js';
import { changesTo } from './changes.js';
import { engineTime, systemClock, type EngineTime } from './clock.js';
import { agentCommands, contactCommands, knownContact, knownQueue, type Post } from './commands.js';
import { openCore, saving, type Core } from './core.js';
import { preview, type AcdSetup, type ContactId } from './engine/index.js';
import type { Journal } from './journal.js';
import { createInquiry, watchLeases, type Inquiry } from './lease.js';
import { watchMidnight } from './midnight.js';
import type { AcdFact } from './perform.js';
import type { Acd } from './ports.js';
import type { AcdOptions } from './options.js';
import { createPost } from './post.js';
import { settleLastRun } from './resume.js';
import { contactView, handledIn, queueView } from './views.js';
import { contactsOf, why } from './why.js';

/** The queue room, with what only its own house uses. */
export interface AcdService extends Acd {
  /** Contacts of a call or chat, `call:ID`, oldest first: those that wait and those that the log still knows. */
  contactsOf(subject: string): readonly ContactId[];
  /** Contacts in line by queue, for the gauge. */
  waiting(): readonly { readonly queue: string; readonly contacts: number }[];
  /** Contacts that somebody has, by queue and channel. */
  handled(): ReturnType<typeof handledIn>;
  /** Offers in flight, for the gauge. */
  offers(): number;
  /** Decisions not on disk yet: 0 while all is well. */
  waitingWrites(): number;
}

const LEASE: Ms = 15_000;

/** Feeds the engine what happens, keeps the log of it, does what it says, and wakes it when it asked to be woken. */
export function createAcd(options: AcdOptions): AcdService {
  const { setup, carriers, journal, log, clock = systemClock, leaseMs = LEASE, timeZone = machineZone() } = options;
  const fresh = journal.next() === 1;
  const lastAt = journal.lastAt();
  const time = engineTime(clock, lastAt);
  const core = openCore(journal, log);
  if (fresh) for (const [agent, chosen] of options.former?.() ?? []) core.memo.chosen.set(agent, chosen);
  const { post, together, close } = createPost(core, time, clock, options);
  const configure = (changed: AcdSetup): void => changesTo(changed, core.state, core.memo).forEach((event) => void post(event));
  if (fresh) configure(setup);

  const inquiry = createInquiry({ carriers, log });
  const stops: (() => void)[] = [];
  let resumed = false;
  const start = (): void => {
    if (resumed) return;
    resumed = true;
    together(() => {
      settleLastRun(core, (event) => void post(event, lastAt), inquiry);
      for (const event of changesTo(setup, core.state, core.memo)) post(event, lastAt);
      post({ type: 'time.passed' });
    });
    stops.push(
      watchLeases(clock, leaseMs, () => inquiry.lost(core.state), (contact) => freeByLease(core, post, contact, options)),
      watchMidnight(clock, timeZone, lastAt ?? clock.wall(), () => void post({ type: 'day.began' })),
    );
  };

  return {
    ...contactCommands(core, post, carriers, time),
    ...agentCommands(core, post, time),
    ...readers(core, journal, time, log, inquiry),
    configure,
    waitingWrites: () => journal.waiting(),
    resume: start,
    close() {
      stops.forEach((stop) => stop());
      close();
      saving(core, journal, time.now(), log)(() => time.now(), Infinity);
      journal.close();
    },
  };
}

function readers(core: Core, journal: Journal, time: EngineTime, log: AcdOptions['log'], inquiry: Inquiry) {
  const past = { core, journal, time, log };
  return {
    queues: () => [...core.state.queues.values()].map((queue) => queueView(queue, time.now())),
    queue: (id: Parameters<Acd['queue']>[0]) => queueView(knownQueue(core, id), time.now()),
    contacts(queue?: Parameters<Acd['contacts']>[0]) {
      const now = time.now();
      if (queue !== undefined) return [...knownQueue(core, queue).line].map((entry) => contactView(entry.contact, now, time));
      return [...core.state.contacts.values()].sort((a, b) => a.joinedAt - b.joinedAt || a.serial - b.serial).map((c) => contactView(c, now, time));
    },
    contact: (id: ContactId) => contactView(knownContact(core, id), time.now(), time),
    why: (contact: ContactId) => why(past, contact),
    contactsOf: (subject: string) => contactsOf(past, subject),
    preview: (changed: AcdSetup) => preview(core.state, changed, time.now()),
    setup: () => core.state.setup,
    timers: () => core.state.timers.size,
    leaked: () => inquiry.lost(core.state).length,
    waiting: () => [...core.state.queues.values()].map(({ id, line }) => ({ queue: id, contacts: line.size })),
    handled: () => handledIn(core.state),
    offers: () => core.state.offers.size,
  };
}

function freeByLease(core: Core, post: Post, id: ContactId, { publish, log }: AcdOptions): void {
  const contact = core.state.contacts.get(id);
  if (!contact) return;
  const { stage } = contact;
  const busy = stage.is === 'connecting' || stage.is === 'connected' ? [stage.offer] : contact.offers;
  const facts = busy.map(({ agent }): AcdFact => ({ type: 'agent.freed_by_lease', subject: `agent:${agent.setup.id}`, data: { agent: agent.setup.id, contact: id } }));
  post({ type: 'contact.left', contact: id, why: 'failed' });
  try {
    publish(facts, () => undefined);
  } catch (error) {
    log.error({ err: error }, 'it could not be told that an agent was freed by lease');
  }
}
