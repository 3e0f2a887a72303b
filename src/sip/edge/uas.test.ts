import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { get, once, openLab, OTHER_SDP, SDP, tagOf, within, type App, type Dlg, type Lab, type Peer, type Req, type Res } from './lab.test.js';

let lab: Lab;
let srf: App;
let peer: Peer;
/** What the application is to do with the next request of its method. */
let onRequest: (req: Req, res: Res) => void;

beforeAll(async () => {
  lab = await openLab();
  srf = await lab.app();
  for (const method of ['invite', 'options', 'register', 'message', 'subscribe', 'publish', 'refer', 'notify', 'info'] as const) {
    srf.use(method, (req: Req, res: Res) => onRequest(req, res));
  }
  await new Promise((resolve) => setImmediate(resolve));
});
beforeEach(async () => {
  peer = await lab.peer();
});
/** Nothing of all these calls may be left, whatever way they ended. */
afterAll(async () => {
  await lab.idle();
  await lab.close();
});

/** The peer calls, the application answers; both ends of the established call. */
async function call(headers: Record<string, string> = {}): Promise<{ uas: Dlg; invite: ReturnType<Peer['request']>; ok: Awaited<ReturnType<Peer['next']>> }> {
  const answered = new Promise<Dlg>((resolve, reject) => {
    onRequest = (req, res) => void srf.createUAS(req, res, { localSdp: SDP, headers }).then(resolve, reject);
  });
  const invite = peer.request('INVITE', { body: SDP });
  peer.send(invite);
  const ok = await peer.next(200);
  peer.send(within(peer, invite, ok, 'ACK'));
  return { uas: await answered, invite, ok };
}

describe('a call that the application answers', () => {
  it('gets 100 at once, 200 with our Contact and the SDP, and ends with the caller’s BYE', async () => {
    const { uas, invite, ok } = await call({ 'X-Answer': 'yes' });
    expect([get(ok, 'Contact'), get(ok, 'X-Answer'), ok.body]).toEqual([`<sip:127.0.0.1:${lab.port}>`, 'yes', SDP]);
    expect(get(ok, 'Content-Type')).toBe('application/sdp');
    expect(uas.id).toBe(`${get(invite, 'Call-ID')};from-tag=${tagOf(invite, 'From')}`);
    expect(lab.edge.gauges().strowger_dialogs).toBe(1);
    const destroyed = once<Req>(uas, 'destroy');
    peer.send(within(peer, invite, ok, 'BYE'));
    expect((await peer.next(200)).headers).toContainEqual(['CSeq', '2 BYE']);
    await destroyed;
  });

  it('ends with the application’s BYE', async () => {
    const { uas, invite } = await call();
    const ended = uas.destroy({ headers: { 'X-Why': 'enough' } });
    const bye = await peer.next('BYE');
    if (bye.kind !== 'request') throw new Error('no request');
    expect([get(bye, 'X-Why'), get(bye, 'Call-ID'), bye.uri]).toEqual(['enough', get(invite, 'Call-ID'), `sip:peer@127.0.0.1:${peer.port}`]);
    peer.send(peer.answer(bye, 200));
    await ended;
  });

  it('rings first, with a tag that stays', async () => {
    onRequest = (req, res) => {
      res.send(180, { headers: { 'X-Ring': '1' } });
      void srf.createUAS(req, res, { localSdp: SDP });
    };
    const invite = peer.request('INVITE', { body: SDP });
    peer.send(invite);
    const ringing = await peer.next(180);
    const ok = await peer.next(200);
    expect(tagOf(ringing, 'To')).toBe(tagOf(ok, 'To'));
    peer.send(within(peer, invite, ok, 'ACK'));
    peer.send(within(peer, invite, ok, 'BYE'));
    await peer.next(200);
  });

  it('carries the tag that the application chose', async () => {
    const { invite, ok } = await call({ To: 'tag=mine' });
    expect(tagOf(ok, 'To')).toBe('mine');
    peer.send(within(peer, invite, ok, 'BYE'));
    await peer.next(200);
  });

  it('knows source address, port, protocol and where it arrived', async () => {
    const seen = new Promise<Req>((resolve) => {
      onRequest = (req, res) => {
        res.send(486);
        resolve(req);
      };
    });
    const invite = peer.request('INVITE', { body: SDP });
    peer.send(invite);
    const req = await seen;
    expect(req).toMatchObject({ source_address: '127.0.0.1', source_port: peer.port, protocol: 'udp', source: 'network', body: SDP });
    expect(req.receivedOn).toBe(`127.0.0.1:${lab.port}`);
    expect(req.server.hostport).toContain(`udp/127.0.0.1:${lab.port}`);
    const busy = await peer.next(486);
    peer.send(peer.request('ACK', { branch: /branch=([^;]+)/.exec(get(invite, 'Via'))?.[1] ?? '', from: get(invite, 'From'), to: get(busy, 'To'), callId: get(invite, 'Call-ID') }));
  });
});

describe('requests inside a call', () => {
  it('re-INVITE: the application answers with new SDP and hears of the ACK', async () => {
    const { uas, invite, ok } = await call();
    uas.on('modify', (_req: Req, res: Res) => { res.send(200, { body: OTHER_SDP, headers: {} }); });
    const reinvite = within(peer, invite, ok, 'INVITE', { body: OTHER_SDP });
    peer.send(reinvite);
    const again = await peer.next(200);
    expect(again.body).toBe(OTHER_SDP);
    const acked = once<Req>(uas, 'ack');
    peer.send(within(peer, invite, ok, 'ACK', { seq: 2 }));
    await acked;
    peer.send(within(peer, invite, ok, 'BYE', { seq: 3 }));
    await peer.next(200);
  });

  it('INFO, REFER, MESSAGE, UPDATE and OPTIONS reach the dialog, answers come back', async () => {
    const { uas, invite, ok } = await call();
    let seq = 2;
    for (const method of ['INFO', 'REFER', 'MESSAGE', 'OPTIONS', 'UPDATE']) {
      uas.on(method.toLowerCase(), (_req: Req, res: Res) => { res.send(202, { headers: { 'X-Of': method } }); });
      peer.send(within(peer, invite, ok, method, { seq: seq++, headers: [['Refer-To', '<sip:b@c>']] }));
      expect(get(await peer.next(202), 'X-Of')).toBe(method);
    }
    peer.send(within(peer, invite, ok, 'BYE', { seq }));
    await peer.next(200);
  });

  it('a CSeq that goes backwards is refused with 500', async () => {
    const { invite, ok } = await call();
    peer.send(within(peer, invite, ok, 'INFO', { seq: 7 }));
    await peer.next(200);
    peer.send(within(peer, invite, ok, 'INFO', { seq: 6 }));
    await peer.next(500);
    peer.send(within(peer, invite, ok, 'BYE', { seq: 8 }));
    await peer.next(200);
  });

  it('the application’s REFER goes to the caller’s Contact with ours in it', async () => {
    const { uas, invite, ok } = await call();
    const sent = uas.request({ method: 'REFER', headers: { 'Refer-To': '<sip:other@example.com>' } });
    const refer = await peer.next('REFER');
    expect([get(refer, 'Refer-To'), get(refer, 'Contact')]).toEqual(['<sip:other@example.com>', `<sip:127.0.0.1:${lab.port}>`]);
    if (refer.kind === 'request') peer.send(peer.answer(refer, 202));
    expect((await sent).status).toBe(202);
    peer.send(within(peer, invite, ok, 'BYE'));
    await peer.next(200);
  });
});

describe('CANCEL', () => {
  it('while ringing: 200, 487, and the application is told', async () => {
    const cancelled = new Promise<void>((resolve) => {
      onRequest = (req, res) => {
        req.on('cancel', () => resolve());
        res.send(180);
      };
    });
    const invite = peer.request('INVITE', { body: SDP });
    peer.send(invite);
    await peer.next(180);
    peer.send({ ...invite, method: 'CANCEL', headers: invite.headers.map(([n, v]) => [n, n === 'CSeq' ? '1 CANCEL' : v] as const) });
    expect(get(await peer.next(200), 'CSeq')).toBe('1 CANCEL');
    const terminated = await peer.next(487);
    await cancelled;
    peer.send({ ...invite, method: 'ACK', headers: invite.headers.map(([n, v]) => [n, n === 'CSeq' ? '1 ACK' : n === 'To' ? get(terminated, 'To') : v] as const) });
  });

  it('before the application has said anything', async () => {
    const cancelled = new Promise<void>((resolve) => {
      onRequest = (req) => void req.on('cancel', () => resolve());
    });
    const invite = peer.request('INVITE', { body: SDP });
    peer.send(invite);
    await peer.next(100);
    peer.send({ ...invite, method: 'CANCEL', headers: invite.headers.map(([n, v]) => [n, n === 'CSeq' ? '1 CANCEL' : v] as const) });
    await peer.next(487);
    await cancelled;
  });

  it('crossing the 200 changes nothing: the caller acknowledges and hangs up', async () => {
    const { uas, invite, ok } = await call();
    peer.send({ ...invite, method: 'CANCEL', headers: invite.headers.map(([n, v]) => [n, n === 'CSeq' ? '1 CANCEL' : v] as const) });
    await peer.next(200);
    const destroyed = once(uas, 'destroy');
    peer.send(within(peer, invite, ok, 'BYE'));
    await peer.next(200);
    await destroyed;
  });

  it('for a call nobody knows: 481', async () => {
    peer.send(peer.request('CANCEL'));
    await peer.next(481);
  });

  it('by BYE of an early dialog: 200, 487, told as CANCEL', async () => {
    const cancelled = new Promise<void>((resolve) => {
      onRequest = (req, res) => {
        req.on('cancel', () => resolve());
        res.send(183, { body: SDP });
      };
    });
    const invite = peer.request('INVITE', { body: SDP });
    peer.send(invite);
    const early = await peer.next(183);
    peer.send(within(peer, invite, early, 'BYE'));
    expect((await Promise.all([peer.next(487), cancelled]))[0].kind).toBe('response');
  });
});

describe('other requests', () => {
  it.each(['OPTIONS', 'REGISTER', 'MESSAGE', 'PUBLISH', 'REFER', 'NOTIFY', 'INFO'])('%s goes to the application, its answer back', async (method) => {
    onRequest = (req, res) => { res.send(200, { headers: { 'X-Method': req.method } }); };
    peer.send(peer.request(method));
    expect(get(await peer.next(200), 'X-Method')).toBe(method);
  });

  it('REGISTER is challenged as the application says', async () => {
    onRequest = (_req, res) => { res.send(401, { headers: { 'WWW-Authenticate': 'Digest realm="strowger", nonce="n", algorithm=SHA-256' } }); };
    peer.send(peer.request('REGISTER'));
    expect(get(await peer.next(401), 'WWW-Authenticate')).toBe('Digest realm="strowger", nonce="n", algorithm=SHA-256');
  });

  it('SUBSCRIBE makes a dialog that a last NOTIFY ends', async () => {
    const subscribed = new Promise<Dlg>((resolve) => {
      onRequest = (req, res) => void srf.createUAS(req, res, { headers: { Expires: '60' }, localSdp: '' }).then(resolve);
    });
    peer.send(peer.request('SUBSCRIBE', { headers: [['Event', 'presence'], ['Expires', '60']] }));
    await peer.next(202);
    const dialog = await subscribed;
    const told = dialog.request({ method: 'NOTIFY', headers: { Event: 'presence', 'Subscription-State': 'terminated' } });
    const notify = await peer.next('NOTIFY');
    if (notify.kind === 'request') peer.send(peer.answer(notify, 200));
    await told;
  });

  it('that no application wants get 503, unknown methods 501', async () => {
    const other = await openLab();
    const stranger = await other.peer();
    stranger.send(stranger.request('OPTIONS'));
    await stranger.next(503);
    stranger.send(stranger.request('DANCE'));
    await stranger.next(501);
    await other.close();
  });

  it.each(['BYE', 'INVITE', 'UPDATE', 'REFER'])('%s for a dialog nobody knows gets 481', async (method) => {
    peer.send(peer.request(method, { toTag: 'gone' }));
    await peer.next(481);
  });

  it('retransmitted, an INVITE reaches the application once and gets the same answer', async () => {
    let seen = 0;
    onRequest = (_req, res) => {
      seen += 1;
      res.send(404);
    };
    const invite = peer.request('INVITE', { body: SDP });
    for (let i = 0; i < 3; i += 1) peer.send(invite);
    const first = await peer.next(404);
    expect(tagOf(await peer.copy(404), 'To')).toBe(tagOf(first, 'To'));
    expect(seen).toBe(1);
  });
});

describe('reliable provisional answers', () => {
  it('repeat until PRACK, then the call goes on', async () => {
    onRequest = (req, res) => {
      res.send(183, { headers: { Require: '100rel' }, body: SDP }, null, () => void srf.createUAS(req, res, { localSdp: SDP }));
    };
    const invite = peer.request('INVITE', { body: SDP, headers: [['Supported', '100rel']] });
    peer.send(invite);
    const first = await peer.next(183);
    const second = await peer.copy(183);
    expect(get(second, 'RSeq')).toBe(get(first, 'RSeq'));
    peer.send(within(peer, invite, first, 'PRACK', { seq: 2, headers: [['RAck', `${get(first, 'RSeq')} 1 INVITE`]] }));
    const answers = [await peer.next(200), await peer.next(200)];
    expect(answers.map((ok) => get(ok, 'CSeq')).sort()).toEqual(['1 INVITE', '2 PRACK']);
    const ok = answers.find((one) => get(one, 'CSeq') === '1 INVITE')!;
    peer.send(within(peer, invite, ok, 'ACK'));
    peer.send(within(peer, invite, ok, 'BYE', { seq: 3 }));
    await peer.next(200);
  });

  it('are refused to the application when the caller cannot take them', async () => {
    const refused = new Promise<unknown>((resolve) => {
      onRequest = (_req, res) => {
        res.send(183, { headers: { Require: '100rel' } }, (error) => {
          resolve(error);
          res.send(486);
        });
      };
    });
    peer.send(peer.request('INVITE', { body: SDP }));
    expect(await refused).toBe('Remote endpoint does not support 100rel');
    await peer.next(486);
  });

  it('with a wrong RAck get 481', async () => {
    onRequest = (req, res) => {
      res.send(183, { headers: { Require: '100rel' } });
      req.on('cancel', () => undefined);
    };
    const invite = peer.request('INVITE', { body: SDP, headers: [['Supported', '100rel']] });
    peer.send(invite);
    const early = await peer.next(183);
    peer.send(within(peer, invite, early, 'PRACK', { headers: [['RAck', '1 99 INVITE']] }));
    await peer.next(481);
    peer.send({ ...invite, method: 'CANCEL', headers: invite.headers.map(([n, v]) => [n, n === 'CSeq' ? '1 CANCEL' : v] as const) });
    await peer.next(487);
  });
});
