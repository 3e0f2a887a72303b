import { fakeEndpoint, fakePool, fakeSip, type FakeEndpoint } from '../../../test/fakes/calls.js';
import type { Acd, AgentId, Attributes, ContactId, Offer, OfferId, QueueId } from '../../acd/index.js';
import { createCall, type Call, type Incoming, type Leg } from '../../calls/index.js';
import type { QueueEnd, QueueRequest } from '../../ivr/index.js';
import type { Voice } from '../voice.js';
import { createVoiceQueue, type VoiceQueue } from './index.js';

export interface Caller {
  readonly call: Call;
  readonly endpoint: FakeEndpoint;
  readonly end: Promise<QueueEnd>;
  hangUp(): void;
}

/** A voice carrier over fakes: what the engine was told is in `told`, phones ring in `sip.invites`. */
export interface Hall {
  readonly queue: VoiceQueue;
  readonly told: string[];
  readonly sip: ReturnType<typeof fakeSip>;
  readonly pool: ReturnType<typeof fakePool>;
  readonly published: string[];
  /** CDRs by call: their causes. */
  readonly causes: Map<string, string>;
  accepts: 'connect' | 'too_late';
  attributes: Attributes;
  caller(language?: 'en'): Promise<Caller>;
  offer(change?: Partial<Offer>): Offer;
}

export const CONTACT = 'contact-of-the-test' as ContactId;
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
};
export { turns };

export function openHall(): Hall {
  const [sip, pool, told, published, causes] = [fakeSip(), fakePool(), [] as string[], [] as string[], new Map<string, string>()];
  let joined: ContactId = CONTACT;
  let offers = 0;
  const note = (what: string) => (...args: readonly unknown[]): void => void told.push([what, ...args.filter((a) => typeof a === 'string' && !a.startsWith('contact'))].join(' '));
  const acd = {
    enqueue: (contact: { readonly id: ContactId }) => {
      joined = contact.id;
      note('enqueue')();
    },
    leave: note('leave'), pressed: note('pressed'), declined: note('declined'), bridged: note('bridged'), released: note('released'), returned: note('returned'), unreached: note('unreached'),
    callBack: note('callBack'), accepted: () => {
      told.push('accepted');
      if (hall.accepts === 'connect') hall.queue.carrier.connect(current);
      return hall.accepts;
    },
    contact: (id: ContactId) => ({ id, attributes: hall.attributes, subject: 'call:origin' }), setup: () => ({ queues: [] }),
  } as unknown as Acd;
  let current: Offer;
  const ledger = { open: () => undefined, patch: () => undefined, close: (id: string, cause: string) => void causes.set(id, cause), legUp: () => undefined, legOver: () => undefined, get: () => undefined, recordings: () => [] };
  const config = { queues: [{ name: 'support', announcements: [] }], recordings: { calls: {}, notice: undefined, from: 'bridge' }, extensions: [{ number: '1201' }], system: { ringTimeoutMs: 1_000, rtpTimeoutMs: 1_000 } };
  const events = { publish: (type: string) => void published.push(type) };
  const voice = { config: () => config, sip: sip.port, media: pool, ledger, events, tts: { pieces: (text: string) => Promise.resolve([text]) }, music: 'music.wav', now: () => 0 } as unknown as Voice;
  const log = { info: () => undefined, warn: () => undefined, error: (_: object, message: string) => void told.push(`error: ${message}`) };
  const plan = (uri: string) => ({ order: 'all' as const, choices: [{ destination: { uri, headers: {}, label: uri } }], ringMs: 1_000, provisionalMs: 1_000, goesOn: () => false });
  const queue = createVoiceQueue({
    voice, acd: () => acd, onCall: () => undefined, onOver: () => undefined, logFor: () => log,
    phones: { choices: (agent, { number, headers }) => (agent === ('absent' as AgentId) ? [] : [{ destination: { uri: `sip:${agent}`, headers: { ...headers, From: number }, label: agent } }]) },
    destinations: { find: (_call, to) => ('extension' in to ? { plan: plan(`sip:${to.extension}`), about: { extension: to.extension }, recordedAs: 'internal' } : undefined) },
  });
  const hall: Hall = {
    queue, told, sip, pool, published, causes, accepts: 'connect', attributes: { from: '1201', language: 'en' },
    async caller(language) {
      const [endpoint, gone] = [fakeEndpoint('caller'), new AbortController()];
      const leg = { id: 'leg', role: 'caller', endpoint, gone: gone.signal, onKey: (listen: (key: string) => void) => endpoint.onDigit(listen), onHold: () => undefined, beforeEnd: () => undefined, hangUp: () => Promise.resolve(gone.abort('hung_up')) } as unknown as Leg;
      const incoming = { over: new AbortController().signal, answer: () => Promise.resolve(leg), reject: () => undefined, cancelled: () => false, edgeLost: () => false } as unknown as Incoming;
      const call = createCall({ id: 'origin', direction: 'internal', from_number: '1201', to_number: '4100', trunk: null, did: null, started_at: 0 }, incoming, { ledger, events, log, now: () => 0, onOver: () => undefined } as unknown as Parameters<typeof createCall>[2]);
      const request: QueueRequest = { names: ['support'], priority: 5, attributes: {}, needs: [], language };
      const end = queue.wait(call, request);
      await turns();
      return { call, endpoint, end, hangUp: () => gone.abort('bye') };
    },
    offer(change = {}) {
      current = { id: `offer-${String((offers += 1))}` as OfferId, contact: joined, agent: '1001' as AgentId, queue: 'support' as QueueId, channel: 'voice', subject: 'call:origin', attempt: 1, offerMs: 1_000, autoAccept: false, callback: undefined, ...change };
      queue.carrier.offer(current);
      return current;
    },
  };
  return hall;
}
