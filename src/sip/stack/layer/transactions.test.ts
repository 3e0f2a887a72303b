import { describe, expect, it } from 'vitest';
import { createRequest, createResponse } from '../message/create.js';
import { cseqOf, toTag, topVia } from '../message/read.js';
import type { SipRequest } from '../message/types.js';
import { parties, request, type Parties } from './parties.js';
import type { ServerTx } from './types.js';

const first = (p: Parties): ServerTx => {
  const [tx] = p.b.requests;
  if (!tx) throw new Error('nothing came');
  return tx;
};
const answer = (p: Parties, status: number, toTag = 'b1'): void => void first(p).respond(createResponse(first(p).request, status, { toTag }));
const invite = (p: Parties) => {
  const tx = p.a.transactions.request(request('INVITE'), p.b.at, p.a.handlers);
  p.clock.advance(1);
  return tx;
};
const ackOf = (r: SipRequest, tag = 'b1'): SipRequest =>
  createRequest({ method: 'ACK', uri: r.uri, from: '<sip:a@1.1.1.1>;tag=a1', to: `<sip:b@2.2.2.2>;tag=${tag}`, callId: 'call-1', cseq: cseqOf(r).seq });
const idle = (p: Parties): number[] => [p.a, p.b].flatMap(({ transactions: t }) => [t.count(), t.timers()]);
const forGood = 40_000;

describe('a request', () => {
  it('carries our Via with branch and rport, and the answer finds its way back', () => {
    const p = parties();
    const tx = p.a.transactions.request(request('OPTIONS'), p.b.at, p.a.handlers);
    p.clock.advance(1);
    expect(topVia(tx.request)).toMatchObject({ transport: 'UDP', host: '1.1.1.1', port: 5060 });
    expect(Object.fromEntries(topVia(first(p).request).params)).toEqual({ branch: tx.branch, rport: '5060', received: '1.1.1.1' });
    answer(p, 200);
    p.clock.advance(1);
    expect(p.a.heard).toEqual(['200']);
  });

  it('leaves the request it was given as it was, so that it can go to the next host too', () => {
    const p = parties();
    const mine = request('INVITE');
    p.a.transactions.request(mine, p.b.at, p.a.handlers);
    expect(mine.headers.has('Via')).toBe(false);
  });

  it('is sent until answered: 0.5 s, 1 s, 2 s, 4 s, 4 s (§17.1.2.2), and given up after 32 s', () => {
    const p = parties();
    p.wire.lose(() => true);
    p.a.transactions.request(request('OPTIONS'), p.b.at, p.a.handlers);
    p.clock.advance(forGood);
    expect(p.wire.seen()).toHaveLength(11);
    expect(p.a.heard).toEqual(['timeout', 'gone']);
    expect(idle(p)).toEqual([0, 0, 0, 0]);
  });

  it('reaches the user once, however often it comes; each copy gets the answer again', () => {
    const p = parties();
    p.wire.lose((line) => line.includes('200'));
    p.a.transactions.request(request('OPTIONS'), p.b.at, p.a.handlers);
    p.clock.advance(1);
    answer(p, 200);
    p.clock.advance(1_600);
    expect([p.b.heard, p.a.heard]).toEqual([['OPTIONS', 'ended done'], []]);
    expect(p.wire.seen().filter((line) => line.includes('200'))).toHaveLength(3);
    p.wire.lose(() => false);
    p.clock.advance(forGood);
    expect([p.a.heard, p.b.heard.at(-1), idle(p)]).toEqual([['200', 'gone'], 'ended done', [0, 0, 0, 0]]);
  });

  it('over TCP is sent once and forgotten with its answer', () => {
    const p = parties();
    p.a.transactions.request(request('OPTIONS'), { ...p.b.at, proto: 'tcp' }, p.a.handlers);
    p.clock.advance(1);
    answer(p, 200);
    p.clock.advance(1);
    expect([p.a.heard, idle(p)]).toEqual([['200', 'gone'], [0, 0, 0, 0]]);
  });

  it('that cannot be sent is reported at once', () => {
    const p = parties();
    p.a.transactions.request(request('INVITE'), { proto: 'tcp', address: '9.9.9.9', port: 5060 }, p.a.handlers);
    p.clock.advance(1);
    expect([p.a.heard, idle(p)]).toEqual([['unreachable', 'gone'], [0, 0, 0, 0]]);
  });
});

describe('an INVITE', () => {
  it('gets 100 Trying when nobody answers within 200 ms (§17.2.1)', () => {
    const p = parties();
    invite(p);
    p.clock.advance(199);
    expect(p.a.heard).toEqual([]);
    p.clock.advance(2);
    expect(p.a.heard).toEqual(['100']);
  });

  it('gets none when it was answered in time', () => {
    const p = parties();
    invite(p);
    answer(p, 180);
    p.clock.advance(1_000);
    expect(p.a.heard).toEqual(['180']);
  });

  it('refused: the ACK has its branch, is absorbed, and all is over', () => {
    const p = parties();
    const tx = invite(p);
    answer(p, 486);
    p.clock.advance(2);
    expect(p.wire.seen().slice(-2)).toEqual(['2.2.2.2→1.1.1.1 486 INVITE', '1.1.1.1→2.2.2.2 ACK']);
    expect([p.b.heard, tx.terminated, p.a.transactions.count()]).toEqual([['INVITE', 'ended done'], true, 1]);
    p.clock.advance(forGood);
    expect([p.a.heard, p.b.heard, idle(p)]).toEqual([['486', 'gone'], ['INVITE', 'ended done'], [0, 0, 0, 0]]);
  });

  it('refused, every ACK lost: the refusal is sent again, then given up after 64·T1', () => {
    const p = parties();
    p.wire.lose((line) => line.endsWith('ACK'));
    invite(p);
    answer(p, 486);
    p.clock.advance(forGood);
    expect([p.a.heard, p.b.heard]).toEqual([['486', 'gone'], ['INVITE', 'ended no_ack']]);
    expect(idle(p)).toEqual([0, 0, 0, 0]);
  });

  it('takes one final answer only', () => {
    const p = parties();
    invite(p);
    expect([486, 200, 180].map((status) => first(p).respond(createResponse(first(p).request, status)))).toEqual([true, false, false]);
    expect(first(p).answered).toBe(true);
  });
});

describe('a 2xx', () => {
  const accept = (p: Parties) => {
    const tx = invite(p);
    p.b.transactions.retransmit2xx(first(p), createResponse(first(p).request, 200, { toTag: 'b1' }), () => p.b.heard.push('no ACK'));
    p.clock.advance(1);
    return tx;
  };

  it('is sent again until its ACK: T1, doubling to T2 (§13.3.1.4)', () => {
    const p = parties();
    accept(p);
    p.clock.advance(7_600);
    expect(p.wire.seen().filter((line) => line.includes('200'))).toHaveLength(5);
    expect(p.a.heard).toEqual(['200']);
  });

  it('whose ACK is there is not sent again; copies of the ACK are absorbed', () => {
    const p = parties();
    const tx = accept(p);
    tx.ack(ackOf(tx.request), p.b.at);
    p.clock.advance(1);
    tx.ack(ackOf(tx.request), p.b.at);
    p.clock.advance(forGood);
    expect(p.wire.seen().filter((line) => line.includes('200'))).toHaveLength(1);
    expect([p.b.heard, idle(p)]).toEqual([['INVITE', 'ended done', 'ACK'], [0, 0, 0, 0]]);
  });

  it('whose ACK was lost is acknowledged again without asking the user (§13.2.2.4)', () => {
    const p = parties();
    const tx = accept(p);
    p.wire.lose((line) => line.endsWith('ACK'));
    tx.ack(ackOf(tx.request), p.b.at);
    p.clock.advance(1);
    p.wire.lose(() => false);
    p.clock.advance(600);
    expect([p.a.heard, p.b.heard]).toEqual([['200'], ['INVITE', 'ended done', 'ACK']]);
  });

  it('that is never acknowledged is given up after 64·T1', () => {
    const p = parties();
    accept(p);
    p.clock.advance(31_900);
    expect(p.b.heard).toEqual(['INVITE']);
    p.clock.advance(forGood);
    expect([p.b.heard, idle(p)]).toEqual([['INVITE', 'ended done', 'no ACK'], [0, 0, 0, 0]]);
  });

  it('may be stopped by the user, who hung up', () => {
    const p = parties();
    invite(p);
    p.b.transactions.retransmit2xx(first(p), createResponse(first(p).request, 200), () => p.b.heard.push('no ACK')).stop();
    p.clock.advance(forGood);
    expect(p.wire.seen().filter((line) => line.includes('200'))).toHaveLength(1);
    expect(p.b.heard).not.toContain('no ACK');
  });

  it('of each fork goes up once (§13.2.2.4)', () => {
    const p = parties();
    invite(p);
    for (const tag of ['x', 'y', 'x']) answer(p, 200, tag);
    p.clock.advance(1);
    expect(p.a.responses.map((r) => toTag(r))).toEqual(['x', 'y']);
  });

  it('after Timer M is a stray', () => {
    const p = parties();
    const tx = invite(p);
    answer(p, 200);
    p.clock.advance(1);
    const late = createResponse(first(p).request, 200, { toTag: 'b1' });
    p.clock.advance(forGood);
    expect(tx.terminated).toBe(true);
    p.b.transactions.respondStateless(first(p).request, late, p.a.at, p.b.at);
    p.clock.advance(1);
    expect(p.a.heard).toEqual(['200', 'gone', 'stray 200']);
  });
});

describe('CANCEL', () => {
  it('waits for the first 1xx (§9.1)', () => {
    const p = parties();
    const tx = invite(p);
    tx.cancel();
    p.clock.advance(100);
    expect(p.wire.seen()).toEqual(['1.1.1.1→2.2.2.2 INVITE']);
    answer(p, 180);
    p.clock.advance(2);
    expect(p.wire.seen()).toContain('1.1.1.1→2.2.2.2 CANCEL');
    expect([p.b.heard, first(p).cancelled]).toEqual([['INVITE', 'cancelled'], true]);
  });

  it('is answered 200 by itself; the INVITE gets its 487 from the user', () => {
    const p = parties();
    const tx = invite(p);
    answer(p, 180);
    p.clock.advance(1);
    tx.cancel([['Reason', 'SIP;cause=200;text="Call completed elsewhere"']]);
    p.clock.advance(1);
    answer(p, 487);
    p.clock.advance(forGood);
    expect(p.wire.seen()).toEqual(expect.arrayContaining(['2.2.2.2→1.1.1.1 200 CANCEL', '2.2.2.2→1.1.1.1 487 INVITE', '1.1.1.1→2.2.2.2 ACK']));
    expect([p.a.heard, idle(p)]).toEqual([['180', '487', 'gone'], [0, 0, 0, 0]]);
  });

  it('tells a handler that comes late', () => {
    const p = parties();
    const tx = invite(p);
    answer(p, 180);
    p.clock.advance(1);
    tx.cancel();
    p.clock.advance(1);
    const late: string[] = [];
    first(p).onCancel((cancel) => late.push(cancel.method));
    expect(late).toEqual(['CANCEL']);
  });

  it('crossed by a 2xx: the 2xx is delivered, the far user hears nothing of the CANCEL', () => {
    const p = parties();
    const tx = invite(p);
    answer(p, 180);
    p.clock.advance(1);
    answer(p, 200);
    tx.cancel();
    p.clock.advance(10);
    expect([p.a.heard, p.b.heard]).toEqual([['180', '200'], ['INVITE']]);
    expect(p.wire.seen()).toContain('2.2.2.2→1.1.1.1 200 CANCEL');
  });

  it('that nobody obeys ends the call after 64·T1 (§9.1)', () => {
    const p = parties();
    const tx = invite(p);
    answer(p, 180);
    p.clock.advance(1);
    tx.cancel();
    p.clock.advance(forGood);
    expect([p.a.heard, p.a.transactions.count(), p.a.transactions.timers()]).toEqual([['180', 'timeout', 'gone'], 0, 0]);
  });

  it('after the answer, and of anything but an INVITE, is not sent', () => {
    const p = parties();
    const tx = invite(p);
    answer(p, 486);
    p.clock.advance(1);
    tx.cancel();
    p.a.transactions.request(request('OPTIONS', { cseq: 2 }), p.b.at, p.a.handlers).cancel();
    p.clock.advance(1_000);
    expect(p.wire.seen().filter((line) => line.includes('CANCEL'))).toEqual([]);
  });

  it('of a transaction that is not there gets 481 (§9.2)', () => {
    const p = parties();
    p.a.transactions.request(request('CANCEL'), p.b.at, p.a.handlers);
    p.clock.advance(2);
    expect([p.a.heard, p.b.heard]).toEqual([['481'], []]);
  });

  it('of another request gets 200 and changes nothing (§9.2)', () => {
    const p = parties();
    const tx = p.a.transactions.request(request('OPTIONS'), p.b.at, p.a.handlers);
    p.clock.advance(1);
    const cancel = createRequest({ method: 'CANCEL', uri: 'sip:b@2.2.2.2', from: '<sip:a@1.1.1.1>;tag=a1', to: '<sip:b@2.2.2.2>', callId: 'call-1', cseq: 1 });
    cancel.headers.set('Via', tx.request.headers.get('Via') ?? '');
    p.b.transactions.receive(cancel, p.a.at, p.b.at);
    p.clock.advance(1);
    expect([p.b.heard, p.wire.seen().at(-1)]).toEqual([['OPTIONS'], '2.2.2.2→1.1.1.1 200 CANCEL']);
  });
});

describe('matching (§17.2.3)', () => {
  const old = (method: string, to = '<sip:b@2.2.2.2>'): SipRequest => {
    const r = createRequest({ method, uri: 'sip:b@2.2.2.2', from: '<sip:a@1.1.1.1>;tag=a1', to, callId: 'old', cseq: 3 });
    r.headers.set('Via', 'SIP/2.0/UDP 1.1.1.1');
    return r;
  };

  it('knows copies and the ACK of a peer of RFC 2543, which sends no branch', () => {
    const p = parties();
    p.b.transactions.receive(old('INVITE'), p.a.at, p.b.at);
    p.b.transactions.receive(old('INVITE'), p.a.at, p.b.at);
    answer(p, 486);
    p.b.transactions.receive(old('ACK', '<sip:b@2.2.2.2>;tag=b1'), p.a.at, p.b.at);
    p.clock.advance(forGood);
    expect(p.b.heard).toEqual(['INVITE', 'ended done']);
  });

  it('does not trust a branch that is only the cookie (RFC 4475 §3.2.1)', () => {
    const p = parties();
    for (const seq of [1, 2]) {
      const r = request('OPTIONS', { cseq: seq });
      r.headers.set('Via', 'SIP/2.0/UDP 1.1.1.1;branch=z9hG4bK');
      p.b.transactions.receive(r, p.a.at, p.b.at);
    }
    expect(p.b.heard).toEqual(['OPTIONS', 'OPTIONS']);
  });

  it('tells apart the same branch of two senders, and of two methods', () => {
    const p = parties();
    for (const [method, host] of [['INVITE', 'x'], ['INVITE', 'y'], ['BYE', 'x']] as const) {
      const r = request(method);
      r.headers.set('Via', `SIP/2.0/UDP ${host};branch=z9hG4bKsame`);
      p.b.transactions.receive(r, p.a.at, p.b.at);
    }
    expect(p.b.heard).toEqual(['INVITE', 'INVITE', 'BYE']);
  });

  it('passes an ACK up that belongs to nothing we know', () => {
    const p = parties();
    p.a.transactions.sendAck(request('ACK'), p.b.at);
    p.clock.advance(1);
    expect(p.b.heard).toEqual(['ACK']);
  });
});

describe('the door', () => {
  it('lets the user refuse without a transaction, or say nothing', () => {
    const p = parties({ admit: (r) => (r.method === 'INVITE' ? createResponse(r, 403) : r.method === 'INFO' ? 'drop' : undefined) });
    for (const [i, method] of ['INVITE', 'INFO', 'OPTIONS'].entries()) p.a.transactions.request(request(method, { cseq: i + 1 }), p.b.at, p.a.handlers);
    p.clock.advance(2);
    expect([p.a.heard, p.b.heard, p.b.transactions.count()]).toEqual([['403'], ['OPTIONS'], 1]);
  });

  it('when full answers 503 to what is new, never to what is in a dialog', () => {
    const p = parties({ maxServerTransactions: 1 });
    p.a.transactions.request(request('OPTIONS'), p.b.at, p.a.handlers);
    p.a.transactions.request(request('OPTIONS', { cseq: 2 }), p.b.at, p.a.handlers);
    p.a.transactions.request(request('BYE', { cseq: 3, to: '<sip:b@2.2.2.2>;tag=b1' }), p.b.at, p.a.handlers);
    p.clock.advance(2);
    expect([p.a.heard, p.b.heard]).toEqual([['503'], ['OPTIONS', 'BYE']]);
    expect(p.a.responses[0]?.headers.get('Retry-After')).toBe('10');
  });
});

describe('a request above 1300 bytes (§18.1.1)', () => {
  const large = request('MESSAGE', { body: 'x'.repeat(1_300) });

  it('goes by TCP where that is wanted', () => {
    const p = parties({ tcpForLarge: true });
    const tx = p.a.transactions.request(large, p.b.at, p.a.handlers);
    p.clock.advance(1);
    expect([tx.to.proto, topVia(first(p).request).transport, first(p).remote.proto]).toEqual(['tcp', 'TCP', 'tcp']);
  });

  it('goes by UDP after all when nobody is there, in one transaction', () => {
    const p = parties({ tcpForLarge: true });
    const tx = p.a.transactions.request(large, { ...p.b.at, address: '3.3.3.3' }, p.a.handlers);
    p.clock.advance(1);
    expect([tx.to.proto, topVia(tx.request).transport, p.a.heard]).toEqual(['udp', 'UDP', []]);
    p.clock.advance(forGood);
    expect([p.wire.seen().length > 3, p.a.heard, idle(p)]).toEqual([true, ['timeout', 'gone'], [0, 0, 0, 0]]);
  });

  it('goes by UDP unless told', () => {
    const p = parties();
    expect(p.a.transactions.request(large, p.b.at, p.a.handlers).to.proto).toBe('udp');
  });
});

it('closes without a word and without a timer', () => {
  const p = parties();
  invite(p);
  p.clock.advance(300);
  for (const party of [p.a, p.b]) party.transactions.close();
  const before = [...p.a.heard, ...p.b.heard];
  p.clock.advance(forGood);
  expect([idle(p), [...p.a.heard, ...p.b.heard]]).toEqual([[0, 0, 0, 0], before]);
});

it('has nothing left of a thousand calls 40 s later', () => {
  const p = parties();
  for (let i = 0; i < 1_000; i++) {
    const tx = p.a.transactions.request(request('INVITE', { callId: `c${i}` }), p.b.at, p.a.handlers);
    p.clock.advance(1);
    const there = p.b.requests.at(-1);
    if (there) p.b.transactions.retransmit2xx(there, createResponse(there.request, 200, { toTag: 'b1' }), () => expect.unreachable());
    p.clock.advance(1);
    tx.ack(createRequest({ ...{ method: 'ACK', uri: 'sip:b@2.2.2.2', from: '<sip:a@1.1.1.1>;tag=a1', to: '<sip:b@2.2.2.2>;tag=b1' }, callId: `c${i}`, cseq: 1 }), p.b.at);
  }
  p.clock.advance(forGood);
  expect(p.a.heard.filter((what) => what === '200')).toHaveLength(1_000);
  expect(idle(p)).toEqual([0, 0, 0, 0]);
});
