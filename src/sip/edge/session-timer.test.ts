import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alarms } from './alarms.js';
import { get, openLab, OTHER_SDP, SDP, within, type App, type Dlg, type Lab, type Peer } from './lab.test.js';

type Invite = ReturnType<Peer['request']>;
/** Alarms that ring when the test says so, in milliseconds of their own. */
function handAlarms(): Alarms & { pass(ms: number): void } {
  let now = 0;
  let armed: { at: number; ring: () => void }[] = [];
  return {
    after(delay, ring) {
      const one = { at: now + delay, ring };
      armed.push(one);
      return () => void (armed = armed.filter((other) => other !== one));
    },
    count: () => armed.length,
    close: () => void (armed = []),
    pass(ms) {
      now += ms;
      const due = armed.filter((one) => one.at <= now);
      armed = armed.filter((one) => one.at > now);
      for (const one of due) one.ring();
    },
  };
}

let lab: Lab;
let srf: App;
let peer: Peer;
let alarms: ReturnType<typeof handAlarms>;
beforeEach(async () => {
  alarms = handAlarms();
  lab = await openLab({ alarms });
  srf = await lab.app();
  peer = await lab.peer();
});
afterEach(() => lab.close());

async function call(offer: string | undefined, headers: Record<string, string> = {}): Promise<{ uas: Dlg; invite: Invite; ok: Awaited<ReturnType<Peer['next']>> }> {
  const answered = new Promise<Dlg>((resolve) => {
    srf.use('invite', (req, res) => void srf.createUAS(req, res, { localSdp: SDP, headers }).then(resolve));
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  const invite = peer.request('INVITE', { body: SDP, headers: offer === undefined ? [] : [['Session-Expires', offer], ['Supported', 'timer']] });
  peer.send(invite);
  const ok = await peer.next(200);
  peer.send(within(peer, invite, ok, 'ACK'));
  return { invite, ok, uas: await answered };
}

describe('session timers (RFC 4028)', () => {
  it('are granted as the caller asks, and end a call that nobody refreshes', async () => {
    const { ok, uas } = await call('120;refresher=uac');
    expect([get(ok, 'Session-Expires'), get(ok, 'Require')]).toEqual(['120;refresher=uac', 'timer']);
    const why = new Promise((resolve) => uas.on('destroy', ((_bye: unknown, reason: string) => resolve(reason))));
    alarms.pass(120_000);
    const bye = (await peer.next('BYE')) as Invite;
    expect(get(bye, 'Reason')).toContain('Session timer expired');
    expect(await why).toBe('Session timer expired');
    peer.send(peer.answer(bye, 200));
    await lab.idle();
  });

  it('begin again with the caller’s re-INVITE', async () => {
    const { invite, ok } = await call('120;refresher=uac');
    alarms.pass(100_000);
    peer.send(within(peer, invite, ok, 'INVITE', { body: SDP, headers: [['Session-Expires', '120;refresher=uac']] }));
    await peer.next(200);
    peer.send(within(peer, invite, ok, 'ACK', { seq: 2 }));
    alarms.pass(100_000);
    peer.send(within(peer, invite, ok, 'BYE', { seq: 3 }));
    await peer.next(200);
    await lab.idle();
  });

  it('that are ours to refresh send a re-INVITE half-way, with the SDP as it stands', async () => {
    const { invite, ok } = await call('200;refresher=uas');
    alarms.pass(100_000);
    const refresh = (await peer.next('INVITE')) as Invite;
    expect([get(refresh, 'Session-Expires'), refresh.body, get(refresh, 'Contact')]).toEqual(['200;refresher=uac', SDP, `<sip:127.0.0.1:${lab.port}>`]);
    peer.send(peer.answer(refresh, 200, { body: OTHER_SDP, headers: [['Session-Expires', '200;refresher=uac']] }));
    expect(get(await peer.next('ACK'), 'CSeq')).toBe('1 ACK');
    alarms.pass(100_000);
    const again = (await peer.next('INVITE')) as Invite;
    peer.send(peer.answer(again, 481));
    const bye = (await peer.next('BYE')) as Invite;
    peer.send(peer.answer(bye, 200));
    peer.send(within(peer, invite, ok, 'BYE', { seq: 9 }));
    await peer.next(481);
    await lab.idle();
  });

  it('that meet a 491 try again later', async () => {
    await call('200;refresher=uas');
    alarms.pass(100_000);
    const refresh = (await peer.next('INVITE')) as Invite;
    peer.send(peer.answer(refresh, 491));
    await peer.next('ACK');
    await expect.poll(() => alarms.count()).toBe(1);
    alarms.pass(100_000);
    await peer.next('INVITE');
  });

  it('are declined when nobody is named to refresh, and left to the application when it speaks', async () => {
    const { ok } = await call('120');
    expect(get(ok, 'Session-Expires')).toBe('');
    expect(alarms.count()).toBe(0);
    const other = await lab.app();
    other.use('invite', (req, res) => void other.createUAS(req, res, { localSdp: SDP, headers: { 'Session-Expires': '300;refresher=uas' } }));
  });

  it('too short are refused with 422 inside a call', async () => {
    const { invite, ok } = await call(undefined);
    peer.send(within(peer, invite, ok, 'INVITE', { body: SDP, headers: [['Session-Expires', '30']] }));
    expect(get(await peer.next(422), 'Min-SE')).toBe('90');
  });

  it('agreed on in a call of ours: we refresh unless the callee says otherwise', async () => {
    const calling = srf.createUAC(`sip:peer@127.0.0.1:${peer.port}`, { localSdp: SDP, headers: { 'Session-Expires': '100' } });
    const invite = (await peer.next('INVITE')) as Invite;
    peer.send(peer.answer(invite, 200, { body: SDP, headers: [['Session-Expires', '100']] }));
    await peer.next('ACK');
    await calling;
    alarms.pass(50_000);
    expect(get(await peer.next('INVITE'), 'CSeq')).toBe('2 INVITE');
  });
});
