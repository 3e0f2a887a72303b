import { afterEach, describe, expect, it } from 'vitest';
import { createPhone, type Phone, type PhoneOptions } from './phone.js';
import { freePort } from './ports.js';
import { cseq, need } from './sip/message.js';
import { G722, PCMA } from './sip/sdp.js';
import { dominantTone } from './listen.js';

const open: Phone[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((phone) => phone.close()));
});

/** Two phones, each with the other as its server. */
async function pair(transport: 'udp' | 'tcp' = 'udp', a: Partial<PhoneOptions> = {}, b: Partial<PhoneOptions> = {}): Promise<[Phone, Phone]> {
  const [pa, pb] = [await freePort(), await freePort()];
  const one = await createPhone({ user: 'anna', port: pa, server: { host: '127.0.0.1', port: pb }, transport, t1Ms: 50, ...a });
  const two = await createPhone({ user: 'ben', port: pb, server: { host: '127.0.0.1', port: pa }, transport, t1Ms: 50, ...b });
  open.push(one, two);
  return [one, two];
}

describe.each(['udp', 'tcp'] as const)('two phones over %s', (transport) => {
  it('hear each other, send keys, and end with BYE', async () => {
    const [anna, ben] = await pair(transport);
    const out = await anna.call('ben');
    const into = await ben.nextCall();
    expect(into.from.user).toBe('anna');
    into.ring();
    await out.ringing();
    into.answer();
    await out.answered();
    out.media.tone(440);
    into.media.tone(800);
    await Promise.all([into.media.heard(440), out.media.heard(800)]);
    await into.media.packets(into.media.reception().packets + 25);
    expect(dominantTone(into.media.samples().slice(-3200))).toBe(440);
    await Promise.all([out.media.digits('12#'), into.media.heardDigits('12#')]);
    expect(await out.bye()).toBe(200);
    expect(await into.ended()).toMatchObject({ by: 'them' });
    const { lost, jumps, strangers, sources } = into.media.reception();
    expect({ lost, jumps, strangers, sources }).toEqual({ lost: 0, jumps: 0, strangers: 0, sources: 1 });
  });
});

it('a call can be refused, cancelled while ringing, and left ringing', async () => {
  const [anna, ben] = await pair();
  const busy = await anna.call('ben');
  (await ben.nextCall()).reject(486);
  expect(await busy.ended()).toMatchObject({ by: 'refused', status: 486 });
  const given = await anna.call('ben');
  const rang = await ben.nextCall();
  rang.ring();
  await given.ringing();
  given.cancel();
  expect(await given.ended()).toMatchObject({ by: 'cancelled', status: 487 });
  expect(await rang.ended()).toMatchObject({ by: 'cancelled' });
});

it('an answer that crosses the CANCEL is acknowledged and ended with BYE', async () => {
  const [anna, ben] = await pair();
  const out = await anna.call('ben');
  const into = await ben.nextCall();
  into.ring();
  await out.ringing();
  ben.filter((m, direction) => !(direction === 'in' && m.kind === 'request' && m.method === 'CANCEL'));
  out.cancel();
  into.answer();
  expect(await into.ended()).toMatchObject({ by: 'them' });
  expect(anna.log.filter((m) => m.kind === 'request' && m.method === 'ACK')).not.toHaveLength(0);
});

it('a lost 200, a lost ACK and a lost BYE are repeated', async () => {
  const [anna, ben] = await pair();
  const drops = { answers: 2, acks: 2, byes: 2 };
  ben.filter((m, direction) => {
    if (direction === 'out' && m.kind === 'response' && m.status === 200 && cseq(m).method === 'INVITE') return (drops.answers -= 1) < 0;
    if (direction === 'in' && m.kind === 'request' && m.method === 'ACK') return (drops.acks -= 1) < 0;
    if (direction === 'in' && m.kind === 'request' && m.method === 'BYE') return (drops.byes -= 1) < 0;
    return true;
  });
  const out = await anna.call('ben');
  (await ben.nextCall()).answer();
  await out.answered();
  await out.until('three ACKs', 5000, () => anna.log.filter((m) => m.kind === 'request' && m.method === 'ACK').length >= 3);
  expect(await out.bye()).toBe(200);
  expect(Math.max(drops.acks, drops.byes)).toBeLessThan(0);
});

it('a 2xx nobody acknowledges ends the call after 64·T1', async () => {
  const [anna, ben] = await pair('udp', { t1Ms: 10 }, { t1Ms: 10 });
  anna.filter((m, direction) => !(direction === 'out' && m.kind === 'request' && m.method === 'ACK'));
  const out = await anna.call('ben');
  const into = await ben.nextCall();
  into.answer();
  expect(await into.ended(3000)).toMatchObject({ by: 'no_ack' });
  expect(await out.ended()).toMatchObject({ by: 'them' });
});

it('hold stops the held side, glare is answered 491, delayed offer works', async () => {
  const [anna, ben] = await pair('udp', { delayedOffer: true });
  const out = await anna.call('ben');
  const into = await ben.nextCall();
  into.answer();
  await out.answered();
  await Promise.all([out.media.packets(5), into.media.packets(5)]);
  expect(await out.hold()).toBe(200);
  const sent = into.media.sent();
  const before = into.media.reception().packets;
  await into.media.packets(before + 10);
  expect(into.media.sent() - sent).toBeLessThanOrEqual(1);
  const statuses = await Promise.all([out.resume(), into.reinvite()]);
  expect(statuses).toContain(491);
});

it('refuses a call without a common codec with 488', async () => {
  const [anna, ben] = await pair('udp', { codecs: [G722] }, { codecs: [PCMA] });
  const out = await anna.call('ben');
  (await ben.nextCall()).answer();
  expect(await out.ended()).toMatchObject({ by: 'refused', status: 488 });
});

it('early media is heard before the answer; A-law works; OPTIONS is answered', async () => {
  const [anna, ben] = await pair('udp', { codecs: [PCMA] });
  const out = await anna.call('ben', { headers: [['X-Test', 'yes']] });
  const into = await ben.nextCall();
  expect(into.header('X-Test')).toBe('yes');
  into.ring(true);
  into.media.tone(600);
  await out.media.heard(600);
  expect(out.state()).toBe('ringing');
  expect((await anna.request('OPTIONS', 'ben')).status).toBe(200);
  out.cancel();
  await out.ended();
});

it('tells a dead server from a refusal', async () => {
  const phone = await createPhone({ user: 'x', server: { host: '127.0.0.1', port: await freePort() }, t1Ms: 5 });
  open.push(phone);
  expect(await (await phone.call('y')).ended(3000)).toMatchObject({ by: 'timeout', status: 408 });
  expect(need((await phone.request('OPTIONS', 'y')), 'Call-ID')).not.toBe('');
});
