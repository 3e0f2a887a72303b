import { describe, expect, it } from 'vitest';
import { createRequest, createResponse } from '../message/create.js';
import { cseqOf } from '../message/read.js';
import type { SipRequest } from '../message/types.js';
import { parties, request, type Parties } from './parties.js';
import { both, compact } from './rest.js';
import type { ClientTx, Fork } from './types.js';

const forGood = 40_000;
const sdp = { headers: [['Content-Type', 'application/sdp']] as const, body: 'v=0\r\n' };
const ackOf = (invite: SipRequest, tag: string): SipRequest =>
  createRequest({ method: 'ACK', uri: invite.uri, from: '<sip:a@1.1.1.1>;tag=a1', to: `<sip:b@2.2.2.2>;tag=${tag}`, callId: 'call-1', cseq: cseqOf(invite).seq });
const count = (p: Parties): number[] => [p.a.transactions.count(), p.b.transactions.count(), p.a.transactions.timers(), p.b.transactions.timers()];

/** An INVITE whose 2xx is acknowledged, and what its user hears of other forks. */
function answered(p: Parties): { readonly tx: ClientTx; readonly forks: Fork[] } {
  const forks: Fork[] = [];
  const tx = p.a.transactions.request(request('INVITE', sdp), p.b.at, { ...p.a.handlers, onFork: (fork) => void forks.push(fork) });
  p.clock.advance(1);
  const [server] = p.b.requests;
  if (server) p.b.transactions.retransmit2xx(server, createResponse(server.request, 200, { toTag: 'b1' }), () => p.b.heard.push('no ACK'));
  p.clock.advance(1);
  tx.ack(ackOf(tx.request, 'b1'), p.b.at);
  p.clock.advance(1);
  return { tx, forks };
}

describe('after its answer was acknowledged, an INVITE', () => {
  it('is over for both users, and stands for copies until 64·T1 have passed', () => {
    const p = parties();
    const { tx } = answered(p);
    expect([tx.terminated, p.b.requests[0]?.terminated, p.b.requests[0]?.answered]).toEqual([true, true, true]);
    expect(count(p)).toEqual([1, 1, 1, 1]);
    p.clock.advance(31_990);
    expect(count(p)).toEqual([1, 1, 1, 1]);
    p.clock.advance(20);
    expect([p.a.heard, count(p)]).toEqual([['200', 'gone'], [0, 0, 0, 0]]);
  });

  it('gets the ACK again for a copy of the 2xx, and nobody is asked', () => {
    const p = parties();
    const { tx } = answered(p);
    p.wire.seen();
    p.a.transactions.receive(createResponse(tx.request, 200, { toTag: 'b1' }), p.b.at, p.a.at);
    p.clock.advance(2);
    expect([p.wire.seen(), p.a.heard, p.b.heard]).toEqual([['1.1.1.1→2.2.2.2 ACK'], ['200'], ['INVITE', 'ended done', 'ACK']]);
  });

  it('absorbs its copies', () => {
    const p = parties();
    const { tx } = answered(p);
    p.b.transactions.receive(tx.request, p.a.at, p.b.at);
    p.clock.advance(10);
    expect(p.b.heard).toEqual(['INVITE', 'ended done', 'ACK']);
  });

  it('takes no second answer', () => {
    const p = parties();
    answered(p);
    const [server] = p.b.requests;
    expect(server?.respond(createResponse(server.request, 200, { toTag: 'b1' }))).toBe(false);
  });

  it('hands on the 2xx of another fork once, with what an ACK and a BYE need', () => {
    const p = parties();
    const { tx, forks } = answered(p);
    const other = createResponse(tx.request, 200, { toTag: 'b2' });
    p.a.transactions.receive(other, p.b.at, p.a.at);
    p.a.transactions.receive(other, p.b.at, p.a.at);
    const [fork] = forks;
    expect([forks.length, fork?.request.method, fork?.request.body.length, fork?.request.headers.has('Via'), fork?.request.headers.get('From')]).toEqual([1, 'INVITE', 0, false, '<sip:a@1.1.1.1>;tag=a1']);
    fork?.ack(ackOf(tx.request, 'b2'), p.b.at);
    p.wire.seen();
    p.a.transactions.receive(other, p.b.at, p.a.at);
    p.clock.advance(1);
    expect(p.wire.seen()).toEqual(['1.1.1.1→2.2.2.2 ACK']);
  });

  it('without a handler for forks waits for them as before', () => {
    const p = parties();
    const tx = p.a.transactions.request(request('INVITE'), p.b.at, p.a.handlers);
    p.clock.advance(1);
    p.a.transactions.receive(createResponse(tx.request, 200, { toTag: 'b1' }), p.b.at, p.a.at);
    tx.ack(ackOf(tx.request, 'b1'), p.b.at);
    p.a.transactions.receive(createResponse(tx.request, 200, { toTag: 'b2' }), p.b.at, p.a.at);
    expect([p.a.heard, tx.terminated]).toEqual([['200', '200'], false]);
  });

  it('is closed like any other', () => {
    const p = parties();
    answered(p);
    p.a.transactions.close();
    p.b.transactions.close();
    expect(count(p)).toEqual([0, 0, 0, 0]);
  });
});

it('every copy of a refusal is acknowledged though the INVITE is forgotten', () => {
  const p = parties();
  const tx = p.a.transactions.request(request('INVITE', sdp), p.b.at, p.a.handlers);
  const refusal = createResponse(tx.request, 486, { toTag: 'b1' });
  for (let i = 0; i < 3; i += 1) p.a.transactions.receive(refusal, p.b.at, p.a.at);
  p.clock.advance(1);
  expect(p.wire.seen().filter((line) => line.endsWith('ACK')).length).toBe(3);
  p.a.transactions.receive(createResponse(tx.request, 200, { toTag: 'b1' }), p.b.at, p.a.at);
  expect(p.a.heard).toEqual(['486']);
});

it('a CANCEL for a request that was answered long ago gets 200 with the same To tag (§9.2)', () => {
  const p = parties();
  const tx = p.a.transactions.request(request('INFO'), p.b.at, p.a.handlers);
  p.clock.advance(1);
  const [server] = p.b.requests;
  server?.respond(createResponse(server.request, 200, { toTag: 'b1' }));
  const cancel = request('CANCEL');
  cancel.headers.set('Via', tx.request.headers.get('Via') ?? '');
  p.b.transactions.receive(cancel, p.a.at, p.b.at);
  p.clock.advance(2);
  expect([p.b.heard, p.wire.seen().at(-1)]).toEqual([['INFO', 'ended done'], '2.2.2.2→1.1.1.1 200 CANCEL']);
});

it('an answer in another alphabet comes again as it was', () => {
  const p = parties();
  p.wire.lose((line) => line.includes('200'));
  const tx = p.a.transactions.request(request('OPTIONS'), p.b.at, p.a.handlers);
  p.clock.advance(1);
  const [server] = p.b.requests;
  server?.respond(createResponse(server.request, 200, { headers: [['Subject', '您好']], toTag: 'b1' }));
  p.wire.lose(() => false);
  p.b.transactions.receive(tx.request, p.a.at, p.b.at);
  p.clock.advance(2);
  expect(p.a.responses[0]?.headers.get('Subject')).toBe('您好');
  p.clock.advance(forGood);
  expect(count(p)).toEqual([0, 0, 0, 0]);
});

it('keeps text whole, and runs both', () => {
  const ran: number[] = [];
  both(() => ran.push(1), () => ran.push(2))();
  expect([compact('z9hG4bK您'), ran]).toEqual(['z9hG4bK您', [1, 2]]);
});

it('an ACK given in the very turn of the 2xx leaves one timer and one entry', () => {
  const p = parties();
  const handlers = { ...p.a.handlers, onResponse: () => tx.ack(ackOf(tx.request, 'b1'), p.b.at), onFork: () => undefined };
  const tx = p.a.transactions.request(request('INVITE', sdp), p.b.at, handlers);
  p.a.transactions.receive(createResponse(tx.request, 200, { toTag: 'b1' }), p.b.at, p.a.at);
  expect([p.a.transactions.count(), p.a.transactions.timers(), tx.terminated]).toEqual([1, 1, true]);
  p.clock.advance(forGood);
  expect([p.a.transactions.count(), p.a.transactions.timers()]).toEqual([0, 0]);
});
