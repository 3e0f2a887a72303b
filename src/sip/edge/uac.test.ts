import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { get, once, openLab, OTHER_SDP, SDP, tagOf, withinAnswered, type App, type Dlg, type Lab, type Peer, type Req, type Res } from './lab.test.js';

type Invite = ReturnType<Peer['request']>;
let lab: Lab;
let srf: App;
let peer: Peer;
let uri: string;
beforeEach(async () => {
  lab = await openLab();
  srf = await lab.app();
  peer = await lab.peer();
  uri = `sip:1001@127.0.0.1:${peer.port}`;
});
afterEach(() => lab.close());

const invited = async (): Promise<Invite> => (await peer.next('INVITE')) as Invite;
async function callOut(options: object = {}): Promise<{ uac: Dlg; invite: Invite; ok: ReturnType<Peer['answer']>; ack: Invite }> {
  const calling = srf.createUAC(uri, { localSdp: SDP, ...options });
  const invite = await invited();
  const ok = peer.answer(invite, 200, { body: OTHER_SDP });
  peer.send(ok);
  const ack = (await peer.next('ACK')) as Invite;
  return { uac: await calling, invite, ok, ack };
}
async function hangUp(uac: Dlg): Promise<void> {
  const ended = uac.destroy();
  const bye = await peer.next('BYE');
  if (bye.kind === 'request') peer.send(peer.answer(bye, 200));
  await ended;
}

describe('a call that the application makes', () => {
  it('carries its headers, our address for localhost, and the SDP', async () => {
    const { uac, invite, ack } = await callOut({ callingNumber: '4000', callingName: 'Queue', headers: { 'X-Strowger-Call': 'c1', 'User-Agent': 'strowger' } });
    expect(get(invite, 'From')).toMatch(new RegExp(`^"Queue" <sip:4000@127.0.0.1:${lab.port}>;tag=`));
    expect([get(invite, 'Contact'), get(invite, 'To'), invite.uri, get(invite, 'Max-Forwards')]).toEqual([`"Queue" <sip:4000@127.0.0.1:${lab.port}>`, `<${uri}>`, uri, '70']);
    expect([get(invite, 'X-Strowger-Call'), get(invite, 'User-Agent'), get(invite, 'Content-Type'), invite.body]).toEqual(['c1', 'strowger', 'application/sdp', SDP]);
    expect([ack.uri, get(ack, 'CSeq'), tagOf(ack, 'To')]).toEqual([`sip:peer@127.0.0.1:${peer.port}`, '1 ACK', `a${peer.port}`]);
    expect([uac.remote.sdp, uac.id]).toEqual([OTHER_SDP, `${get(invite, 'Call-ID')};from-tag=${tagOf(invite, 'From')}`]);
    await hangUp(uac);
    await lab.idle();
  });

  it('goes to the outbound proxy it names, with the Request-URI as it is', async () => {
    const calling = srf.createUAC('sip:1001@example.com', { localSdp: SDP, proxy: `sip:127.0.0.1:${peer.port}` });
    const invite = await invited();
    expect(invite.uri).toBe('sip:1001@example.com');
    peer.send(peer.answer(invite, 486));
    await expect(calling).rejects.toMatchObject({ status: 486 });
    expect(get(await peer.next('ACK'), 'CSeq')).toBe('1 ACK');
  });

  it('reports progress, then is cancelled with a reason', async () => {
    let sent: Req | undefined;
    const heard: number[] = [];
    const calling = srf.createUAC(uri, { localSdp: SDP }, {
      cbRequest: (_error, req) => (sent = req),
      cbProvisional: (res) => {
        heard.push(res.status);
        if (res.status === 183) sent?.cancel({ headers: { Reason: 'SIP;cause=200;text="Call completed elsewhere"' } });
      },
    });
    calling.catch(() => undefined);
    const invite = await invited();
    for (const status of [100, 180, 183]) peer.send(peer.answer(invite, status));
    const cancel = await peer.next('CANCEL');
    expect([get(cancel, 'Reason'), get(cancel, 'Via')]).toEqual(['SIP;cause=200;text="Call completed elsewhere"', get(invite, 'Via')]);
    if (cancel.kind === 'request') peer.send(peer.answer(cancel, 200));
    peer.send(peer.answer(invite, 487));
    await expect(calling).rejects.toMatchObject({ status: 487 });
    expect(heard).toEqual([100, 180, 183]);
    await lab.idle();
  });

  it('answered in spite of the CANCEL is acknowledged and hung up at once', async () => {
    let sent: Req | undefined;
    const calling = srf.createUAC(uri, { localSdp: SDP }, { cbRequest: (_error, req) => (sent = req), cbProvisional: () => sent?.cancel() });
    const invite = await invited();
    peer.send(peer.answer(invite, 180));
    await peer.next('CANCEL');
    peer.send(peer.answer(invite, 200, { body: SDP }));
    await peer.next('ACK');
    const bye = await peer.next('BYE');
    expect(get(bye, 'Reason')).toContain('cancel race');
    if (bye.kind === 'request') peer.send(peer.answer(bye, 200));
    await calling;
    await lab.idle();
  });

  it('answers a challenge with the password it was given', async () => {
    const calling = srf.createUAC(uri, { localSdp: SDP, auth: { username: 'me', password: 'secret' } });
    const first = await invited();
    peer.send(peer.answer(first, 407, { headers: [['Proxy-Authenticate', 'Digest realm="x", nonce="n", algorithm=MD5, qop="auth"']] }));
    await peer.next('ACK');
    const second = await invited();
    expect(get(second, 'Proxy-Authorization')).toContain('username="me"');
    expect([get(second, 'Call-ID'), get(second, 'CSeq'), tagOf(second, 'From')]).toEqual([get(first, 'Call-ID'), '2 INVITE', tagOf(first, 'From')]);
    peer.send(peer.answer(second, 200, { body: SDP }));
    await peer.next('ACK');
    await hangUp(await calling);
    await lab.idle();
  });

  it('without an offer sends its SDP in the ACK', async () => {
    const calling = srf.createUAC(uri, { noAck: true }) as unknown as Promise<{ sdp: string; ack: (sdp: string) => Promise<Dlg> }>;
    const invite = await invited();
    expect(invite.body).toBe('');
    peer.send(peer.answer(invite, 200, { body: OTHER_SDP }));
    const offered = await calling;
    expect(offered.sdp).toBe(OTHER_SDP);
    const uac = await offered.ack(SDP);
    const ack = await peer.next('ACK');
    expect([ack.body, get(ack, 'Content-Type')]).toEqual([SDP, 'application/sdp']);
    await hangUp(uac);
  });

  it('that forks keeps the first answer, and ends the second', async () => {
    const calling = srf.createUAC(uri, { localSdp: SDP });
    const invite = await invited();
    for (const toTag of ['one', 'two']) peer.send(peer.answer(invite, 180, { toTag }));
    peer.send(peer.answer(invite, 200, { toTag: 'two', body: SDP }));
    expect(tagOf(await peer.next('ACK'), 'To')).toBe('two');
    peer.send(peer.answer(invite, 200, { toTag: 'one', body: SDP }));
    expect(tagOf(await peer.next('ACK'), 'To')).toBe('one');
    const bye = await peer.next('BYE');
    expect(tagOf(bye, 'To')).toBe('one');
    if (bye.kind === 'request') peer.send(peer.answer(bye, 200));
    await hangUp(await calling);
    await lab.idle();
  });

  it('answered without Contact is ended where the answer came from', async () => {
    const calling = srf.createUAC(uri, { localSdp: SDP });
    calling.catch(() => undefined);
    const invite = await invited();
    const ok = peer.answer(invite, 200, { body: SDP });
    peer.send({ ...ok, headers: ok.headers.filter(([name]) => name !== 'Contact') });
    await peer.next('ACK');
    const bye = await peer.next('BYE');
    if (bye.kind === 'request') peer.send(peer.answer(bye, 200));
    await expect(calling).rejects.toMatchObject({ status: 500 });
    await lab.idle();
  });

  it('acknowledges reliable provisional answers', async () => {
    const calling = srf.createUAC(uri, { localSdp: SDP });
    const invite = await invited();
    peer.send(peer.answer(invite, 183, { body: OTHER_SDP, headers: [['Require', '100rel'], ['RSeq', '7']] }));
    const prack = await peer.next('PRACK');
    expect([get(prack, 'RAck'), get(prack, 'CSeq')]).toEqual(['7 1 INVITE', '2 PRACK']);
    if (prack.kind === 'request') peer.send(peer.answer(prack, 200));
    peer.send(peer.answer(invite, 200));
    expect(get(await peer.next('ACK'), 'CSeq')).toBe('1 ACK');
    await hangUp(await calling);
    await lab.idle();
  });
});

describe('inside that call', () => {
  it('the callee hangs up', async () => {
    const { uac, invite, ok } = await callOut();
    const destroyed = once(uac, 'destroy');
    peer.send(withinAnswered(peer, invite, ok, 'BYE'));
    await peer.next(200);
    await destroyed;
    await lab.idle();
  });

  it('the application holds it: re-INVITE with our Contact, next CSeq, and an ACK', async () => {
    const { uac } = await callOut();
    const held = uac.modify('hold');
    const reinvite = await invited();
    expect([get(reinvite, 'CSeq'), reinvite.body.includes('a=inactive'), get(reinvite, 'Contact')]).toEqual(['2 INVITE', true, `<sip:127.0.0.1:${lab.port}>`]);
    peer.send(peer.answer(reinvite, 200, { body: SDP }));
    expect(get(await peer.next('ACK'), 'CSeq')).toBe('2 ACK');
    await held;
    await hangUp(uac);
    await lab.idle();
  });

  it('re-INVITE glare: theirs gets 491 while ours is open, and ours their 491', async () => {
    const { uac, invite, ok } = await callOut();
    const changed = uac.modify(OTHER_SDP);
    changed.catch(() => undefined);
    const ours = await invited();
    peer.send(withinAnswered(peer, invite, ok, 'INVITE', { body: SDP }));
    await peer.next(491);
    peer.send(peer.answer(ours, 491));
    await peer.next('ACK');
    await expect(changed).rejects.toMatchObject({ status: 491 });
    await hangUp(uac);
    await lab.idle();
  });

  it('requests of the application get the callee’s answers, 481 and 405 too', async () => {
    const { uac } = await callOut();
    for (const [method, status] of [['INFO', 200], ['MESSAGE', 405], ['OPTIONS', 481], ['UPDATE', 200], ['NOTIFY', 489]] as const) {
      const answered = uac.request({ method });
      const request = await peer.next(method);
      if (request.kind === 'request') peer.send(peer.answer(request, status));
      expect((await answered).status).toBe(status);
    }
    await hangUp(uac);
  });

  it('BYE that is challenged is sent again with credentials', async () => {
    const { uac } = await callOut({ auth: { username: 'me', password: 'secret' } });
    const ended = uac.destroy();
    const first = await peer.next('BYE');
    if (first.kind === 'request') peer.send(peer.answer(first, 401, { headers: [['WWW-Authenticate', 'Digest realm="x", nonce="n"']] }));
    const second = await peer.next('BYE');
    expect([get(second, 'Authorization').startsWith('Digest'), get(second, 'CSeq')]).toEqual([true, '3 BYE']);
    if (second.kind === 'request') peer.send(peer.answer(second, 200));
    await ended;
    await lab.idle();
  });

  it('both hang up at the same moment', async () => {
    const { uac, invite, ok } = await callOut();
    const ended = uac.destroy();
    const bye = await peer.next('BYE');
    peer.send(withinAnswered(peer, invite, ok, 'BYE'));
    await peer.next(200);
    if (bye.kind === 'request') peer.send(peer.answer(bye, 481));
    await ended;
    await lab.idle();
  });

  it('a BYE for a dialog that is over is refused to the application', async () => {
    const { uac } = await callOut();
    await hangUp(uac);
    await expect(srf.request('sip:placeholder', { method: 'BYE', stackDialogId: uac.id })).rejects.toMatchObject({ code: 'ENODIALOG' });
  });
});

describe('what cannot be sent is refused to the application', () => {
  it.each([
    ['to ourselves', () => `sip:x@127.0.0.1:${lab.port}`, 'can not send request to myself'],
    ['by TLS', () => 'sips:x@127.0.0.1', 'requested protocol/transport not available'],
    ['to no URI', () => 'sip:', 'invalid request-uri'],
    ['to another scheme', () => 'tel:+8613800138000', 'invalid request-uri'],
  ])('%s', async (_what, target, why) => {
    await expect(srf.request(target(), { method: 'OPTIONS' })).rejects.toThrow(why);
  });

  it('a body of no known type', async () => {
    await expect(srf.request(uri, { method: 'MESSAGE', body: 'hello' })).rejects.toThrow('missing content-type');
  });
});

describe('requests out of dialog', () => {
  it.each(['OPTIONS', 'REGISTER', 'MESSAGE', 'PUBLISH', 'NOTIFY', 'INFO', 'REFER'])('%s and its answer', async (method) => {
    const sending = srf.request(uri, { method, body: '您好', headers: { 'Content-Type': 'text/plain' } });
    const request = await peer.next(method);
    expect([request.body, get(request, 'Content-Length')]).toEqual(['您好', '6']);
    const sent = await sending;
    const answered = once<Res>(sent, 'response');
    if (request.kind === 'request') peer.send(peer.answer(request, 202));
    expect((await answered).status).toBe(202);
  });

  it('to a phone that registered over TCP goes back on its connection', async () => {
    const { createConnection } = await import('node:net');
    const tcp = lab.edge.listeners().find((one) => one.proto === 'tcp')?.port ?? 0;
    srf.use('register', (_req, res) => res.send(200, { headers: { Contact: '<sip:1001@10.9.9.9:4444;transport=tcp>;expires=60' } }));
    const socket = createConnection(tcp, '127.0.0.1');
    const seen: string[] = [];
    socket.on('data', (data: Buffer) => seen.push(data.toString()));
    await new Promise((resolve) => setTimeout(resolve, 30));
    const register = peer.request('REGISTER', { contact: '<sip:1001@10.9.9.9:4444;transport=tcp>' });
    const lines = register.headers.map(([n, v]) => `${n}: ${n === 'Via' ? v.replace('UDP', 'TCP') : v}`);
    socket.write(`REGISTER sip:x SIP/2.0\r\n${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);
    await expect.poll(() => seen.join('')).toContain('SIP/2.0 200');
    await srf.request('sip:1001@10.9.9.9:4444;transport=tcp', { method: 'OPTIONS' });
    await expect.poll(() => seen.join('')).toContain('OPTIONS sip:1001@10.9.9.9:4444');
    socket.destroy();
  });
});

it('a phone behind NAT is reached where its packets come from', async () => {
  const { uac, ack } = await (async () => {
    const calling = srf.createUAC(uri, { localSdp: SDP });
    const invite = await invited();
    const ok = peer.answer(invite, 200, { body: SDP });
    peer.send({ ...ok, headers: ok.headers.map(([n, v]) => [n, n === 'Contact' ? '<sip:1001@192.168.77.7:5060>' : v] as const) });
    return { ack: (await peer.next('ACK')) as Invite, uac: await calling };
  })();
  expect(ack.uri).toBe('sip:1001@192.168.77.7:5060');
  await hangUp(uac);
  srf.use('invite', (req, res) => void srf.createUAS(req, res, { localSdp: SDP }).then((uas) => uas.destroy()));
  await new Promise((resolve) => setTimeout(resolve, 20));
  const invite = peer.request('INVITE', { body: SDP, contact: '<sip:1001@192.168.77.7:5060>' });
  peer.send(invite);
  const bye = await peer.next('BYE');
  expect(bye).toMatchObject({ uri: 'sip:1001@192.168.77.7:5060' });
});
