import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { get, openLab, OTHER_SDP, SDP, tagOf, within, withinAnswered, type App, type Dlg, type Lab, type Peer, type Req, type Res } from './lab.test.js';

type Invite = ReturnType<Peer['request']>;
let lab: Lab;
let srf: App;
let caller: Peer;
let callee: Peer;
let bridge: (req: Req, res: Res) => Promise<{ uas: Dlg; uac: Dlg }>;
let bridged: Promise<{ uas: Dlg; uac: Dlg }>;

beforeAll(async () => {
  lab = await openLab();
  srf = await lab.app();
  srf.use('invite', (req, res) => {
    bridged = bridge(req, res);
    bridged.then(
      ({ uas, uac }) => {
        uas.on('destroy', () => void uac.destroy());
        uac.on('destroy', () => void uas.destroy());
      },
      () => undefined,
    );
  });
});
beforeEach(async () => {
  caller = await lab.peer();
  callee = await lab.peer();
  bridge = (req, res) => srf.createB2BUA(req, res, `sip:1001@127.0.0.1:${callee.port}`, { proxyRequestHeaders: ['Subject'], proxyResponseHeaders: ['X-From-B'] });
});
/** Nothing of all these calls may be left, whatever way they ended. */
afterAll(async () => {
  await lab.idle();
  await lab.close();
});

async function call(body = SDP): Promise<{ a: Invite; b: Invite }> {
  const a = caller.request('INVITE', { body, headers: [['Subject', 'lunch']] });
  caller.send(a);
  return { a, b: (await callee.next('INVITE')) as Invite };
}
async function talk(): Promise<{ a: Invite; b: Invite; okA: Awaited<ReturnType<Peer['next']>>; okB: ReturnType<Peer['answer']> }> {
  const { a, b } = await call();
  const okB = callee.answer(b, 200, { body: OTHER_SDP, headers: [['X-From-B', 'yes']] });
  callee.send(okB);
  await callee.next('ACK');
  const okA = await caller.next(200);
  caller.send(within(caller, a, okA, 'ACK'));
  return { a, b, okA, okB };
}

describe('srf.createB2BUA between two phones', () => {
  it('passes numbers, SDP and the named headers, and both hang-ups', async () => {
    const { a, b, okA } = await talk();
    expect([get(b, 'Subject'), b.body, okA.body, get(okA, 'X-From-B')]).toEqual(['lunch', SDP, OTHER_SDP, 'yes']);
    expect(get(b, 'From')).toContain('sip:peer@');
    expect(get(b, 'Call-ID')).not.toBe(get(a, 'Call-ID'));
    caller.send(within(caller, a, okA, 'BYE'));
    const bye = (await callee.next('BYE')) as Invite;
    callee.send(callee.answer(bye, 200));
    await caller.next(200);
  });

  it('the callee hangs up', async () => {
    const { b, okB } = await talk();
    callee.send(withinAnswered(callee, b, okB, 'BYE'));
    await callee.next(200);
    const bye = (await caller.next('BYE')) as Invite;
    caller.send(caller.answer(bye, 200));
  });

  it('rings on one side when the other rings, and is cancelled on both', async () => {
    const { a, b } = await call();
    callee.send(callee.answer(b, 180));
    await caller.next(180);
    caller.send({ ...a, method: 'CANCEL', headers: a.headers.map(([n, v]) => [n, n === 'CSeq' ? '1 CANCEL' : v] as const) });
    const cancel = (await callee.next('CANCEL')) as Invite;
    callee.send(callee.answer(cancel, 200));
    callee.send(callee.answer(b, 487));
    await callee.next('ACK');
    await caller.next(487);
    await expect(bridged).rejects.toMatchObject({ status: 487 });
  });

  it.each([404, 486, 488, 603])('passes a refusal with %i', async (status) => {
    const { b } = await call();
    callee.send(callee.answer(b, status));
    await callee.next('ACK');
    await caller.next(status);
    await expect(bridged).rejects.toMatchObject({ status });
  });

  it('an INVITE without offer: the SDP of the ACK reaches the callee’s ACK', async () => {
    const { a, b } = await call('');
    expect(b.body).toBe('');
    callee.send(callee.answer(b, 200, { body: OTHER_SDP }));
    const okA = await caller.next(200);
    expect(okA.body).toBe(OTHER_SDP);
    caller.send(within(caller, a, okA, 'ACK', { body: SDP }));
    expect((await callee.next('ACK')).body).toBe(SDP);
    const { uas, uac } = await bridged;
    expect([uas, uac].every((dialog) => dialog.id !== '')).toBe(true);
    caller.send(within(caller, a, okA, 'BYE'));
    callee.send(callee.answer((await callee.next('BYE')) as Invite, 200));
  });

  it('a re-INVITE travels through to the other side and back', async () => {
    const { a, okA } = await talk();
    const { uas, uac } = await bridged;
    uas.on('modify', (req: Req, res: Res) => void uac.modify(req.body).then((sdp) => res.send(200, { body: sdp })));
    caller.send(within(caller, a, okA, 'INVITE', { body: SDP.replace('sendrecv', 'sendonly') }));
    const reinvite = (await callee.next('INVITE')) as Invite;
    expect([reinvite.body.includes('a=sendonly'), tagOf(reinvite, 'To')]).toEqual([true, `a${callee.port}`]);
    callee.send(callee.answer(reinvite, 200, { body: OTHER_SDP.replace('sendrecv', 'recvonly') }));
    await callee.next('ACK');
    expect((await caller.next(200)).body).toContain('a=recvonly');
    caller.send(within(caller, a, okA, 'ACK', { seq: 2 }));
    caller.send(within(caller, a, okA, 'BYE', { seq: 3 }));
    callee.send(callee.answer((await callee.next('BYE')) as Invite, 200));
  });
});
