import { emptyState, step, type AcdEffect, type AcdEvent, type Offer, type State } from '../../src/acd/engine/index.js';
import { randomFrom } from '../../src/acd/simulate/random.js';
import { accept, newBook, textbook, type Book } from '../../src/acd/engine/textbook.fixture.js';
import { hallOf, type Hall } from './acd-hall.js';

export type AcdRun = {
  readonly what: 'engine' | 'memory' | 'textbook';
  /** 1: 5 000 agents, 50 000 waiting. */
  readonly scale: number;
  /** `full`: everybody is busy and the line stays as long as it is; `calm`: nobody waits and half of the agents are idle. */
  readonly regime: 'full' | 'calm';
  readonly events: number;
};
export type AcdRunResult = {
  readonly perSecond: number;
  /** By the processor time of the process, garbage collection and all: what a busy machine does not spoil. */
  readonly perCpuSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly worstUs: number;
  readonly events: number;
  readonly offers: number;
  readonly waiting: number;
  readonly bytesPerContact: number | null;
};

/** Milliseconds of the call centre's time between two events: at this size some thousand events a second of its time. */
const GAP_MS = 0.25;
const TEXTBOOK_MS = 4_000;
const run = JSON.parse(process.argv[2] ?? '{}') as AcdRun;
process.send?.(run.what === 'memory' ? memory() : run.what === 'textbook' ? measure(textbookDesk()) : measure(engineDesk()));
process.disconnect();

/** An engine as the bench drives it. */
interface Desk {
  readonly hall: Hall;
  /** Tells the event and answers what was offered. */
  tell(event: AcdEvent, now: number): readonly Offer[];
  answer(offer: Offer, now: number): readonly Offer[];
  waiting(): number;
  /** When it next wants to be told that time has passed. */
  due(): number;
  readonly mostMs: number;
}

function engineDesk(): Desk {
  const s: State = emptyState();
  let due = Infinity;
  const offersOf = (effects: readonly AcdEffect[]): Offer[] => {
    const offers: Offer[] = [];
    for (const f of effects) {
      if (f.do === 'offer') offers.push(f.offer);
      else if (f.do === 'wake') due = f.at ?? Infinity;
    }
    return offers;
  };
  return {
    hall: hallOf(run.scale), mostMs: Infinity, waiting: () => s.contacts.size, due: () => due,
    tell: (event, now) => offersOf(step(s, event, now)), answer: (offer, now) => offersOf(step(s, { type: 'offer.accepted', offer: offer.id }, now)),
  };
}

function textbookDesk(): Desk {
  let b: Book = newBook();
  const turn = (next: Book): Offer[] => {
    const known = new Set(b.offers.map((o) => `${o.contact} ${o.agent}`));
    b = next;
    return b.offers.filter((o) => !known.has(`${o.contact} ${o.agent}`)) as unknown as Offer[];
  };
  return {
    hall: hallOf(run.scale), mostMs: TEXTBOOK_MS, waiting: () => b.contacts.length, due: () => Infinity,
    tell: (event, now) => turn(textbook(b, event, now)), answer: (offer, now) => turn(accept(b, offer.contact, offer.agent, now)),
  };
}

function measure(desk: Desk): AcdRunResult {
  const world = playground(desk);
  const warm = run.what === 'engine' ? Math.min(run.events, 20_000) : 0;
  for (let i = 0; i < warm; i += 1) world.next();
  world.begin();
  const cpu = process.cpuUsage();
  const began = performance.now();
  while (world.times().length < run.events && performance.now() - began < desk.mostMs) world.next();
  const { user, system } = process.cpuUsage(cpu);
  const wall = (performance.now() - began) * 1000;
  const times = world.times();
  const n = times.length;
  const inside = times.reduce((sum, us) => sum + us, 0);
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): number => sorted[Math.min(n - 1, Math.floor(n * share))] ?? 0;
  return {
    // The part of the processor's time that the engine had, as it had of the whole.
    perSecond: (n * 1e6) / inside, perCpuSecond: (n * 1e6) / ((user + system) * (inside / wall)), p50Us: at(0.5), p99Us: at(0.99), worstUs: at(1), events: n, offers: world.count(), waiting: desk.waiting(),
    bytesPerContact: null,
  };
}

/** Callers come, agents pick up, talk and are free again, some callers give up: one event at a time. */
function playground(desk: Desk) {
  const random = randomFrom(7);
  const { hall } = desk;
  let now = 1_790_000_000_000;
  let offers = 0;
  let times: number[] = [];
  const ringing: Offer[] = [];
  const talking: string[] = [];
  const inLine: string[] = [];
  const pending: (() => void)[] = [];
  const heard = (all: readonly Offer[]): void => {
    offers += all.length;
    for (const offer of all) ringing.push(offer);
  };
  /** Only the engine is timed, not who drives it. */
  const timed = (work: (now: number) => readonly Offer[]): void => {
    now += GAP_MS;
    const began = performance.now();
    const all = work(now);
    times.push((performance.now() - began) * 1000);
    heard(all);
  };
  const tell = (event: AcdEvent): void => timed((at) => desk.tell(event, at));
  const join = (): void => {
    const contact = hall.newcomer();
    inLine.push(contact.id);
    tell({ type: 'contact.joined', contact });
  };
  const drawn = <T>(of: T[]): T | undefined => {
    const i = Math.floor(random() * of.length);
    const last = of.pop();
    if (i >= of.length) return last;
    const one = of[i];
    of[i] = last as T;
    return one;
  };
  const answer = (): void => {
    const offer = ringing.shift();
    if (!offer) return join();
    timed((at) => desk.answer(offer, at));
    pending.push(() => {
      talking.push(offer.contact);
      tell({ type: 'contact.bridged', contact: offer.contact });
    });
  };
  const release = (): void => {
    const contact = drawn(talking);
    if (contact === undefined) return join();
    tell({ type: 'contact.released', contact: contact as Offer['contact'] });
  };
  const giveUp = (): void => {
    const contact = drawn(inLine);
    if (contact === undefined) return join();
    tell({ type: 'contact.left', contact: contact as Offer['contact'], why: 'abandoned' });
  };
  tell({ type: 'setup.changed', setup: hall.setup, remembered: {} });
  for (const { id } of hall.setup.agents) tell({ type: 'agent.reachable', agent: id, yes: true });
  const wanted = run.regime === 'full' ? hall.waiting + hall.setup.agents.length : hall.setup.agents.length >> 1;
  while (desk.waiting() < wanted) {
    join();
    while (ringing.length > 0 || pending.length > 0) (pending.shift() ?? answer)();
  }
  return {
    begin(): void {
      offers = 0;
      times = [];
    },
    count: () => offers,
    times: (): readonly number[] => times,
    next(): void {
      if (desk.due() <= now + GAP_MS) return tell({ type: 'time.passed' });
      const first = pending.shift();
      if (first) first();
      else if (ringing.length > 0) answer();
      else if (desk.waiting() < wanted) join();
      else if (run.regime === 'full' && random() < 0.1) giveUp();
      else release();
    },
  };
}

/** What 50 000 who wait cost in memory: the difference they make, after a collection. */
function memory(): AcdRunResult {
  const s = emptyState();
  const hall = hallOf(run.scale);
  step(s, { type: 'setup.changed', setup: hall.setup, remembered: {} }, 1);
  const collect = (globalThis as { gc?: () => void }).gc ?? ((): never => { throw new Error('run with --expose-gc'); });
  // Nobody is reachable: all wait. Those of the first round make the lanes, which stay.
  for (let i = 0; i < hall.waiting; i += 1) step(s, { type: 'contact.joined', contact: hall.newcomer() }, 2);
  for (const id of [...s.contacts.keys()]) step(s, { type: 'contact.left', contact: id, why: 'failed' }, 3);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < hall.waiting; i += 1) step(s, { type: 'contact.joined', contact: hall.newcomer() }, 4);
  collect();
  const bytesPerContact = (process.memoryUsage().heapUsed - before) / s.contacts.size;
  return { perSecond: 0, perCpuSecond: 0, p50Us: 0, p99Us: 0, worstUs: 0, events: hall.waiting, offers: 0, waiting: s.contacts.size, bytesPerContact };
}
