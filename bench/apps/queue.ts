import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { acdSetup, createAcd, createJournal, type AgentId, type Carrier, type ContactId, type Offer, type QueueId } from '../../src/acd/index.js';
import { agentForm, queueForm, toAgent, toQueue } from '../../src/config/index.js';
import { createEvents, type NewFact } from '../../src/events/index.js';
import { newId, openStore } from '../../src/store/index.js';

export type QueueRun = { readonly agents: number; readonly perSecond: number; readonly talkMs: number; readonly seconds: number };
export type QueueRunResult = {
  /** From the moment caller and agent were both there to the offer, ms. */
  readonly offerMs: readonly number[];
  readonly connected: number;
  readonly cpuSeconds: number;
  readonly lateMs: number;
  readonly wrong: readonly string[];
};

const run = JSON.parse(process.argv[2] ?? '{}') as QueueRun;
const QUEUE = 'bench' as QueueId;
const dir = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
const store = await openStore({ path: join(dir, 'queue.db') });
const wrong: string[] = [];
const log = { error: (_: object, message: string) => void wrong.push(message) };
const events = createEvents({ store, log });

const waitingSince = new Map<ContactId, number>();
const freeSince = new Map<AgentId, number>();
const offerMs: number[] = [];
let connected = 0;
/** The agent picks up in the next turn of the loop; the talk ends by a timer. */
const carrier: Carrier = {
  offer: (offer: Offer) => {
    offerMs.push(performance.now() - Math.max(waitingSince.get(offer.contact) ?? 0, freeSince.get(offer.agent) ?? 0));
    setImmediate(() => {
      if (acd.accepted(offer.id) === 'too_late') wrong.push('an offer was too late');
    });
  },
  connect: (offer: Offer) => {
    connected += 1;
    setImmediate(() => acd.bridged(offer.contact));
    setTimeout(() => {
      freeSince.set(offer.agent, performance.now());
      acd.released(offer.contact);
    }, run.talkMs);
  },
  withdraw: (_offer, why) => void wrong.push(`an offer was withdrawn: ${why}`),
  drop: () => void wrong.push('a bridge took too long'),
  announce: () => undefined,
  divert: (_contact, _target, why) => void wrong.push(`a contact was sent elsewhere: ${why}`),
  dismiss: () => void wrong.push('a contact was dismissed'),
  alive: () => true,
};
const acd = createAcd({
  setup: acdSetup({
    queues: [toQueue(queueForm.parse({ name: QUEUE }))],
    agents: Array.from({ length: run.agents }, (_, i) => toAgent(agentForm.parse({ id: String(1000 + i), extension: String(1000 + i), queues: [QUEUE] }))),
    routing: { blending: {}, blocked: [], rankMs: 0 },
  }),
  carriers: { voice: carrier }, journal: createJournal({ store, log }), log,
  publish: (facts, alongside) => events.publishAll(facts as unknown as readonly NewFact[], alongside),
});
acd.resume();
for (let i = 0; i < run.agents; i += 1) acd.reachable(String(1000 + i) as AgentId, true);
process.send?.('ready');

const loop = monitorEventLoopDelay({ resolution: 2 });
loop.enable();
const cpu = process.cpuUsage();
const began = performance.now();
for (let made = 0; performance.now() - began < run.seconds * 1000;) {
  for (const due = ((performance.now() - began) / 1000) * run.perSecond; made < due; made += 1) {
    const id = newId('call') as ContactId;
    waitingSince.set(id, performance.now());
    acd.enqueue({ id, queues: [QUEUE], channel: 'voice', subject: `call:${id}` });
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
}
const { user, system } = process.cpuUsage(cpu);
loop.disable();
const result: QueueRunResult = { offerMs, connected, wrong: [...new Set(wrong)], cpuSeconds: (user + system) / 1e6, lateMs: Math.max(0, loop.max / 1e6 - 2) };
rmSync(dir, { recursive: true, force: true });
process.send?.(result, () => process.exit(0));
