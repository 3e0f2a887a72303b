import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { get, once, openLab, OTHER_SDP, SDP, tagOf, within, withinAnswered, type App, type Dlg, type Lab, type Peer, type Req, type Res } from './lab.test.js';

type Invite = ReturnType<Peer['request']>;
type Answer = Awaited<ReturnType<Peer['next']>>;
let lab: Lab;
let srf: App;
let peer: Peer;
let onInvite: (req: Req, res: Res) => void;

beforeAll(async () => {
  lab = await openLab();
  srf = await lab.app();
  srf.use('invite', (req, res) => onInvite(req, res));
});
beforeEach(async () => {
  peer = await lab.peer();
});
/** Nothing of all these calls may be left, whatever way they ended. */
afterAll(async () => {
  await lab.idle();
  await lab.close();
});

async function callIn(): Promise<{ uas: Dlg; invite: Invite; ok: Answer }> {
  const answered = new Promise<Dlg>((resolve, reject) => {
    onInvite = (req, res) => void srf.createUAS(req, res, { localSdp: SDP }).then(resolve, reject);
  });
  const invite = peer.request('INVITE', { body: SDP });
  peer.send(invite);
  const ok = await peer.next(200);
  peer.send(within(peer, invite, ok, 'ACK'));
  return { uas: await answered, invite, ok };
}
async function callOut(): Promise<{ uac: Dlg; invite: Invite; ok: ReturnType<Peer['answer']> }> {
  const calling = srf.createUAC(`sip:peer@127.0.0.1:${peer.port}`, { localSdp: SDP });
  const invite = (await peer.next('INVITE')) as Invite;
  const ok = peer.answer(invite, 200, { body: SDP });
  peer.send(ok);
  await peer.next('ACK');
  return { uac: await calling, invite, ok };
}
async function hangUp(invite: Invite, ok: Answer, seq: number): Promise<void> {
  peer.send(within(peer, invite, ok, 'BYE', { seq }));
  await peer.next(200);
}

describe('re-INVITEs that meet', () => {
  it('a second one before the first is answered gets 500 with Retry-After', async () => {
    const { uas, invite, ok } = await callIn();
    const waiting = new Promise<Res>((resolve) => uas.on('modify', (_req: Req, res: Res) => resolve(res)));
    peer.send(within(peer, invite, ok, 'INVITE', { seq: 2, body: OTHER_SDP }));
    const res = await waiting;
    peer.send(within(peer, invite, ok, 'INVITE', { seq: 3, body: SDP }));
    expect(get(await peer.next(500), 'Retry-After')).not.toBe('');
    res.send(488);
    const refused = await peer.next(488);
    expect(tagOf(refused, 'To')).toBe(tagOf(ok, 'To'));
    await hangUp(invite, ok, 4);
  });

  it('cancelled: 487, the application is told, and the call goes on', async () => {
    const { uas, invite, ok } = await callIn();
    uas.on('modify', () => undefined);
    const reinvite = within(peer, invite, ok, 'INVITE', { seq: 2, body: OTHER_SDP });
    peer.send(reinvite);
    await peer.next(100);
    peer.send({ ...reinvite, method: 'CANCEL', headers: reinvite.headers.map(([n, v]) => [n, n === 'CSeq' ? '2 CANCEL' : v] as const) });
    await peer.next(487);
    peer.send(within(peer, invite, ok, 'INFO', { seq: 3 }));
    await peer.next(200);
    await hangUp(invite, ok, 4);
  });

  it('whose ACK is lost end the call', async () => {
    const { uas, invite, ok } = await callIn();
    uas.on('modify', (_req: Req, res: Res) => { res.send(200, { body: OTHER_SDP }); });
    peer.send(within(peer, invite, ok, 'INVITE', { seq: 2, body: OTHER_SDP }));
    await peer.next(200);
    const bye = (await peer.next('BYE')) as Invite;
    peer.send(peer.answer(bye, 200));
  });

  it('a BYE of the application cancels its own re-INVITE first', async () => {
    const { uac } = await callOut();
    uac.modify(OTHER_SDP).catch(() => undefined);
    const reinvite = (await peer.next('INVITE')) as Invite;
    peer.send(peer.answer(reinvite, 100));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const ended = uac.destroy();
    const cancel = (await peer.next('CANCEL')) as Invite;
    expect(get(cancel, 'CSeq')).toBe('2 CANCEL');
    const bye = (await peer.next('BYE')) as Invite;
    peer.send(peer.answer(cancel, 200));
    peer.send(peer.answer(reinvite, 487));
    await peer.next('ACK');
    peer.send(peer.answer(bye, 200));
    await ended;
  });

  it('a BYE of the callee ends our re-INVITE with it', async () => {
    const { uac, invite, ok } = await callOut();
    const gone = once(uac, 'destroy');
    uac.modify(OTHER_SDP).catch(() => undefined);
    const reinvite = (await peer.next('INVITE')) as Invite;
    peer.send(withinAnswered(peer, invite, ok, 'BYE'));
    await peer.next(200);
    peer.send(peer.answer(reinvite, 487));
    await peer.next('ACK');
    await gone;
  });
});

describe('early dialogs', () => {
  it('UPDATE while our INVITE is open reaches the application, which repeats its offer', async () => {
    const calling = srf.createUAC(`sip:peer@127.0.0.1:${peer.port}`, { localSdp: SDP });
    const invite = (await peer.next('INVITE')) as Invite;
    const early = peer.answer(invite, 183, { body: OTHER_SDP });
    peer.send(early);
    peer.send(withinAnswered(peer, invite, early, 'UPDATE', { body: OTHER_SDP }));
    expect((await peer.next(200)).body).toBe(SDP);
    peer.send(peer.answer(invite, 486));
    await expect(calling).rejects.toMatchObject({ status: 486 });
  });

  it('UPDATE while the caller’s INVITE is open reaches the application too', async () => {
    onInvite = (req, res) => {
      req.on('update', (_update: Req, updateRes: Res) => {
        updateRes.send(200, { body: OTHER_SDP });
        res.send(486);
      });
      res.send(183, { body: SDP });
    };
    const invite = peer.request('INVITE', { body: SDP });
    peer.send(invite);
    const early = await peer.next(183);
    peer.send(within(peer, invite, early, 'UPDATE', { body: SDP }));
    const answers = [await peer.next(200), await peer.next(486)];
    expect(answers[0]?.body).toBe(OTHER_SDP);
  });

  it('a reliable 183 whose PRACK never comes ends the INVITE with 500', async () => {
    onInvite = (_req, res) => { res.send(183, { headers: { Require: '100rel' } }); };
    peer.send(peer.request('INVITE', { body: SDP, headers: [['Supported', '100rel']] }));
    await peer.next(183);
    await peer.copy(183);
    await peer.next(500);
  });

  it('two reliable answers go out one after the other', async () => {
    onInvite = (req, res) => {
      res.send(180, { headers: { Require: '100rel' } });
      res.send(183, { headers: { Require: '100rel' }, body: SDP });
      req.on('cancel', () => undefined);
    };
    const invite = peer.request('INVITE', { body: SDP, headers: [['Supported', '100rel']] });
    peer.send(invite);
    const first = await peer.next(180);
    await peer.copy(180);
    expect(peer.inbox.some((m) => m.kind === 'response' && m.status === 183)).toBe(false);
    peer.send(within(peer, invite, first, 'PRACK', { headers: [['RAck', `${get(first, 'RSeq')} 1 INVITE`]] }));
    const second = await peer.next(183);
    expect(Number(get(second, 'RSeq'))).toBe(Number(get(first, 'RSeq')) + 1);
    peer.send({ ...invite, method: 'CANCEL', headers: invite.headers.map(([n, v]) => [n, n === 'CSeq' ? '1 CANCEL' : v] as const) });
    await peer.next(487);
  });
});

describe('an INVITE that reaches us on two ways', () => {
  it('is answered once; the second way gets 480, and the application is told why', async () => {
    const requests: [Req, Res][] = [];
    const both = new Promise<void>((resolve) => {
      onInvite = (req, res) => {
        requests.push([req, res]);
        if (requests.length === 2) resolve();
      };
    });
    const invite = peer.request('INVITE', { body: SDP });
    peer.send(invite);
    peer.send({ ...invite, headers: invite.headers.map(([n, v]) => [n, n === 'Via' ? `${v}-fork` : v] as const) });
    await both;
    const [[req, res], [, otherRes]] = requests as [[Req, Res], [Req, Res]];
    await srf.createUAS(req, res, { localSdp: SDP });
    const ok = await peer.next(200);
    const why = new Promise((resolve) => otherRes.send(200, { body: SDP }, (error) => resolve(error)));
    await peer.next(480);
    expect(await why).toBe('dialog already exists, rejecting this request');
    peer.send(within(peer, invite, ok, 'ACK'));
    await hangUp(invite, ok, 2);
  });
});

describe('answers that come too late', () => {
  it('after the CANCEL are refused to the application', async () => {
    const late = new Promise<unknown>((resolve) => {
      onInvite = (req, res) => {
        req.on('cancel', () => { res.send(200, { body: SDP }, (error) => resolve(error)); });
        res.send(180);
      };
    });
    const invite = peer.request('INVITE', { body: SDP });
    peer.send(invite);
    await peer.next(180);
    peer.send({ ...invite, method: 'CANCEL', headers: invite.headers.map(([n, v]) => [n, n === 'CSeq' ? '1 CANCEL' : v] as const) });
    await peer.next(487);
    expect(await late).toBe('Response not sent due to unknown transaction');
  });

  it('a CANCEL before the callee’s first sign of life is held back until there is one', async () => {
    let sent: Req | undefined;
    const calling = srf.createUAC(`sip:peer@127.0.0.1:${peer.port}`, { localSdp: SDP }, { cbRequest: (_error, req) => (sent = req) });
    calling.catch(() => undefined);
    const invite = (await peer.next('INVITE')) as Invite;
    await expect.poll(() => sent).toBeDefined();
    sent?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(peer.inbox.some((m) => m.kind === 'request' && m.method === 'CANCEL')).toBe(false);
    peer.send(peer.answer(invite, 100));
    const cancel = (await peer.next('CANCEL')) as Invite;
    peer.send(peer.answer(cancel, 200));
    peer.send(peer.answer(invite, 487));
    await expect(calling).rejects.toMatchObject({ status: 487 });
  });
});

it('a method that an application gives up goes to nobody', async () => {
  const { unregisterForMessages } = srf as unknown as { unregisterForMessages: (verb: string) => void };
  const other = await lab.app();
  other.use('message', (_req, res) => res.send(200));
  await expect.poll(() => { peer.send(peer.request('MESSAGE')); return peer.inbox.some((m) => m.kind === 'response' && m.status === 200); }).toBe(true);
  unregisterForMessages.call(other, 'message');
  await expect.poll(() => { peer.send(peer.request('MESSAGE')); return peer.inbox.some((m) => m.kind === 'response' && m.status === 503); }).toBe(true);
});
