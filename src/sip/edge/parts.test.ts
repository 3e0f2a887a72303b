import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createRequest, createResponse, keyOf, uasDialog, type Dialog, type Remote } from '../stack/index.js';
import { createAlarms } from './alarms.js';
import { createBindings } from './bindings.js';
import { createDialogs, type Held } from './dialogs.js';
import { Refused } from './errors.js';
import { createLimitedLog } from './log.js';
import { oneHopFurther, rank, staying, upstream, withoutTopRoute } from './proxy/rewrite.js';
import { behindNat, hopOf, resolve } from './reach.js';
import { sessionOf } from './session-timer.js';

const tcp: Remote = { proto: 'tcp', address: '10.0.0.9', port: 40_123 };
const udp: Remote = { proto: 'udp', address: '10.0.0.9', port: 5062 };
const request = (method: string, headers: readonly (readonly [string, string])[] = []): ReturnType<typeof createRequest> =>
  createRequest({ method, uri: 'sip:x@y', from: '<sip:a@b>;tag=1', to: '<sip:c@d>', callId: 'call', cseq: 1, headers: [['Via', 'SIP/2.0/UDP 1.2.3.4;branch=z9hG4bK1'], ...headers] });

describe('where a URI leads', () => {
  it.each([
    ['sip:1001@10.0.0.9', { proto: 'udp', host: '10.0.0.9', port: undefined }],
    ['sip:10.0.0.9:5070;transport=tcp', { proto: 'tcp', host: '10.0.0.9', port: 5070 }],
    ['<sip:10.0.0.9;lr>', { proto: 'udp', host: '10.0.0.9', port: undefined }],
    ['10.0.0.9:5070', { proto: 'udp', host: '10.0.0.9', port: 5070 }],
    ['sip1.carrier.example', { proto: 'udp', host: 'sip1.carrier.example', port: undefined }],
    ['sip:[2001:db8::1]:5070', { proto: 'udp', host: '2001:db8::1', port: 5070 }],
  ])('%s', (text, hop) => {
    expect(hopOf(text)).toEqual(hop);
  });

  it.each(['sips:a@b', 'sip:a@b;transport=tls', 'tel:123', 'sip:', 'sip:a@b:port'])('%s is refused', (text) => {
    expect(() => hopOf(text)).toThrow(Refused);
  });

  it('an address needs no asking', () => {
    expect(resolve({ proto: 'udp', host: '10.0.0.9', port: undefined })).toEqual([{ proto: 'udp', address: '10.0.0.9', port: 5060 }]);
  });
});

describe('behind NAT', () => {
  const dialog = (contact: string, observed: Remote | undefined, role: Dialog['role'] = 'uas'): Dialog =>
    ({ ...uasDialog(request('INVITE', [['Contact', `<${contact}>`]]), createResponse(request('INVITE'), 200), observed), role, observed });
  it.each<[contact: string, observed: Remote | undefined, role: Dialog['role'], behind: boolean]>([
    ['sip:p@10.0.0.9:5062', udp, 'uas', false],
    ['sip:p@10.0.0.9', udp, 'uas', false],
    ['sip:p@10.0.0.9:5060', udp, 'uas', true],
    ['sip:p@10.0.0.9:5060', udp, 'uac', false],
    ['sip:p@192.168.1.2:5062', udp, 'uac', true],
    ['sip:p@10.0.0.9:5062', tcp, 'uac', true],
    ['sip:p@10.0.0.9:5062', undefined, 'uas', false],
  ])('Contact %s seen from %j as %s: %s', (contact, observed, role, behind) => {
    expect(behindNat(dialog(contact, observed, role))).toBe(behind);
  });
});

describe('bindings of TCP phones', () => {
  const register = request('REGISTER', [['Contact', '<sip:1001@192.168.1.2:5060;transport=tcp>']]);
  const granted = (headers: readonly (readonly [string, string])[]): ReturnType<typeof createResponse> => createResponse(register, 200, { headers });
  const uri = 'sip:1001@192.168.1.2:5060';

  it('last as long as the answer grants', () => {
    const bindings = createBindings();
    bindings.learn(register, granted([['Contact', '<sip:1001@192.168.1.2:5060;transport=tcp>;expires=60']]), tcp, 0);
    expect([bindings.find(uri, 59_000), bindings.find(uri, 61_000), bindings.find('sip:1002@192.168.1.2:5060', 0)]).toEqual([tcp, undefined, undefined]);
  });

  it('end with the connection, with expires=0, and are never made for UDP', () => {
    const bindings = createBindings();
    bindings.learn(register, granted([['Expires', '60']]), tcp, 0);
    bindings.forget(tcp);
    bindings.learn(register, granted([['Expires', '60']]), udp, 0);
    expect(bindings.size()).toBe(0);
    bindings.learn(register, granted([['Expires', '60']]), tcp, 0);
    bindings.learn(register, granted([['Expires', '0']]), tcp, 0);
    expect(bindings.size()).toBe(0);
  });
});

describe('the dialog store', () => {
  const held = (callId: string): Held => {
    const invite = createRequest({ method: 'INVITE', uri: 'sip:x@y', from: '<sip:a@b>;tag=1', to: '<sip:c@d>', callId, cseq: 1, headers: [['Contact', '<sip:a@b>']] });
    return {
      id: `${callId};from-tag=1`, method: 'INVITE', local: undefined, contact: '', dialog: uasDialog(invite, createResponse(invite, 200, { toTag: 'mine' })),
      owner: { name: 'a', connected: true, tags: new Set(), send: () => undefined }, forks: new Map(), inviting: undefined, answering: undefined, unacked: undefined,
      abandoned: false, sdp: Buffer.alloc(0), timer: { stop: () => undefined }, orphan: { stop: () => undefined }, ended: false,
    };
  };

  it('finds by ID and by tags, and forgets both', () => {
    const dialogs = createDialogs();
    const one = held('c1');
    expect(dialogs.add(one)).toBe(true);
    expect([dialogs.byId('c1;from-tag=1'), dialogs.of(one.owner).length, dialogs.size]).toEqual([one, 1, 1]);
    dialogs.remove(one);
    expect([dialogs.byId('c1;from-tag=1'), dialogs.size, one.ended]).toEqual([undefined, 0, true]);
  });

  it('finds every early fork, and forgets them all', () => {
    const dialogs = createDialogs();
    const one = held('c1');
    dialogs.add(one);
    const fork = { ...one.dialog, remoteTag: 'other' };
    dialogs.alias(one, fork);
    expect([dialogs.byKey(keyOf(fork)), dialogs.byKey(keyOf(one.dialog))]).toEqual([one, one]);
    one.dialog = fork;
    const [first] = one.forks.values();
    dialogs.remove(one);
    expect([dialogs.byKey(keyOf(fork)), first && dialogs.byKey(keyOf(first))]).toEqual([undefined, undefined]);
  });

  it('keeps the first of two with one ID, also when the second is removed', () => {
    const dialogs = createDialogs();
    const [first, second] = [held('c1'), held('c1')];
    dialogs.add(first);
    expect(dialogs.add(second)).toBe(false);
    dialogs.remove(second);
    expect(dialogs.byId('c1;from-tag=1')).toBe(first);
  });
});

describe('rewriting of proxied messages', () => {
  it('counts hops down and stops at none', () => {
    const hops = (value: string): string | undefined => {
      const one = request('INVITE');
      one.headers.set('Max-Forwards', value);
      return oneHopFurther(one)?.headers.get('Max-Forwards');
    };
    expect(['70', '1', '0', '255'].map(hops)).toEqual(['69', '0', undefined, '70']);
  });

  it('takes a Route off, puts Record-Route or Path on, takes a Via off', () => {
    const place = { proto: 'tcp', host: '10.0.0.1', port: 5060 } as const;
    const routed = request('INVITE', [['Route', '<sip:a;lr>, <sip:b;lr>']]);
    expect(withoutTopRoute(routed).headers.all('Route')).toEqual(['<sip:b;lr>']);
    expect(staying(routed, place).headers.get('Record-Route')).toBe('<sip:10.0.0.1:5060;transport=tcp;lr>');
    expect(staying(request('REGISTER'), place).headers.get('Path')).toBe('<sip:10.0.0.1:5060;transport=tcp;lr>');
    expect(upstream(createResponse(request('INVITE'), 200)).headers.all('Via')).toEqual([]);
  });

  it('prefers 6xx, then what the caller can mend, then 4xx, 5xx, 3xx', () => {
    expect([302, 503, 404, 401, 603].sort((a, b) => rank(a) - rank(b))).toEqual([603, 401, 404, 503, 302]);
  });
});

it.each([['1800;refresher=uas', { seconds: 1800, refresher: 'uas' }], ['90', { seconds: 90, refresher: undefined }], ['soon', undefined], ['0', undefined]])(
  'Session-Expires %s', (value, session) => {
    expect(sessionOf(request('INVITE', [['Session-Expires', value]]))).toEqual(session);
  });

it('alarms ring once, can be stopped, and are counted', async () => {
  const alarms = createAlarms();
  const stop = alarms.after(10_000, () => undefined);
  await new Promise<void>((resolve) => void alarms.after(1, resolve));
  expect(alarms.count()).toBe(1);
  stop();
  expect(alarms.count()).toBe(0);
});

it('a log line of one kind is written so often a second, and the rest counted', () => {
  const lines: string[] = [];
  let now = 0;
  const log = createLimitedLog(pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) }), 2, () => now);
  for (let i = 0; i < 10; i += 1) log('malformed', { i }, 'not a SIP message');
  log('stranger', {}, 'too many');
  now = 1_000;
  log('malformed', { i: 10 }, 'not a SIP message');
  expect(lines).toHaveLength(5);
  expect(lines[3]).toContain('"held":8');
});
