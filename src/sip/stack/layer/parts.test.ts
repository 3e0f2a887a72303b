import { describe, expect, it } from 'vitest';
import { manualClock } from '../clock/clock.js';
import { createTimers } from '../clock/timers.js';
import { createResponse } from '../message/create.js';
import { SipSyntaxError } from '../message/errors.js';
import { TransportError } from '../transport/errors.js';
import type { Arm } from '../transaction/link.js';
import { ackOf, cancelOf, withVia } from './build.js';
import { clientKey, clientKeyOf, serverKey } from './keys.js';
import { createMachine } from './machine.js';
import { request } from './parties.js';
import { createWatchers } from './watchers.js';
import { createWire } from './wire.js';

const at = { proto: 'udp', address: '2.2.2.2', port: 5060 } as const;
const transport = createWire(manualClock()).join('1.1.1.1', () => undefined);
const sent = withVia(request('INVITE', { headers: [['Route', '<sip:p1;lr>, <sip:p2;lr>'], ['Contact', '<sip:a@1.1.1.1>'], ['Authorization', 'x']], body: 'v=0' }), transport, at, undefined, 'z9hG4bKx');
const lines = (r: typeof sent): string[] => [...r.headers.entries()].map(([n, v]) => `${n}: ${v}`);

describe('what belongs to one hop', () => {
  it('ACK of a refusal: the Via and Route of the INVITE, the To of the refusal, no body (§17.1.1.3)', () => {
    const ack = ackOf(sent, createResponse(sent, 486, { toTag: 'b1' }));
    expect([ack.method, ack.uri, ack.body.length]).toEqual(['ACK', 'sip:b@2.2.2.2', 0]);
    expect(lines(ack)).toEqual([
      'Via: SIP/2.0/UDP 1.1.1.1:5060;branch=z9hG4bKx;rport',
      'Max-Forwards: 70',
      'From: <sip:a@1.1.1.1>;tag=a1',
      'To: <sip:b@2.2.2.2>;tag=b1',
      'Call-ID: call-1',
      'CSeq: 1 ACK',
      'Route: <sip:p1;lr>',
      'Route: <sip:p2;lr>',
    ]);
  });

  it('CANCEL: the same with the To of the INVITE, and what the user adds (§9.1)', () => {
    const cancel = cancelOf(sent, [['Reason', 'SIP;cause=200']]);
    expect([cancel.method, cancel.headers.get('To'), cancel.headers.get('CSeq'), cancel.headers.get('Reason')]).toEqual(['CANCEL', '<sip:b@2.2.2.2>', '1 CANCEL', 'SIP;cause=200']);
  });

  it('of a proxied request: only the topmost Via', () => {
    const proxied = withVia(sent, transport, at, undefined, 'z9hG4bKy');
    expect(proxied.headers.all('Via')).toHaveLength(2);
    expect(cancelOf(proxied).headers.all('Via')).toEqual(['SIP/2.0/UDP 1.1.1.1:5060;branch=z9hG4bKy;rport']);
  });

  it('cannot be made of a request that never had a Via', () => {
    expect(() => cancelOf(request('INVITE'))).toThrow(SipSyntaxError);
  });

  it('names no real host when there is no listener: the send will say so', () => {
    const none = { ...transport, sentBy: () => { throw new TransportError('no tcp listener'); } };
    expect(withVia(request('OPTIONS'), none, at, undefined, 'b').headers.get('Via')).toContain('unreachable.invalid');
  });
});

describe('keys', () => {
  it('tell a response by branch and method (§17.1.3)', () => {
    expect(clientKeyOf(createResponse(sent, 200))).toBe(clientKey('z9hG4bKx', 'INVITE'));
    const bare = createResponse(sent, 200);
    bare.headers.set('Via', 'SIP/2.0/UDP 1.1.1.1');
    expect(clientKeyOf(bare)).toBeUndefined();
  });

  it('tell a request of RFC 2543 the same before and after we stamped its Via', () => {
    const [plain, stamped] = ['SIP/2.0/UDP 10.0.0.1', 'SIP/2.0/UDP 10.0.0.1;received=203.0.113.1'].map((via) => {
      const r = request('INVITE');
      r.headers.set('Via', via);
      return serverKey(r, 'INVITE');
    });
    expect(plain).toBe(stamped);
  });
});

describe('the driver of a machine', () => {
  type Event = { type: 'go'; to: string } | { type: 'timer'; name: 'X' | 'Y' };
  const table: Record<string, (Arm<'X' | 'Y'> | { do: string })[]> = {
    early: [{ do: 'arm', timer: 'X', afterMs: 10 }],
    proceeding: [{ do: 'say' }],
    accepted: [{ do: 'arm', timer: 'Y', afterMs: 20 }],
    terminated: [{ do: 'last words' }],
    instant: [{ do: 'arm', timer: 'X', afterMs: 0 }],
  };
  function start() {
    const clock = manualClock();
    const timers = createTimers(clock);
    const log: string[] = [];
    const machine = createMachine<{ state: string }, 'X' | 'Y', { type: 'go'; to: string }, { do: string }>({
      timers,
      start: [{ state: 'early' }, table['early'] ?? []],
      step: (s, e: Event) => (e.type === 'timer' ? [{ state: e.name === 'Y' ? 'terminated' : s.state }, [{ do: `timer ${e.name}` }]] : [{ state: e.to }, table[e.to] ?? []]),
      perform: (effect) => log.push(effect.do),
      onTerminated: () => log.push('terminated'),
    });
    return { clock, timers, log, machine };
  }

  it('keeps timers while it proceeds and drops them with the final answer', () => {
    const { clock, timers, log, machine } = start();
    machine.input({ type: 'go', to: 'proceeding' });
    expect(timers.armed).toBe(1);
    machine.input({ type: 'go', to: 'accepted' });
    expect([timers.armed, machine.state]).toEqual([1, 'accepted']);
    clock.advance(20);
    expect([log, machine.over, timers.armed]).toEqual([['say', 'timer Y', 'terminated'], true, 0]);
  });

  it('takes nothing after its end', () => {
    const { log, machine } = start();
    machine.input({ type: 'go', to: 'terminated' });
    machine.input({ type: 'go', to: 'proceeding' });
    expect(log).toEqual(['last words', 'terminated']);
  });

  it('a timer of no time fires within the same step', () => {
    const { log, machine } = start();
    machine.input({ type: 'go', to: 'instant' });
    expect(log).toEqual(['timer X']);
  });

  it('dropped, it ends without a word', () => {
    const { clock, timers, log, machine } = start();
    machine.drop();
    clock.advance(100);
    expect([log, timers.armed, machine.over]).toEqual([[], 0, true]);
  });
});

describe('who waits for the end', () => {
  it('is told whenever he came, and of one CANCEL only', () => {
    const watchers = createWatchers();
    const log: string[] = [];
    watchers.onCancel(() => log.push('early'));
    watchers.cancel(request('CANCEL'));
    watchers.cancel(request('CANCEL'));
    watchers.onCancel(() => log.push('late'));
    watchers.onTerminated((why) => log.push(`early ${why}`));
    watchers.terminated('no_ack');
    watchers.onTerminated((why) => log.push(`late ${why}`));
    expect([log, watchers.cancelled]).toEqual([['early', 'late', 'early no_ack', 'late no_ack'], true]);
  });
});
