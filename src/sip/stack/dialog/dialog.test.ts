import { describe, expect, it } from 'vitest';
import { createRequest, createResponse } from '../message/create.js';
import { SipSyntaxError } from '../message/errors.js';
import { cseqOf } from '../message/read.js';
import type { SipRequest, SipResponse } from '../message/types.js';
import type { Remote } from '../transport/types.js';
import { answerKey, incomingKey, keyOf, onDialogAnswer, onDialogRequest, onDialogResponse, uacDialog, uasDialog } from './dialog.js';
import { ackFor2xx, inDialogRequest, nextHop } from './request.js';

type Fields = [name: string, value: string][];
const contact = (uri: string): Fields => [['Contact', `<${uri}>`]];

const invite = (headers: Fields = contact('sip:alice@192.0.2.1')): SipRequest =>
  createRequest({ method: 'INVITE', uri: 'sip:bob@biloxi.com', from: 'Alice <sip:alice@atlanta.com>;tag=a1', to: 'Bob <sip:bob@biloxi.com>', callId: 'c1', cseq: 314, headers });
const answer = (status: number, { toTag = 'b1', headers = contact('sip:bob@192.0.2.2:5070') }: { toTag?: string; headers?: Fields } = {}, to = invite()): SipResponse =>
  createResponse(to, status, { toTag, headers });
const routed = answer(200, { headers: [...contact('sip:bob@192.0.2.2'), ['Record-Route', '<sip:p2.biloxi.com;lr>, <sip:p1.atlanta.com;lr>']] });
/** What bob, who answered, sends alice. */
const fromBob = (method: string, cseq: number, headers: Fields = []): SipRequest =>
  createRequest({ method, uri: 'sip:alice@192.0.2.1', from: '<sip:bob@biloxi.com>;tag=b1', to: '<sip:alice@atlanta.com>;tag=a1', callId: 'c1', cseq, headers });
const nat: Remote = { proto: 'udp', address: '203.0.113.5', port: 40_001 };

describe('a dialog is made', () => {
  it('by whoever called (§12.1.2)', () => {
    expect(uacDialog(invite(), answer(180))).toMatchObject({
      role: 'uac', state: 'early', callId: 'c1', localTag: 'a1', remoteTag: 'b1', local: '"Alice" <sip:alice@atlanta.com>', remote: '"Bob" <sip:bob@biloxi.com>',
      remoteTarget: 'sip:bob@192.0.2.2:5070', routeSet: [], localSeq: 314, remoteSeq: undefined,
    });
    expect(uacDialog(invite(), routed)).toMatchObject({ state: 'confirmed', routeSet: ['<sip:p1.atlanta.com;lr>', '<sip:p2.biloxi.com;lr>'] });
  });

  it('by whoever was called (§12.1.1), the routes in their own order', () => {
    const request = invite([...contact('sip:alice@192.0.2.1'), ['Record-Route', '<sip:p2;lr>'], ['Record-Route', '<sip:p1;lr>']]);
    expect(uasDialog(request, answer(200, {}, request))).toMatchObject({
      role: 'uas', state: 'confirmed', localTag: 'b1', remoteTag: 'a1', remoteTarget: 'sip:alice@192.0.2.1', routeSet: ['<sip:p2;lr>', '<sip:p1;lr>'], remoteSeq: 314,
    });
  });

  it('not from a request without Contact: 400 is due', () => {
    expect(() => uasDialog(invite([]), answer(200))).toThrow(SipSyntaxError);
  });

  it('for each fork of its own', () => {
    const forks = ['x', 'y'].map((toTag) => keyOf(uacDialog(invite(), answer(183, { toTag }))));
    expect(new Set(forks).size).toBe(2);
  });

  it('and is found by the messages of both directions', () => {
    const ours = uacDialog(invite(), answer(200));
    const theirs = uasDialog(invite(), answer(200));
    expect([answerKey(answer(200)), incomingKey(fromBob('BYE', 1))]).toEqual([keyOf(ours), keyOf(ours)]);
    expect(incomingKey(inDialogRequest(ours, { method: 'BYE' }).request)).toBe(keyOf(theirs));
  });
});

describe('an early dialog', () => {
  const early = uacDialog(invite(), answer(180));

  it('is confirmed by its 2xx, with the routes of that (§13.2.2.4)', () => {
    expect(onDialogResponse(early, invite(), routed)).toMatchObject({ state: 'confirmed', remoteTarget: 'sip:bob@192.0.2.2', routeSet: ['<sip:p1.atlanta.com;lr>', '<sip:p2.biloxi.com;lr>'] });
  });

  it('stays one with further 1xx', () => {
    expect(onDialogResponse(early, invite(), answer(183, { headers: contact('sip:bob@192.0.2.3') }))).toMatchObject({ state: 'early', remoteTarget: 'sip:bob@192.0.2.3' });
  });

  it('ends with a refusal, on either side', () => {
    expect(onDialogResponse(early, invite(), answer(486)).state).toBe('terminated');
    expect(onDialogAnswer(uasDialog(invite(), answer(180)), invite(), answer(486)).state).toBe('terminated');
  });

  it('is confirmed by the 2xx we send', () => {
    expect(onDialogAnswer(uasDialog(invite(), answer(180)), invite(), answer(200)).state).toBe('confirmed');
  });
});

describe('a confirmed dialog', () => {
  const dialog = uacDialog(invite(), answer(200));
  const ours = (method: string) => inDialogRequest(dialog, { method }).request;
  const reply = (method: string, status: number, headers: Fields = []) => onDialogResponse(dialog, ours(method), createResponse(ours(method), status, { headers }));

  it.each([
    ['a refused re-INVITE leaves it as it is (§14.1)', 'INVITE', 488, 'confirmed'],
    ['481 ends it (§12.2.1.2)', 'INFO', 481, 'terminated'],
    ['408 ends it (§12.2.1.2)', 'INVITE', 408, 'terminated'],
    ['the answer to BYE ends it', 'BYE', 200, 'terminated'],
    ['a refused BYE ends it as well (§15.1.1)', 'BYE', 500, 'terminated'],
    ['a challenged BYE does not: it is sent again', 'BYE', 407, 'confirmed'],
    ['a 1xx changes nothing', 'BYE', 100, 'confirmed'],
  ])('%s', (_rule, method, status, state) => {
    expect(reply(method, status).state).toBe(state);
  });

  it.each(['INVITE', 'UPDATE'])('takes a new target from the 2xx of %s (§12.2.1.2)', (method) => {
    expect(reply(method, 200, contact('sip:bob@192.0.2.9')).remoteTarget).toBe('sip:bob@192.0.2.9');
    expect(reply(method, 200, [...contact('sip:bob@192.0.2.9'), ['Record-Route', '<sip:new;lr>']]).routeSet).toEqual([]);
  });

  it('takes none from others', () => {
    expect(reply('INFO', 200, contact('sip:bob@192.0.2.9')).remoteTarget).toBe('sip:bob@192.0.2.2:5070');
  });

  it('takes a new target from a re-INVITE of the peer, and its CSeq (§12.2.2)', () => {
    const { dialog: next, refusal } = onDialogRequest(dialog, fromBob('INVITE', 5, contact('sip:bob@192.0.2.9')), nat);
    expect([next.remoteTarget, next.remoteSeq, next.observed, refusal]).toEqual(['sip:bob@192.0.2.9', 5, nat, undefined]);
  });

  it('refuses a CSeq that goes back with 500 and is as before (§12.2.2)', () => {
    const seen = onDialogRequest(dialog, fromBob('INFO', 7)).dialog;
    expect(onDialogRequest(seen, fromBob('INVITE', 6, contact('sip:evil@x')))).toEqual({ dialog: seen, refusal: 500 });
    expect(onDialogRequest(seen, fromBob('ACK', 3)).refusal).toBeUndefined();
    expect(onDialogRequest(seen, fromBob('INFO', 20)).refusal).toBeUndefined();
  });

  it('is over when we have answered a BYE', () => {
    const bye = fromBob('BYE', 9);
    expect(onDialogAnswer(dialog, bye, createResponse(bye, 200)).state).toBe('terminated');
    expect(onDialogAnswer(dialog, bye, createResponse(bye, 403)).state).toBe('confirmed');
  });
});

describe('a request in the dialog', () => {
  const lines = (r: SipRequest): string[] => [`${r.method} ${r.uri}`, ...[...r.headers.entries()].map(([n, v]) => `${n}: ${v}`)];

  it('has tags, Call-ID, and the next CSeq each time (§12.2.1.1)', () => {
    const once = inDialogRequest(uacDialog(invite(), answer(200)), { method: 'INVITE', contact: '<sip:alice@192.0.2.1>', headers: [['X-Own', 'y']], body: 'v=0' });
    expect(lines(once.request)).toEqual([
      'INVITE sip:bob@192.0.2.2:5070', 'Max-Forwards: 70', 'From: "Alice" <sip:alice@atlanta.com>;tag=a1', 'To: "Bob" <sip:bob@biloxi.com>;tag=b1', 'Call-ID: c1',
      'CSeq: 315 INVITE', 'Contact: <sip:alice@192.0.2.1>', 'X-Own: y',
    ]);
    expect(cseqOf(inDialogRequest(once.dialog, { method: 'BYE' }).request).seq).toBe(316);
  });

  it('goes through loose routers with the target as Request-URI', () => {
    const { request } = inDialogRequest(uacDialog(invite(), routed), { method: 'BYE' });
    expect([request.uri, request.headers.all('Route')]).toEqual(['sip:bob@192.0.2.2', ['<sip:p1.atlanta.com;lr>', '<sip:p2.biloxi.com;lr>']]);
    expect(nextHop(request)).toEqual({ proto: 'udp', host: 'p1.atlanta.com', port: undefined });
  });

  it('goes through a strict router with the target last (§12.2.1.1)', () => {
    const strict = answer(200, { headers: [...contact('sip:bob@192.0.2.2'), ['Record-Route', '<sip:p2;lr>, <sip:p1:5080?x=y>']] });
    const { request } = inDialogRequest(uacDialog(invite(), strict), { method: 'BYE' });
    expect([request.uri, request.headers.all('Route')]).toEqual(['sip:p1:5080', ['<sip:p2;lr>', '<sip:bob@192.0.2.2>']]);
    // Its own first Route is loose here: a strict router takes the Request-URI from the routes it was given.
    expect(nextHop({ ...request, headers: request.headers.clone().set('Route', ['<sip:old>']) })).toMatchObject({ host: 'p1', port: 5080 });
  });

  it('may not carry headers or method of a Contact into its Request-URI (§19.1.1)', () => {
    const odd = uacDialog(invite(), answer(200, { headers: contact('sip:bob@h;method=INVITE;x=1?Subject=y') }));
    expect(inDialogRequest(odd, { method: 'BYE' }).request.uri).toBe('sip:bob@h;x=1');
  });

  it('has no tag for a peer of RFC 2543', () => {
    const old = uacDialog(invite(), createResponse(invite(), 100, {}));
    expect(inDialogRequest(old, { method: 'BYE' }).request.headers.get('To')).toBe('"Bob" <sip:bob@biloxi.com>');
  });
});

it('the ACK of a 2xx has the number of its INVITE, its credentials and the routes of the dialog (§13.2.2.4)', () => {
  const request = invite([...contact('sip:alice@192.0.2.1'), ['Proxy-Authorization', 'Digest username="alice"']]);
  const moved = inDialogRequest(uacDialog(request, routed), { method: 'INFO' }).dialog;
  const ack = ackFor2xx(moved, request, { body: 'v=0' });
  expect([ack.uri, ack.headers.get('CSeq'), ack.headers.get('Proxy-Authorization'), ack.headers.all('Route').length, ack.body.toString()]).toEqual([
    'sip:bob@192.0.2.2', '314 ACK', 'Digest username="alice"', 2, 'v=0',
  ]);
});

describe('the next hop', () => {
  const to = (uri: string, headers: Fields = []): SipRequest => createRequest({ method: 'OPTIONS', uri, from: '<sip:a@x>;tag=1', to: '<sip:b@x>', callId: 'c', cseq: 1, headers });

  it.each<[what: string, request: SipRequest, hop: object]>([
    ['the Request-URI', to('sip:bob@biloxi.com'), { proto: 'udp', host: 'biloxi.com', port: undefined }],
    ['with its port and transport', to('sip:bob@[2001:db8::1]:5070;transport=TCP'), { proto: 'tcp', host: '2001:db8::1', port: 5070 }],
    ['the first Route', to('sip:bob@biloxi.com', [['Route', '<sip:192.0.2.8:5080;lr;transport=tcp>, <sip:x;lr>']]), { proto: 'tcp', host: '192.0.2.8', port: 5080 }],
    ['never maddr', to('sip:bob@biloxi.com;maddr=198.51.100.1'), { proto: 'udp', host: 'biloxi.com', port: undefined }],
  ])('is %s', (_what, request, hop) => {
    expect(nextHop(request)).toEqual(hop);
  });

  it('behind NAT is where the phone was last heard, when its Contact names another host', () => {
    expect(nextHop(to('sip:phone@10.0.0.7:5062'), { observed: nat })).toEqual({ proto: 'udp', host: '203.0.113.5', port: 40_001 });
  });

  it('is the Contact’s port when the host is the same: a carrier may send from another', () => {
    expect(nextHop(to('sip:gw@203.0.113.5:5060'), { observed: nat })).toEqual({ proto: 'udp', host: '203.0.113.5', port: 5060 });
  });

  it('is the connection a TCP peer came on', () => {
    expect(nextHop(to('sip:phone@203.0.113.5:5060'), { observed: { ...nat, proto: 'tcp' } })).toEqual({ proto: 'tcp', host: '203.0.113.5', port: 40_001 });
  });

  it('is a Route all the same', () => {
    expect(nextHop(to('sip:phone@10.0.0.7', [['Route', '<sip:p1;lr>']]), { observed: nat }).host).toBe('p1');
  });

  it.each(['sips:bob@biloxi.com', 'sip:bob@biloxi.com;transport=tls', 'tel:+1212', 'urn:service:sos'])('is none for %s', (uri) => {
    expect(() => nextHop(to(uri))).toThrow(expect.objectContaining({ status: 416 }));
  });
});
