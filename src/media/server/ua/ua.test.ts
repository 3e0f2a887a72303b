import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '../../../../test/kit/wait.js';
import { cseq, header } from '../../../../test/kit/sip/message.js';
import { G722, PCMA, PCMU } from '../../../../test/kit/sip/sdp.js';
import type { Phone } from '../../../../test/kit/phone.js';
import { openLab, speakEsl, type Lab } from '../lab.test.js';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const to = (): string => `sip:drachtio@${lab.media.sipAddress}`;
const invite = async (phone: Phone, more: readonly (readonly [string, string])[] = []) => phone.call(to(), { headers: [['X-esl-outbound', lab.target()], ...more] });

describe('an INVITE', () => {
  it.each(['udp', 'tcp'] as const)('over %s is answered once with our contact and one codec', async (transport) => {
    const leg = await lab.leg({ phone: await lab.phone({ transport }) });
    const answer = leg.call.responses.at(-1);
    expect(header(answer!, 'Contact')).toBe(`<sip:mod_sofia@${lab.media.sipAddress}${transport === 'tcp' ? ';transport=tcp' : ''}>`);
    expect(answer?.body).toMatch(/m=audio \d+ RTP\/AVP 0 101\r\n/);
    await leg.call.bye();
    await lab.idle();
  });

  it('honours the offered order of codecs', async () => {
    const leg = await lab.leg({ phone: await lab.phone({ codecs: [G722, PCMA, PCMU] }) });
    expect(leg.call.responses.at(-1)?.body).toMatch(/m=audio \d+ RTP\/AVP 8\r\n/);
    expect(leg.app.frames[0]?.get('variable_read_codec')).toBe('PCMA');
    await leg.call.bye();
  });

  it('without a codec we know: 488, and no port is kept', async () => {
    const call = await invite(await lab.phone({ codecs: [G722] }));
    expect(await call.ended()).toMatchObject({ by: 'refused', status: 488 });
    await lab.idle();
  });

  it('without SDP (3pcc): our offer in the 200, the answer in the ACK, and audio flows', async () => {
    const leg = await lab.leg({ phone: await lab.phone({ delayedOffer: true }) });
    leg.call.media.tone(440);
    const heard = leg.call.media.heard(500);
    await leg.app.execute('playback', 'hello.wav');
    await heard;
    expect(await lab.inbound('ClueCon').then((esl) => esl.api(`uuid_getvar ${leg.uuid} remote_media_port`))).toBe(String(leg.call.media.port));
    await leg.call.bye();
    await lab.idle();
  });

  it('cancelled before its application was reached: 487 or BYE, nothing is left', async () => {
    for (let i = 0; i < 10; i++) {
      const call = await invite(await lab.phone());
      call.cancel();
      const end = await call.ended();
      expect(['cancelled', 'us', 'them']).toContain(end.by);
    }
    for (const socket of lab.sockets()) socket.destroy();
    await lab.idle();
  });

  it('sent twice is answered twice and makes one call', async () => {
    const phone = await lab.phone();
    let dropped = 0;
    phone.filter((m, direction) => !(direction === 'in' && m.kind === 'response' && m.status === 200 && cseq(m).method === 'INVITE' && dropped++ < 2));
    const leg = await lab.leg({ phone });
    expect(lab.media.gauges().sessions).toBe(1);
    await leg.call.bye();
    await lab.idle();
  });

  it.each<[what: string, headers: readonly (readonly [string, string])[], status: number]>([
    ['an extension we lack', [['Require', '100rel']], 420],
  ])('%s', async (_what, headers, status) => {
    expect((await (await invite(await lab.phone(), headers)).ended()).status).toBe(status);
  });

  it('beyond the most sessions: 503 with Retry-After', async () => {
    const small = await openLab({ maxSessions: 1 });
    const leg = await small.leg();
    const phone = await small.phone();
    const call = await phone.call(`sip:x@${small.media.sipAddress}`, { headers: [['X-esl-outbound', small.target()]] });
    const end = await call.ended();
    expect([end.status, end.headers.some(([n]) => n === 'Retry-After')]).toEqual([503, true]);
    await leg.call.bye();
    await small.idle();
    await small.close();
  });

  it('when ports run out: 503, and the calls that are up go on', async () => {
    const range = lab.options.rtpPorts;
    const tight = await openLab({ rtpPorts: { min: range.max + 1 - (range.max % 2 === 0 ? 1 : 0), max: range.max + 3 } });
    const phone = await tight.phone();
    const results: number[] = [];
    for (let i = 0; i < 4; i++) {
      const call = await phone.call(`sip:x@${tight.media.sipAddress}`, { headers: [['X-esl-outbound', tight.target()]] });
      await call.until('an answer', 5_000, () => call.state() !== 'calling');
      results.push(call.state() === 'ended' ? (call.end()?.status ?? 0) : 200);
    }
    expect(results).toContain(503);
    expect(results).toContain(200);
    await tight.close();
  });
});

describe('the ACK', () => {
  it('that never comes: BYE after 64·T1 is not waited for here; a hang-up meanwhile waits for it', async () => {
    const phone = await lab.phone();
    phone.filter((m, direction) => !(direction === 'out' && m.kind === 'request' && m.method === 'ACK'));
    const coming = lab.nextSocket();
    const call = await invite(phone);
    await call.answered();
    const app = speakEsl(await coming);
    await app.command('connect');
    await app.command(`sendmsg ${app.uuid()}`, { 'call-command': 'hangup' });
    await within(3_000, 'the end of the socket', app.closed);
    expect(call.requests.filter((r) => r.method === 'BYE')).toHaveLength(0);
    phone.filter(undefined);
    expect((await call.ended(10_000)).by).toBe('them');
    await lab.idle();
  });
});

describe('within the call', () => {
  it('a new address is taken up at once, and the SDP version grows', async () => {
    const leg = await lab.leg();
    const first = leg.call.responses.at(-1)?.body ?? '';
    expect(await leg.call.reinvite('sendrecv')).toBe(200);
    expect(await leg.call.reinvite('sendrecv')).toBe(200);
    const version = (sdp: string): number => Number(/^o=\S+ \d+ (\d+)/m.exec(sdp)?.[1]);
    const bodies = leg.call.responses.filter((r) => r.status === 200 && r.body !== '').map((r) => version(r.body));
    expect(version(first)).toBe(1);
    expect(bodies.at(-1)).toBe(3);
    const heard = leg.call.media.heard(500);
    await leg.app.execute('playback', 'hello.wav');
    await heard;
    await leg.call.bye();
  });

  it.each<[direction: 'sendonly' | 'recvonly' | 'inactive', answered: string]>([['sendonly', 'recvonly'], ['recvonly', 'sendonly'], ['inactive', 'inactive']])('an offer to be %s is answered %s', async (direction, answered) => {
    const leg = await lab.leg();
    expect(await leg.call.reinvite(direction)).toBe(200);
    expect(leg.call.responses.at(-1)?.body).toContain(`a=${answered}\r\n`);
    expect(await leg.call.reinvite('sendrecv')).toBe(200);
    expect(leg.call.responses.at(-1)?.body).toContain('a=sendrecv\r\n');
    await leg.call.bye();
  });

  it('an offer we cannot take is refused and the call goes on as it was', async () => {
    const leg = await lab.leg();
    const bad = await leg.call.send('INVITE', [['Content-Type', 'application/sdp']], 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 9\r\n');
    expect(bad.status).toBe(488);
    expect((await leg.call.send('UPDATE', [['Content-Type', 'text/plain']], 'hello')).status).toBe(415);
    expect((await leg.call.send('UPDATE')).status).toBe(200);
    const heard = leg.call.media.heard(500);
    await leg.app.execute('playback', 'hello.wav');
    await heard;
    await leg.call.bye();
  });

  it.each<[type: string, body: string, digit: string]>([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
    ['application/dtmf-relay', 'Signal= 11\r\nDuration= 100', '#'],
    ['application/dtmf', '*', '*'],
  ])('INFO with %s %j is the digit %s', async (type, body, digit) => {
    const leg = await lab.leg();
    const event = leg.app.event('DTMF');
    expect((await leg.call.send('INFO', [['Content-Type', type]], body)).status).toBe(200);
    expect([(await event).get('DTMF-Digit'), (await event).get('DTMF-Source')]).toEqual([digit, 'ENDPOINT']);
    await leg.call.bye();
  });

  it.each<[method: string, headers: [string, string][], body: string, status: number]>([
    ['INFO', [], '', 200],
    ['INFO', [['Content-Type', 'application/dtmf-relay']], 'Signal=Z', 400],
    ['INFO', [['Content-Type', 'application/json']], '{}', 415],
    ['OPTIONS', [], '', 200],
    ['MESSAGE', [['Content-Type', 'text/plain']], 'hi', 405],
    ['REFER', [['Refer-To', '<sip:x@y>']], '', 405],
  ])('%s is answered %#', async (method, headers, body, status) => {
    const leg = await lab.leg();
    expect((await leg.call.send(method, headers, body)).status).toBe(status);
    await leg.call.bye();
    await lab.idle();
  });

  it('a lost BYE of ours is repeated; a BYE that crosses ours is answered', async () => {
    const phone = await lab.phone();
    const leg = await lab.leg({ phone });
    let lost = 0;
    phone.filter((m, direction) => !(direction === 'in' && m.kind === 'request' && m.method === 'BYE' && lost++ < 1));
    await leg.app.command(`sendmsg ${leg.uuid}`, { 'call-command': 'hangup' });
    expect((await leg.call.ended()).by).toBe('them');
    expect(lost).toBeGreaterThan(1);
    const other = await lab.leg();
    const [status] = await Promise.all([other.call.bye(), other.app.command(`sendmsg ${other.uuid}`, { 'call-command': 'hangup' }).catch(() => '')]);
    expect([200, 481]).toContain(status);
    await lab.idle();
  });
});

describe('outside a call', () => {
  it.each<[method: string, status: number]>([['OPTIONS', 200], ['REGISTER', 405], ['MESSAGE', 405], ['SUBSCRIBE', 405], ['BYE', 405]])('%s gets %i', async (method, status) => {
    expect((await (await lab.phone()).request(method, to())).status).toBe(status);
  });

  it('a request for a dialog nobody knows gets 481', async () => {
    expect((await (await lab.phone()).request('BYE', to(), [['To', '<sip:x@y>;tag=unknown']])).status).toBeGreaterThanOrEqual(400);
  });
});
