import { beforeEach, describe, expect, it } from 'vitest';
import { createGuard, type Guard } from './guard.js';
import { identify, type Identity } from './identify.js';
import { createRefusals } from './refusals.js';
import { configOf, house, type House } from './testing/house.js';
import type { SipRequest } from './request.js';
import { exchange, phone } from './testing/phone.js';

let h: House;
let guard: Guard;
let now = 0;
const config = configOf({
  'trunks.yaml': `trunks:
  - { name: peer, peers: [203.0.113.0/24], numbers: { "+8675512345678": { entry: "4000" } } }
  - { name: one, register: { username: acc1, password: "\${P}" }, hosts: [{ uri: "sip:198.51.100.1" }] }
  - { name: two, register: { username: acc2, password: "\${P}" }, hosts: [{ uri: "sip:198.51.100.1" }], numbers: { "5000": { entry: "4000" } } }
` }, { P: 'x' });
const trunksAt = ({ source_address: address }: SipRequest) => config.trunks.filter((t) => (address.startsWith('203.0.113.') ? t.name === 'peer' : address === '198.51.100.1' && t.name !== 'peer'));
const judge = (req: SipRequest): Identity => identify(req, { guard, config, trunksAt, isPhone: (r) => Number(r.source_port) === 40_001 });
const who = (i: Identity): string => (i.ok ? `${i.caller.kind === 'trunk' ? `${i.caller.trunk.name} ${i.caller.from}` : i.caller.extension.number} dials ${i.dialled}` : `${i.answer.status} ${i.why}`);

beforeEach(async () => {
  h = await house();
  now = 0;
  guard = createGuard({ realm: 'strowger', config: () => config, events: h.events, log: h.log, standing: (req) => (req.source_address.startsWith('203.') ? 'known' : 'stranger'), now: () => now });
});
const invite = (source_address: string, uri: string, headers: Record<string, string> = {}): string =>
  who(judge(exchange({ method: 'INVITE', uri, source_address, headers: { From: '<sip:+8613900000000@carrier>;tag=1', ...headers } }).req));

describe('who calls', () => {
  it.each<[why: string, address: string, uri: string, headers: Record<string, string>, is: string]>([
    ['a peer by its address', '203.0.113.9', 'sip:+8675512345678@us', {}, 'peer +8613900000000 dials +8675512345678'],
    ['a carrier that says who calls', '203.0.113.9', 'sip:1@us', { 'P-Asserted-Identity': '<sip:+86100@x>' }, 'peer +86100 dials 1'],
    ['a carrier that calls our account: the number is in To', '198.51.100.1', 'sip:acc2@us', { To: '<sip:+867550000@carrier>' }, 'two +8613900000000 dials +867550000'],
    ['one of two trunks at an address, by its numbers', '198.51.100.1', 'sip:5000@us', {}, 'two +8613900000000 dials 5000'],
    ['one of two trunks, by nothing', '198.51.100.1', 'sip:777@us', {}, 'one +8613900000000 dials 777'],
    ['a phone at the address of a trunk, which dials what no carrier would', '203.0.113.9', 'sip:1002@us', { From: '<sip:1001@us>' }, '401 challenged'],
    ['a carrier that calls for somebody who is called like an extension', '203.0.113.9', 'sip:+8675512345678@us', { From: '<sip:1001@carrier>' }, 'peer 1001 dials +8675512345678'],
    ['a request with credentials from the address of a trunk', '203.0.113.9', 'sip:+8675512345678@us', { Authorization: 'Digest realm="strowger"' }, '400 malformed'],
    ['a stranger', '192.0.2.66', 'sip:4000@us', {}, '401 challenged'],
    ['a stranger who says he is an extension', '192.0.2.66', 'sip:4000@us', { From: '<sip:1001@strowger>' }, '401 challenged'],
  ])('%s', (_why, address, uri, headers, is) => expect(invite(address, uri, headers)).toBe(is));

  it('an extension, as itself whatever From says', () => {
    let is = '';
    const caller = phone({ user: '1001', password: 'pw', uri: 'sip:4000@us', handle(req, res) {
      const identity = judge(req);
      is = who(identity);
      if (!identity.ok) res.send(identity.answer.status, { headers: identity.answer.headers });
      else res.send(200);
    } });
    expect(caller.send('INVITE', { From: '<sip:boss@strowger>;tag=1' }).status).toBe(200);
    expect(is).toBe('1001 dials 4000');
  });
});

it('takes a registered phone for one, though it shares its address with a trunk', () => {
  expect(who(judge(exchange({ method: 'INVITE', uri: 'sip:+8675512345678@us', source_address: '203.0.113.9', source_port: 40_001 }).req))).toBe('401 challenged');
});

describe('a flood', () => {
  it('of a stranger is refused cheaply, forgotten in time, and writes three lines', () => {
    const refusals = createRefusals({ events: h.events, log: h.log, now: () => now });
    const statuses = Array.from({ length: 1_000 }, () => {
      const identity = judge(exchange({ method: 'INVITE', uri: 'sip:4000@us', source_address: '192.0.2.66', headers: {} }).req);
      if (!identity.ok) refusals.note('192.0.2.66', 'sip:4000@us', identity.why);
      return identity.ok ? 0 : identity.answer.status;
    });
    expect(statuses.filter((s) => s === 401)).toHaveLength(500);
    expect(statuses.filter((s) => s === 503)).toHaveLength(500);
    expect(h.facts.map((f) => f.data)).toMatchObject([{ count: 1, why: 'stranger_throttled' }, { count: 10 }, { count: 100 }]);
    now += 1000;
    expect(invite('192.0.2.66', 'sip:4000@us')).toBe('401 challenged');
  });
  it('of a trunk or a known phone is none', () => {
    expect(new Set(Array.from({ length: 500 }, () => invite('203.0.113.1', 'sip:1@us')))).toEqual(new Set(['peer +8613900000000 dials 1']));
    expect(Array.from({ length: 500 }, () => guard.stranger(exchange({ source_address: '203.9.9.9' }).req)).every((a) => a === undefined)).toBe(true);
  });
  it('from ten thousand addresses keeps a bounded memory of them', () => {
    const refusals = createRefusals({ events: h.events, log: h.log, now: () => now });
    for (let i = 0; i < 3000; i += 1) refusals.note(`192.0.2.${i}`, 'x', 'throttled');
    for (let i = 0; i < 20_000; i += 1) guard.stranger(exchange({ source_address: `10.0.${i >> 8}.${i & 255}` }).req);
    refusals.note('192.0.2.0', 'x', 'throttled');
    expect(h.facts.at(-1)?.data).toMatchObject({ count: 1 });
  });
});
