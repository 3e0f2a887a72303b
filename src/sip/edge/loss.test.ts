import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { disconnect, get, once, openLab, SDP, within, withinAnswered, type App, type Dlg, type Lab, type Peer, type Req, type Res } from './lab.test.js';

let lab: Lab;
let srf: App;
let peer: Peer;
beforeEach(async () => {
  lab = await openLab();
  srf = await lab.app();
  peer = await lab.peer();
});
afterEach(() => lab.close());

function answering(app: App): Promise<Dlg> {
  return new Promise((resolve, reject) => {
    app.use('invite', (req: Req, res: Res) => void app.createUAS(req, res, { localSdp: SDP, headers: {} }).then(resolve, reject));
  });
}
async function callIn(): Promise<{ uas: Dlg; invite: ReturnType<Peer['request']>; ok: Awaited<ReturnType<Peer['next']>> }> {
  const dialog = answering(srf);
  const invite = peer.request('INVITE', { body: SDP });
  await settled();
  peer.send(invite);
  const ok = await peer.next(200);
  return { uas: await dialog, invite, ok };
}
async function callOut(): Promise<{ uac: Dlg; invite: ReturnType<Peer['request']>; ok: ReturnType<Peer['answer']> }> {
  const calling = srf.createUAC(`sip:peer@127.0.0.1:${peer.port}`, { localSdp: SDP });
  const invite = (await peer.next('INVITE')) as ReturnType<Peer['request']>;
  const ok = peer.answer(invite, 200, { body: SDP });
  peer.send(ok);
  await peer.next('ACK');
  return { uac: await calling, invite, ok };
}
/** Routes registered after the connection need one more trip. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('messages that get lost', () => {
  it('the ACK: 200 is repeated, then the edge says BYE and tells the application', async () => {
    const { uas } = await callIn();
    const destroyed = new Promise<string>((resolve) => uas.on('destroy', (_msg: unknown, reason: unknown) => resolve(String(reason))));
    await peer.copy(200);
    await peer.copy(200);
    const bye = await peer.next('BYE');
    expect(get(bye, 'Reason')).toContain('ACK timeout');
    if (bye.kind === 'request') peer.send(peer.answer(bye, 200));
    expect(await destroyed).toBe('ACK timeout');
    await lab.idle();
  });

  it('the first copy of the ACK: repetition stops with the second', async () => {
    const { invite, ok } = await callIn();
    await peer.copy(200);
    peer.send(within(peer, invite, ok, 'ACK'));
    peer.send(within(peer, invite, ok, 'BYE'));
    await peer.next(200);
    await lab.idle();
  });

  it('our BYE’s answer: BYE is repeated, then the dialog is forgotten and the application goes on', async () => {
    const { uac } = await callOut();
    const ended = uac.destroy();
    await peer.next('BYE');
    await peer.copy('BYE');
    await ended;
    await lab.idle();
  });

  it('the ACK we sent: every copy of the 200 gets it again', async () => {
    const { uac, ok } = await callOut();
    peer.send(ok);
    await peer.copy('ACK');
    const ended = uac.destroy();
    const bye = await peer.next('BYE');
    if (bye.kind === 'request') peer.send(peer.answer(bye, 200));
    await ended;
    await lab.idle();
  });

  it('all of an INVITE: the application hears 408', async () => {
    await expect(srf.createUAC(`sip:peer@127.0.0.1:${peer.port}`, { localSdp: SDP })).rejects.toMatchObject({ status: 408 });
    await lab.idle();
  });

  it('the port of the callee: 503', async () => {
    const gone = await lab.peer();
    const { port } = gone;
    await gone.close();
    const failed = srf.createUAC(`sip:peer@127.0.0.1:${port};transport=tcp`, { localSdp: SDP });
    await expect(failed).rejects.toMatchObject({ status: 503 });
    Object.assign(gone, { close: () => Promise.resolve() });
    await lab.idle();
  });

  it('a name that does not exist: 503', async () => {
    await expect(srf.createUAC('sip:peer@no-such-host.invalid:5060', { localSdp: SDP })).rejects.toMatchObject({ status: 503 });
  });
});

describe('an application that is gone', () => {
  it('leaves callers it has not answered with 503', async () => {
    srf.use('invite', (_req: Req, res: Res) => { res.send(180); });
    await settled();
    const invite = peer.request('INVITE', { body: SDP });
    peer.send(invite);
    await peer.next(180);
    disconnect(srf);
    await peer.next(503);
    await lab.idle();
  });

  it('has its own INVITEs cancelled', async () => {
    srf.createUAC(`sip:peer@127.0.0.1:${peer.port}`, { localSdp: SDP }).catch(() => undefined);
    const invite = await peer.next('INVITE');
    if (invite.kind !== 'request') throw new Error('no request');
    peer.send(peer.answer(invite, 180));
    await settled();
    disconnect(srf);
    const cancel = await peer.next('CANCEL');
    if (cancel.kind === 'request') peer.send(peer.answer(cancel, 200));
    peer.send(peer.answer(invite, 487));
    await peer.next('ACK');
    await lab.idle();
  });

  it('and a callee that answers in spite of the CANCEL is acknowledged and hung up', async () => {
    srf.createUAC(`sip:peer@127.0.0.1:${peer.port}`, { localSdp: SDP }).catch(() => undefined);
    const invite = await peer.next('INVITE');
    if (invite.kind !== 'request') throw new Error('no request');
    peer.send(peer.answer(invite, 180));
    await settled();
    disconnect(srf);
    await peer.next('CANCEL');
    peer.send(peer.answer(invite, 200, { body: SDP }));
    await peer.next('ACK', 400); // not first after 64·T1, when the edge gives up on any application
    const bye = await peer.next('BYE');
    if (bye.kind === 'request') peer.send(peer.answer(bye, 200));
    await lab.idle();
  });

  it('comes back and ends its calls by their stored dialog IDs', async () => {
    const { uas, invite, ok } = await callIn();
    peer.send(within(peer, invite, ok, 'ACK'));
    const id = uas.id;
    disconnect(srf);
    const again = await lab.app();
    const sending = again.request('sip:placeholder', { method: 'BYE', stackDialogId: id, headers: { Reason: 'SIP;cause=503;text="app_lost"' } });
    const bye = await peer.next('BYE');
    const sent = await sending;
    expect([get(bye, 'Reason'), get(bye, 'Call-ID')]).toEqual(['SIP;cause=503;text="app_lost"', get(invite, 'Call-ID')]);
    const answered = once<Res>(sent, 'response');
    if (bye.kind === 'request') peer.send(peer.answer(bye, 200));
    expect((await answered).status).toBe(200);
    await lab.idle();
  });

  it('does not keep its callers from hanging up', async () => {
    const { invite, ok } = await callIn();
    peer.send(within(peer, invite, ok, 'ACK'));
    await settled();
    disconnect(srf);
    await settled();
    peer.send(within(peer, invite, ok, 'INFO'));
    await peer.next(503);
    peer.send(within(peer, invite, ok, 'BYE', { seq: 3 }));
    await peer.next(200);
    await lab.idle();
  });

  it('and never comes back: its calls are ended', async () => {
    const short = await openLab({ patience: { orphanMs: 100 } });
    const app = await short.app();
    const callee = await short.peer();
    const calling = app.createUAC(`sip:peer@127.0.0.1:${callee.port}`, { localSdp: SDP });
    const invite = (await callee.next('INVITE')) as ReturnType<Peer['request']>;
    const ok = callee.answer(invite, 200, { body: SDP });
    callee.send(ok);
    await callee.next('ACK');
    await calling;
    disconnect(app);
    const bye = await callee.next('BYE');
    if (bye.kind === 'request') callee.send(callee.answer(bye, 200));
    callee.send(withinAnswered(callee, invite, ok, 'BYE'));
    await callee.next(481);
    await short.idle();
    await short.close();
  });
});

describe('an application that says nothing', () => {
  it('to an INVITE: 504 in the end', async () => {
    srf.use('invite', () => undefined);
    await settled();
    peer.send(peer.request('INVITE', { body: SDP }));
    await peer.next(504, 4_000);
    await lab.idle();
  });

  it('to a BYE: the edge answers it', async () => {
    const { uas, invite, ok } = await callIn();
    peer.send(within(peer, invite, ok, 'ACK'));
    Object.assign(uas, { handle: () => undefined });
    peer.send(within(peer, invite, ok, 'BYE'));
    await peer.next(200, 4_000);
    await lab.idle();
  });

  it('to a 200: the edge acknowledges and hangs up', async () => {
    await srf.request(`sip:peer@127.0.0.1:${peer.port}`, { method: 'INVITE', body: SDP });
    const invite = await peer.next('INVITE');
    if (invite.kind !== 'request') throw new Error('no request');
    peer.send(peer.answer(invite, 200, { body: SDP }));
    await peer.next('ACK', 4_000);
    const bye = await peer.next('BYE');
    if (bye.kind === 'request') peer.send(peer.answer(bye, 200));
    await lab.idle();
  });
});
