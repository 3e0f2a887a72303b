import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acdSetup, createAcd, createJournal, type Acd, type AgentId, type Carrier, type ContactId, type Offer, type QueueId } from '../../src/acd/index.js';
import { agentForm, queueForm, routingForm, toAgent, toQueue, toRouting } from '../../src/config/index.js';
import { openStore } from '../../src/store/index.js';

/** How the offers ended, and every broken promise in words. */
export type Outcome = { rounds: number; connected: number; timedOut: number; abandoned: number; readonly faults: string[] };

const OFFER_MS = 20;
const queue = { ...toQueue(queueForm.parse({ name: 'support', max_unanswered: 100, announce_position_seconds: 0 })), offerMs: OFFER_MS };

/**
 * The real queue room on its real clock with a carrier that rings nobody: each offer is accepted at about the moment in
 * which it runs out, or in which its caller leaves. One of the two wins, and both sides hear the same of it.
 */
export async function raceAcceptance({ rounds, lanes }: { readonly rounds: number; readonly lanes: number }): Promise<Outcome> {
  const outcome: Outcome = { rounds: 0, connected: 0, timedOut: 0, abandoned: 0, faults: [] };
  const open = new Map<string, 'rung' | 'withdrawn' | 'connected'>();
  const busy = new Map<AgentId, Offer>();
  const taken = new Map<ContactId, Offer>();
  let contacts = 0;
  let over: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (over = resolve));

  const arrive = (): void => {
    contacts += 1;
    acd.enqueue({ id: `c${contacts}` as ContactId, queues: ['support' as QueueId], channel: 'voice', subject: `call:c${contacts}` });
  };
  const fault = (offer: Offer, what: string): void => void outcome.faults.push(`${offer.id} ${offer.agent}←${offer.contact}: ${what}`);
  const freed = (offer: Offer): void => {
    busy.delete(offer.agent);
    if (taken.get(offer.contact) === offer) taken.delete(offer.contact);
  };
  const pickUp = (offer: Offer): void => {
    const before = open.get(offer.id);
    const verdict = acd.accepted(offer.id);
    if ((verdict === 'connect') !== (open.get(offer.id) === 'connected')) fault(offer, `told ${verdict}, but it was ${String(open.get(offer.id))}`);
    if (before === 'withdrawn' && verdict === 'connect') fault(offer, 'connected after it was withdrawn');
    if (acd.accepted(offer.id) === 'connect') fault(offer, 'won twice');
    if (verdict !== 'connect') return;
    setImmediate(() => {
      acd.bridged(offer.contact);
      part(offer, () => acd.released(offer.contact));
    });
  };
  /** The end of a conversation, by whoever hangs up first. */
  const part = (offer: Offer, hangUp: () => void): void => {
    const talking = open.get(offer.id) === 'connected';
    if (talking && busy.get(offer.agent) !== offer) return;
    if (talking) freed(offer);
    hangUp();
    if (talking) next();
  };
  const next = (): void => {
    if (outcome.rounds < rounds) arrive();
    else if (busy.size === 0) over();
  };
  const carrier: Carrier = {
    offer(offer) {
      const rival = busy.get(offer.agent) ?? taken.get(offer.contact);
      if (rival && open.get(rival.id) !== 'withdrawn') fault(offer, `while ${rival.id} stands`);
      open.set(offer.id, 'rung');
      busy.set(offer.agent, offer);
      taken.set(offer.contact, offer);
      const turn = (outcome.rounds += 1);
      const leaving = turn % 2 === 0 || turn > rounds;
      const [answers, leaves] = leaving ? [3 + (turn % 5), 3 + ((turn * 3) % 5)] : [OFFER_MS - 8 + (turn % 17), undefined];
      if (turn <= rounds) setTimeout(() => pickUp(offer), answers);
      if (leaves !== undefined) setTimeout(() => part(taken.get(offer.contact) ?? offer, () => acd.leave(offer.contact, 'abandoned')), leaves);
    },
    withdraw(offer, why) {
      if (open.get(offer.id) !== 'rung') fault(offer, `withdrawn while ${String(open.get(offer.id))}`);
      open.set(offer.id, 'withdrawn');
      outcome[why === 'timed_out' ? 'timedOut' : 'abandoned'] += 1;
      freed(offer);
      if (why === 'contact_left') setImmediate(next);
    },
    connect(offer) {
      if (open.get(offer.id) !== 'rung') fault(offer, `connected while ${String(open.get(offer.id))}`);
      open.set(offer.id, 'connected');
      outcome.connected += 1;
    },
    drop: (offer) => fault(offer, 'was dropped'),
    divert: (contact, target) => void outcome.faults.push(`${contact} was sent to ${target.to}`),
    alive: () => true,
    announce: () => undefined,
    dismiss: (contact) => void outcome.faults.push(`${contact} was dismissed`),
  };
  const names = Array.from({ length: lanes }, (_, i) => `a${i}`);
  const store = await openStore({ path: join(mkdtempSync(join(tmpdir(), 'strowger-races-')), 'races.db') });
  const log = { error: (fields: object, message: string) => void outcome.faults.push(`${message}: ${JSON.stringify(fields)}`) };
  const agents = names.map((id, i) => toAgent(agentForm.parse({ id, extension: String(2000 + i), queues: ['support'] })));
  const acd: Acd = createAcd({
    setup: acdSetup({ queues: [queue], agents, routing: toRouting(routingForm.parse({})) }),
    carriers: { voice: carrier }, journal: createJournal({ store, log }), publish: () => true, log,
  });
  acd.resume();
  for (const name of names) acd.reachable(name as AgentId, true);
  for (let i = 0; i < lanes; i += 1) arrive();
  await done;
  settle(acd, outcome, open);
  await store.close();
  return outcome;
}

/** Afterwards nobody rings, nobody waits, and every offer had one end. */
function settle(acd: Acd, outcome: Outcome, open: ReadonlyMap<string, string>): void {
  const { waiting } = acd.queue('support' as QueueId);
  const left = acd.agents().filter((agent) => agent.state !== 'available').map((agent) => `${agent.id} is ${agent.state}`);
  const endless = [...open].filter(([, state]) => state === 'rung').map(([id]) => `${id} has no end`);
  outcome.faults.push(...left, ...endless, ...(waiting > 0 ? [`${waiting} still wait`] : []));
  acd.close();
}
