import { describe, expect, it } from 'vitest';
import { manualClock } from '../clock/clock.js';
import { createRequest } from '../message/create.js';
import { parseVia } from '../message/via.js';
import { isLoopback, pickListener, plain } from './address.js';
import { createRate } from './limits.js';
import { locate, type Names } from './locate.js';
import type { Local, Remote } from './types.js';
import { responseFallback, responseTarget, stampSource } from './via.js';

const from: Remote = { proto: 'udp', address: '203.0.113.5', port: 40_001 };
const stamped = (via: string): string | undefined => {
  const request = createRequest({ method: 'OPTIONS', uri: 'sip:x', from: '<sip:a@x>', to: '<sip:b@x>', callId: 'c', cseq: 1 });
  request.headers.set('Via', via);
  stampSource(request, from);
  return request.headers.get('Via');
};

it.each([
  ['§18.2.1 the same address: nothing', 'SIP/2.0/UDP 203.0.113.5;branch=b', 'SIP/2.0/UDP 203.0.113.5;branch=b'],
  ['§18.2.1 another address', 'SIP/2.0/UDP 10.0.0.5;branch=b', 'SIP/2.0/UDP 10.0.0.5;branch=b;received=203.0.113.5'],
  ['§18.2.1 a name', 'SIP/2.0/UDP phone.example;branch=b', 'SIP/2.0/UDP phone.example;branch=b;received=203.0.113.5'],
  ['RFC 3581 §4 rport: both, whatever the address', 'SIP/2.0/UDP 203.0.113.5;rport;branch=b', 'SIP/2.0/UDP 203.0.113.5;rport=40001;branch=b;received=203.0.113.5'],
  ['a received of the sender’s own is replaced', 'SIP/2.0/UDP 10.0.0.5;received=198.51.100.1', 'SIP/2.0/UDP 10.0.0.5;received=203.0.113.5'],
  ['or taken away', 'SIP/2.0/UDP 203.0.113.5;received=198.51.100.1', 'SIP/2.0/UDP 203.0.113.5'],
  ['only the top one of a list', 'SIP/2.0/UDP 10.0.0.5;branch=b, SIP/2.0/UDP 10.0.0.6', 'SIP/2.0/UDP 10.0.0.5;branch=b;received=203.0.113.5, SIP/2.0/UDP 10.0.0.6'],
])('%s', (_rule, before, after) => {
  expect(stamped(before)).toBe(after);
});

describe('a response goes', () => {
  const target = (via: string, proto: Remote['proto'] = 'udp') => responseTarget(parseVia(via), { ...from, proto }).port;

  it('§18.2.2 to the port of the Via, 5060 unless it names one', () => {
    expect([target('SIP/2.0/UDP a:5070'), target('SIP/2.0/UDP a')]).toEqual([5070, 5060]);
  });

  it('RFC 3581 §4 to the source port when the sender asks for it', () => {
    expect(target('SIP/2.0/UDP a:5070;rport=40001')).toBe(40_001);
  });

  it('on the connection of the request, and failing that to the port its Via names', () => {
    expect(target('SIP/2.0/TCP a:5070', 'tcp')).toBe(40_001);
    expect(responseFallback(parseVia('SIP/2.0/TCP a:5070'), { ...from, proto: 'tcp' })).toEqual({ ...from, proto: 'tcp', port: 5070 });
  });

  it('never to maddr or to a host the sender only claims', () => {
    expect(responseTarget(parseVia('SIP/2.0/UDP victim.example;maddr=198.51.100.9'), from).address).toBe(from.address);
  });
});

describe('the listener to send from', () => {
  const all: Local[] = [
    { proto: 'udp', address: '0.0.0.0', port: 5060 },
    { proto: 'udp', address: '127.0.0.1', port: 5070 },
    { proto: 'tcp', address: '0.0.0.0', port: 5060 },
    { proto: 'udp', address: '::1', port: 5060 },
  ];
  const pick = (address: string, proto: 'udp' | 'tcp' = 'udp', local?: Local) => pickListener(all, { proto, address, port: 1 }, local);

  it('is the one asked for', () => {
    expect(pick('127.0.0.1', 'udp', all[0])).toBe(all[0]);
  });

  it('is on the same side of the loopback interface, and of the same family', () => {
    expect([pick('127.0.0.1'), pick('192.0.2.1'), pick('::1')]).toEqual([all[1], all[0], all[3]]);
  });

  it('takes a wildcard for what nothing nearer serves', () => {
    expect(pick('127.0.0.1', 'tcp')).toBe(all[2]);
    expect(pickListener(all, { proto: 'tcp', address: '2001:db8::1', port: 1 })).toBeUndefined();
  });

  it('reads an address of a socket of both families as what it is', () => {
    expect([plain('::ffff:192.0.2.1'), plain('2001:db8::1'), isLoopback(plain('::ffff:127.0.0.1'))]).toEqual(['192.0.2.1', '2001:db8::1', true]);
  });
});

describe('locate (RFC 3263)', () => {
  const names: Names = {
    addresses: (name) => Promise.resolve({ 'gw.example': ['192.0.2.7', '2001:db8::7'], 'a.example': ['192.0.2.1'], 'b.example': ['192.0.2.2'] }[name] ?? []),
    services: (name) =>
      Promise.resolve(
        name === '_sip._udp.carrier.example'
          ? [
              { name: 'b.example', port: 5080, priority: 20, weight: 0 },
              { name: 'a.example', port: 5070, priority: 10, weight: 1 },
              { name: 'gone.example', port: 1, priority: 5, weight: 1 },
            ]
          : [],
      ),
  };
  const found = async (host: string, port?: number) => (await locate({ proto: 'udp', host, port }, names)).map((r) => `${r.address}:${r.port}`);

  it('takes an address as it is', async () => {
    expect([await found('192.0.2.9'), await found('2001:db8::9', 5070)]).toEqual([['192.0.2.9:5060'], ['2001:db8::9:5070']]);
  });

  it('asks for SRV, lowest priority first, passing over names that are gone', async () => {
    expect(await found('carrier.example')).toEqual(['192.0.2.1:5070', '192.0.2.2:5080']);
  });

  it('asks for addresses only when there is a port, or no SRV', async () => {
    expect([await found('gw.example', 5090), await found('gw.example')]).toEqual([['192.0.2.7:5090', '2001:db8::7:5090'], ['192.0.2.7:5060', '2001:db8::7:5060']]);
  });

  it('says so when a name leads nowhere', async () => {
    await expect(found('nowhere.example')).rejects.toMatchObject({ code: 'sip.transport' });
  });
});

it('reports so many a second of one source, and forgets with the second', () => {
  const clock = manualClock();
  const may = createRate(2, clock);
  expect([may('a'), may('a'), may('a'), may('b')]).toEqual([true, true, false, true]);
  clock.advance(1_000);
  expect(may('a')).toBe(true);
});
