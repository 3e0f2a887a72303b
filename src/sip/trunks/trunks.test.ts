import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { carrier, type Carrier } from '../testing/carrier.js';
import { configOf, house, type House } from '../testing/house.js';
import { createAdmission } from './admission.js';
import { observe, startHealth } from './health.js';
import { registration, type Registration, type RegistrationEffect, type RegistrationEvent } from './registration.js';
import { createTrunks, type Trunks } from './trunks.js';

let h: House;
let far: Carrier;
let trunks: Trunks;
let addresses: Record<string, string[]>;
beforeEach(async () => {
  vi.useFakeTimers();
  h = await house();
  far = carrier();
  addresses = { 'a.example': ['198.51.100.1'], 'b.example': ['198.51.100.2', '2001:db8::2'] };
  trunks = createTrunks({ requester: far, events: h.events, log: h.log, lookup: (host) => Promise.resolve(addresses[host] ?? []), random: () => 0, now: () => Date.now() });
});
afterEach(() => {
  trunks.close();
  vi.useRealTimers();
});
const apply = async (yaml: string, password = 'pw'): Promise<void> => {
  trunks.apply(configOf({ 'trunks.yaml': yaml }, { P: password }));
  await vi.advanceTimersByTimeAsync(0);
};
const later = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000);
const news = (): string[] => h.facts.map((f) => (f.type === 'trunk.state_changed' ? `${f.data.trunk} ${f.data.to}: ${f.data.why}` : f.type));
const registering = 'trunks: [{ name: t, register: { username: me, password: "${P}", expires_seconds: 100 }, hosts: [{ uri: "sip:a.example" }, { uri: "sip:b.example", priority: 2 }] }]';
const peer = 'trunks: [{ name: t, peers: [203.0.113.0/24], hosts: [{ uri: "sip:a.example" }, { uri: "sip:b.example", priority: 2 }], max_calls: 2, max_cps: 5 }]';
const registers = () => far.asks.filter((a) => a.method === 'REGISTER');

describe('a registering trunk', () => {
  it.each(['MD5', 'SHA-256'] as const)('answers the challenge with %s and is registered', async (algorithm) => {
    far.algorithm = algorithm;
    await apply(registering);
    expect(trunks.list()).toMatchObject([{ name: 't', registered: true }]);
    expect(registers().map((a) => a.headers.CSeq)).toEqual(['1 REGISTER', '2 REGISTER']);
    expect(new Set(registers().map((a) => a.headers['Call-ID'])).size).toBe(1);
    expect(news()).toEqual(['t registered: accepted']);
  });
  it('refreshes before the granted time is over, silently', async () => {
    far.grantedSeconds = 50;
    await apply(registering);
    await later(39);
    expect(registers()).toHaveLength(2);
    await later(2);
    expect(registers().length).toBeGreaterThan(2);
    expect(news()).toEqual(['t registered: accepted']);
  });
  it('takes the next host when the first is dead, then backs off and comes back', async () => {
    far.dead.add('a.example').add('b.example');
    await apply(registering);
    await later(2);
    expect(registers().slice(0, 2).map((a) => a.uri)).toEqual(['sip:a.example', 'sip:b.example']);
    await later(60);
    const tried = registers().length;
    expect(tried).toBeLessThan(15);
    far.dead.clear();
    await later(60);
    expect(trunks.list()[0]?.registered).toBe(true);
    expect(news().filter((n) => n.includes('registered'))).toEqual(['t unregistered: no answer', 't registered: accepted']);
  });
  it('says that credentials are wrong, once, and does not hammer', async () => {
    far.password = 'changed';
    await apply(registering);
    await later(300);
    expect(news()).toEqual(['t unregistered: credentials refused']);
    expect(registers().length).toBeLessThan(30);
  });
  it('asks for longer when told that its interval is too brief', async () => {
    far.minExpires = 500;
    far.grantedSeconds = 500;
    await apply(registering);
    expect(trunks.list()[0]?.registered).toBe(true);
    expect(registers().at(-1)?.headers.Expires).toBe('500');
  });
  it('registers anew when its registrar came back from the dead', async () => {
    await apply(registering);
    far.dead.add('a.example');
    await later(61);
    expect(news()).toContain('t down: no answer');
    const before = registers().length;
    far.dead.clear();
    await later(31);
    expect(news()).toContain('t up: OPTIONS answered 200');
    expect(registers().length).toBeGreaterThan(before);
  });
  it('registers anew when a call was refused as if it were unknown', async () => {
    await apply(registering);
    trunks.report('t', 'sip:a.example', 403);
    await later(0);
    expect(registers().length).toBeGreaterThan(2);
    expect(trunks.list()[0]?.registered).toBe(true);
  });
  it('registers at once when our own SIP server is back', async () => {
    far.edgeUp = false;
    await apply(registering);
    expect(trunks.up('t', 'sip:a.example')).toBe(false);
    expect(news()).toEqual([]);
    far.edgeUp = true;
    trunks.wake();
    await later(0);
    expect(trunks.up('t', 'sip:a.example')).toBe(true);
    expect(news().filter((n) => n.startsWith('t down'))).toEqual([]);
  });
  it('begins again when its password changed, and goes on when nothing did', async () => {
    await apply(registering);
    await apply(registering);
    expect(registers()).toHaveLength(2);
    far.password = 'new';
    await apply(registering, 'new');
    await later(5);
    expect([trunks.list()[0]?.registered, news().at(-1)]).toEqual([true, 't registered: accepted']);
    await apply('trunks: []');
    expect([trunks.list(), news().at(-1)]).toEqual([[], 't unregistered: stopped']);
  });
  it('tells its registrar when it is removed, and that again with credentials', async () => {
    await apply(registering);
    await apply('trunks: []');
    expect(registers().map((a) => a.headers.Expires)).toEqual(['100', '100', '0', '0']);
    expect(registers().at(-1)?.headers.Authorization).toContain('username="me"');
    expect(new Set(registers().map((a) => a.headers['Call-ID'])).size).toBe(1);
  });
  it('that is removed while it asks takes back what it may get', async () => {
    far.hold();
    await apply(registering);
    await apply('trunks: []');
    await far.release();
    await later(0);
    expect(registers().map((a) => a.headers.Expires)).toEqual(['100']); // it was challenged: nobody was registered
    far.hold();
    await apply(registering);
    await far.release();
    far.hold();
    await later(0);
    await apply('trunks: []');
    await far.release();
    await later(0);
    expect(registers().at(-1)?.headers.Expires).toBe('0');
  });
  it('of another account leaves the old one before it takes the new', async () => {
    await apply(registering);
    await apply(registering.replace('username: me', 'username: you'));
    await later(0);
    expect(registers().map((a) => [/:(\w+)@/.exec(a.headers.From ?? '')?.[1], a.headers.Expires])).toEqual([['me', '100'], ['me', '100'], ['me', '0'], ['me', '0'], ['you', '100'], ['you', '100']]);
    expect(trunks.list()).toMatchObject([{ name: 't', registered: true }]);
  });
  it('does not wait for ever for a carrier that answers no more', async () => {
    await apply(registering);
    far.hold();
    await apply(registering.replace('username: me', 'username: you'));
    await later(5);
    expect(/:(\w+)@/.exec(registers().at(-1)?.headers.From ?? '')?.[1]).toBe('you');
    await far.release();
  });
  it('keeps registration and health when only its numbers, limits or patterns change', async () => {
    await apply(registering);
    far.dead.add('b.example');
    await later(60);
    const before = [registers().length, far.asks.length];
    await apply(registering.replace('hosts:', 'numbers: { "+86x.": { entry: "4000" } }, outbound: [ { pattern: "x." } ], max_calls: 7, hosts:'));
    expect([registers().length, far.asks.length]).toEqual(before);
    expect(trunks.list()).toMatchObject([{ maxCalls: 7, registered: true, hosts: [{ up: true }, { up: false }] }]);
  });
});

describe('health', () => {
  it('turns after failures in a row, and back with the first answer', async () => {
    await apply(peer);
    far.dead.add('a.example');
    await later(30);
    expect(trunks.up('t', 'sip:a.example')).toBe(true);
    await later(30);
    expect(trunks.list()[0]?.hosts).toMatchObject([{ uri: 'sip:a.example', up: false }, { uri: 'sip:b.example', up: true }]);
    far.dead.clear();
    await later(30);
    expect(news()).toEqual(['t down: no answer', 't up: OPTIONS answered 200']);
  });
  it.each([[404, true], [405, true], [401, true], [503, false]])('an answer of %i is a sign of life: %s', async (status, alive) => {
    far.answers.set('OPTIONS a.example', status);
    await apply(peer);
    await later(90);
    expect(trunks.up('t', 'sip:a.example')).toBe(alive);
  });
  it('learns from calls too', async () => {
    await apply(peer);
    trunks.report('t', 'sip:a.example', 408);
    trunks.report('t', 'sip:a.example', 0);
    expect(trunks.up('t', 'sip:a.example')).toBe(false);
    trunks.report('t', 'sip:a.example', 486);
    expect(trunks.up('t', 'sip:a.example')).toBe(true);
    trunks.report('t', 'sip:unknown', 0);
    trunks.report('unknown', 'sip:x', 0);
  });
  it('is not asked for where the interval is 0', async () => {
    await apply(peer.replace('max_calls', 'health: { interval_seconds: 0 }, max_calls'));
    await later(300);
    expect(far.asks).toEqual([]);
  });
  it('moves only by enough observations in a row', () => {
    fc.assert(fc.property(fc.array(fc.boolean()), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), (signs, down, up) => {
      let s = startHealth;
      let run = 0;
      return signs.every((alive) => {
        run = alive === s.up ? 0 : run + 1;
        const before = s.up;
        s = observe(s, alive, { down, up });
        const turned = s.up !== before;
        if (turned !== run >= (before ? down : up)) return false;
        if (turned) run = 0;
        return true;
      });
    }));
  });
});

describe('who is a trunk', () => {
  it('is told by peers and by the addresses of its hosts', async () => {
    await apply(peer);
    expect(['203.0.113.5', '198.51.100.1', '2001:db8::2', '192.0.2.1'].map((a) => trunks.ofSource(a, 5060, 'udp').map((t) => t.name))).toEqual([['t'], ['t'], ['t'], []]);
  });
  it('is a peer by any port, a host only by the port it listens on, unless it connects to us', async () => {
    await apply(peer);
    const at = (address: string, port: number, proto: string) => trunks.ofSource(address, port, proto).length;
    expect([at('203.0.113.5', 40_000, 'udp'), at('198.51.100.1', 40_000, 'udp'), at('198.51.100.1', 40_000, 'tcp')]).toEqual([1, 0, 1]);
  });
  it('follows a name that moves, and survives one that cannot be resolved', async () => {
    await apply(peer);
    addresses = { 'a.example': ['198.51.100.77'] };
    await later(30);
    expect(['198.51.100.77', '198.51.100.2', '198.51.100.1'].map((a) => trunks.has(a))).toEqual([true, true, false]);
  });
});

describe('limits', () => {
  it('hold lines until they are given back, and never an emergency call', async () => {
    await apply(peer);
    const first = trunks.admit('t', false);
    trunks.admit('t', false);
    expect([trunks.admit('t', false), trunks.list()[0]?.calls]).toEqual([undefined, 2]);
    expect(trunks.admit('t', true)).toBeTypeOf('function');
    first?.();
    first?.();
    expect(trunks.list()[0]?.calls).toBe(2);
    expect(trunks.admit('none', false)).toBeUndefined();
  });
  it('count calls of a trunk that was reconfigured under them', async () => {
    await apply(peer);
    trunks.admit('t', false);
    await apply(peer.replace('max_cps: 5', 'max_cps: 6'));
    expect(trunks.list()[0]?.calls).toBe(1);
  });
  it('never start more calls in any second than allowed', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 80 }), fc.integer({ min: 1, max: 6 }), (gaps, maxCps) => {
      let now = 0;
      const admission = createAdmission(() => now);
      const started: number[] = [];
      for (const gap of gaps) {
        now += gap;
        if (admission.admit({ maxCalls: undefined, maxCps }, false)) started.push(now);
      }
      return started.every((t) => started.filter((u) => u >= t && u < t + 1000).length <= maxCps);
    }));
  });
  it('can be slower than a call a second', () => {
    let now = 0;
    const admission = createAdmission(() => now);
    const admitted = [0, 1000, 1999, 2000].map((at) => {
      now = at;
      return admission.admit({ maxCalls: undefined, maxCps: 0.5 }, false) !== undefined;
    });
    expect(admitted).toEqual([true, false, false, true]);
  });
});

it('has one request under way at most, and a timer whenever it waits, whatever the order of events', () => {
  const event = fc.oneof(
    fc.constantFrom<RegistrationEvent>({ type: 'timer' }, { type: 'unsent' }, { type: 'doubted' }, { type: 'stopped' }, { type: 'started' }, { type: 'failed', why: 'x' }, { type: 'accepted', expiresMs: 1000 }),
    fc.record({ type: fc.constant('challenged' as const), stale: fc.boolean(), answerable: fc.boolean() }),
    fc.record({ type: fc.constant('too_brief' as const), minExpiresMs: fc.nat(5000) }),
  );
  fc.assert(fc.property(fc.array(event), (events) => {
    let s: Registration = { at: 'off' };
    let armed = false;
    let asking = 0;
    for (const e of [{ type: 'started' } as const, ...events]) {
      if (s.at === 'asking' && ['failed', 'unsent', 'accepted', 'challenged', 'too_brief'].includes(e.type)) asking = 0;
      const [next, effects]: readonly [Registration, readonly RegistrationEffect[]] = registration(s, e, { hosts: 2, expiresMs: 1000, retryMs: 10, maxRetryMs: 100 });
      for (const f of effects) {
        if (f.do === 'arm') armed = true;
        if (f.do === 'disarm') armed = false;
        if (f.do === 'send') asking += 1;
      }
      if (e.type === 'stopped') asking = 0;
      s = next;
      if (asking > 1 || ((s.at === 'waiting' || s.at === 'registered') && !armed) || (s.at === 'off' && armed)) return false;
    }
    return true;
  }));
});
