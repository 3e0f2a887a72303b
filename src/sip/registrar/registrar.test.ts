import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StoreError } from '../../store/index.js';
import { createGuard } from '../guard.js';
import { configOf, house, type House } from '../testing/house.js';
import { exchange, phone, type Phone, type PhoneOptions } from '../testing/phone.js';
import { createLocation, type Location } from './location.js';
import { createRegistrar, destinationOf } from './registrar.js';

const start = 1_700_000_000_000;
let h: House;
let location: Location;
let now: number;
let handle: PhoneOptions['handle'];
const config = configOf({ 'system.yaml': 'registration: { max_contacts: 2, min_expires_seconds: 30 }' });

const build = (over: Partial<House> = {}): void => {
  const { store, events, log } = { ...h, ...over };
  location = createLocation({ store, events, log, now: () => now });
  const guard = createGuard({ realm: 'strowger', config: () => config, events, log, standing: (req) => (location.knows(req.source_address, Number(req.source_port)) ? 'known' : location.knows(req.source_address) ? 'neighbour' : 'stranger'), now: () => now - start });
  handle = createRegistrar({ config: () => config, guard, location, log, now: () => now });
};
beforeEach(async () => {
  vi.useFakeTimers({ now: start, toFake: ['setTimeout', 'clearTimeout'] });
  now = start;
  h = await house();
  build();
});
afterEach(() => {
  location.close();
  vi.useRealTimers();
});
const agent = (over: Partial<PhoneOptions> = {}): Phone => phone({ user: '1001', password: 'pw', handle: (req, res) => handle(req, res), ...over });
const later = (ms: number): void => {
  now += ms;
  vi.advanceTimersByTime(ms);
};
const types = (): string[] => h.facts.map((f) => `${f.type}${'why' in f.data ? ` ${f.data.why}` : ''}`);

it('registers a phone at the place it was seen, not where it thinks it is', () => {
  const answer = agent({ address: '203.0.113.7', port: 40_123 }).send('REGISTER', { Contact: '<sip:1001@192.168.1.5:5060>', Expires: '120', 'User-Agent': 'Snom' });
  expect(answer).toMatchObject({ status: 200, headers: { Contact: '<sip:1001@192.168.1.5:5060>;expires=120' } });
  const [binding] = location.lookup('1001');
  expect(binding && destinationOf(binding)).toEqual({ uri: 'sip:1001@192.168.1.5:5060', proxy: 'sip:203.0.113.7:40123' });
  expect(h.facts).toMatchObject([{ type: 'extension.registered', subject: 'extension:1001', data: { source: 'udp:203.0.113.7:40123', user_agent: 'Snom', expires_s: 120 } }]);
});

it('reaches a phone on TCP by the connection it came on', () => {
  agent({ protocol: 'tcp', port: 51_000 }).send('REGISTER', { Contact: '<sip:1001@10.0.0.1>' });
  expect(destinationOf(location.lookup('1001')[0]!).proxy).toBe('sip:192.0.2.1:51000;transport=tcp');
});

it('keeps bindings over a restart', () => {
  agent().send('REGISTER', { Contact: '<sip:1001@a>', Expires: '100' });
  location.close();
  build();
  expect(location.lookup('1001')).toMatchObject([{ uri: 'sip:1001@a' }]);
  later(101_000);
  expect(location.lookup('1001')).toEqual([]);
});

it('says nothing new at a refresh, and that it is gone when it expires', () => {
  const p = agent();
  p.send('REGISTER', { Contact: '<sip:1001@a>', Expires: '60' });
  later(30_000);
  p.send('REGISTER', { Contact: '<sip:1001@a>', Expires: '60' });
  later(59_000);
  expect(location.lookup('1001')).toHaveLength(1);
  later(2_000);
  expect(types()).toEqual(['extension.registered', 'extension.unregistered expired']);
  expect(h.store.run(h.store.db.selectFrom('registrations').selectAll())).toEqual([]);
});

describe('several phones', () => {
  it('ring by preference, then by who was heard last', () => {
    agent().send('REGISTER', { Contact: '<sip:1001@old>' });
    later(1000);
    agent().send('REGISTER', { Contact: '<sip:1001@new>' });
    expect(location.lookup('1001').map((b) => b.uri)).toEqual(['sip:1001@new', 'sip:1001@old']);
    agent().send('REGISTER', { Contact: '<sip:1001@new>;q=0.3' });
    expect(location.lookup('1001').map((b) => [b.uri, b.q])).toEqual([['sip:1001@old', 1000], ['sip:1001@new', 300]]);
  });
  it('are bounded in number', () => {
    for (const host of ['a', 'b']) agent().send('REGISTER', { Contact: `<sip:1001@${host}>` });
    expect(agent().send('REGISTER', { Contact: '<sip:1001@c>' }).status).toBe(403);
    expect(location.lookup('1001')).toHaveLength(2);
  });
  it('are one when they are the same instance at another port', () => {
    const at = (host: string) => ({ Contact: `<sip:1001@${host}>;+sip.instance="<urn:uuid:1>"` });
    agent().send('REGISTER', at('a:1'));
    agent().send('REGISTER', at('a:2'));
    expect(location.lookup('1001').map((b) => b.uri)).toEqual(['sip:1001@a:2']);
    expect(types()).toContain('extension.unregistered replaced');
  });
  it('come several in one REGISTER', () => {
    const answer = agent().send('REGISTER', { Contact: '<sip:1001@a>;expires=50, "x" <sip:1001@b>;expires=40' });
    expect(answer.headers.Contact).toBe('<sip:1001@a>;expires=50, <sip:1001@b>;expires=40');
  });
});

describe('leaving', () => {
  it('one contact by expires 0', () => {
    const p = agent();
    p.send('REGISTER', { Contact: '<sip:1001@a>, <sip:1001@b>' });
    expect(p.send('REGISTER', { Contact: '<sip:1001@a>;expires=0' }).headers.Contact).toContain('1001@b');
    expect(types().at(-1)).toBe('extension.unregistered asked');
  });
  it('all by *', () => {
    const p = agent();
    p.send('REGISTER', { Contact: '<sip:1001@a>, <sip:1001@b>' });
    expect(p.send('REGISTER', { Contact: '*', Expires: '0' })).toEqual({ status: 200, headers: {} });
    expect(location.lookup('1001')).toEqual([]);
    expect(p.send('REGISTER', { Contact: '*', Expires: '60' }).status).toBe(400);
  });
  it('when the configuration forgets the extension', () => {
    agent().send('REGISTER', { Contact: '<sip:1001@a>' });
    location.keepOnly(new Set(['1002']));
    expect([location.lookup('1001'), types().at(-1)]).toEqual([[], 'extension.unregistered removed']);
  });
});

it.each<[why: string, headers: Record<string, string>, status: number]>([
  ['asks who is registered', {}, 200],
  ['asks for too short a time', { Contact: '<sip:1001@a>', Expires: '10' }, 423],
  ['gives no SIP contact', { Contact: '<tel:+861>' }, 400],
  ['gives no contact at all in a list', { Contact: ' , ' }, 400],
  ['registers for somebody else', { Contact: '<sip:1001@a>', To: '<sip:1002@strowger>' }, 403],
  ['has no number in CSeq', { Contact: '<sip:1001@a>', CSeq: 'x' }, 400],
])('a phone that %s', (_why, headers, status) => expect(agent().send('REGISTER', headers).status).toBe(status));

it('shortens an interval that is too long, and says how short is too short', () => {
  expect(agent().send('REGISTER', { Contact: '<sip:1001@a>', Expires: '999999' }).headers.Contact).toContain('expires=3600');
  expect(agent().send('REGISTER', { Contact: '<sip:1001@a>', Expires: '1' }).headers['Min-Expires']).toBe('30');
});

it('ignores an older REGISTER that arrives late', () => {
  const p = agent();
  p.send('REGISTER', { Contact: '<sip:1001@a>', CSeq: '50 REGISTER' });
  expect(p.send('REGISTER', { Contact: '<sip:1001@a>;expires=0', CSeq: '49 REGISTER' }).status).toBe(500);
  expect(location.lookup('1001')).toHaveLength(1);
});

it('tells a phone to come back when the disk is full, and keeps what it had', () => {
  build({ store: { ...h.store, transaction: () => { throw new StoreError('store.full', 'the disk is full', {}); } } });
  const answer = agent().send('REGISTER', { Contact: '<sip:1001@a>' });
  expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
  expect(location.lookup('1001')).toEqual([]);
  expect(h.lines).toContain('a registration could not be kept');
});

describe('wrong passwords', () => {
  it('are refused, counted, and stopped for that phone only', () => {
    const thief = agent({ password: 'guess' });
    const statuses = Array.from({ length: 12 }, () => thief.send('REGISTER', { Contact: '<sip:1001@x>' }).status);
    expect(new Set(statuses)).toEqual(new Set([403]));
    expect(types().filter((t) => t === 'registration.refused wrong_password')).toHaveLength(10);
    expect(agent().send('REGISTER', { Contact: '<sip:1001@a>' }).status).toBe(403);
    expect(agent({ user: '1002' }).send('REGISTER', { Contact: '<sip:1002@a>' }).status).toBe(200);
    expect(agent({ address: '192.0.2.2' }).send('REGISTER', { Contact: '<sip:1001@a>' }).status).toBe(200);
    later(61_000);
    expect(agent().send('REGISTER', { Contact: '<sip:1001@a>' }).status).toBe(200);
  });
  it('do not tell whether the user exists', () => {
    const [known, unknown] = ['1001', '7777'].map((user) => agent({ user, password: 'x' }).send('REGISTER', { Contact: `<sip:${user}@a>` }));
    expect(known).toEqual(unknown);
    expect(types()).toEqual(['registration.refused wrong_password', 'registration.refused unknown_user']);
  });
  it('of many users from one address end in silence, not in a full disk', () => {
    for (let i = 0; i < 300; i += 1) {
      later(100);
      agent({ user: `9${i}`, password: 'x' }).send('REGISTER');
    }
    expect(h.facts.length).toBeLessThanOrEqual(100);
  });
});

describe('strangers', () => {
  it('get a challenge, and when they flood a cheap 503, without a row in the database', () => {
    const stranger = agent();
    const statuses = Array.from({ length: 600 }, () => stranger.knock('REGISTER').status);
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 503]);
    expect(statuses.filter((s) => s === 401)).toHaveLength(500);
    expect(h.facts).toEqual([]);
  });
  it('among the phones of one house are slowed down, the phones are not', () => {
    expect(agent().send('REGISTER', { Contact: '<sip:1001@a>' }).status).toBe(200);
    const flood = agent({ user: '1002', port: 6666 });
    const statuses = Array.from({ length: 3000 }, () => flood.knock('REGISTER').status);
    expect(statuses.filter((s) => s === 401)).toHaveLength(2000);
    expect(agent().send('REGISTER', { Contact: '<sip:1001@a>' }).status).toBe(200);
  });
  it('are no strangers once they have proved themselves: 200 phones behind one address register', () => {
    expect(agent().send('REGISTER', { Contact: '<sip:1001@a>' }).status).toBe(200);
    const others = Array.from({ length: 200 }, () => agent({ user: '1002' }).send('REGISTER', { Contact: '<sip:1002@a>' }).status);
    expect(new Set(others)).toEqual(new Set([200]));
  });
});

it('gives a malformed source no binding', () => {
  const { req, res, answers } = exchange({ protocol: 'carrier pigeon', headers: {} });
  handle(req, res);
  expect(answers[0]?.status).toBe(401);
});
