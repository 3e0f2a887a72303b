import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { levelDb, toneShare } from '../kit/listen.js';
import type { Call, Phone } from '../kit/phone.js';
import { header, type SipMessage } from '../kit/sip/message.js';
import { DTMF, type Codec } from '../kit/sip/sdp.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { raceAcceptance } from './acceptance.js';
import { folder, straightTo } from './house.js';
import { agentState, ended, newest, type CallView } from './talk.js';

const RACERS = ['2001', '2002', '2003', '2004'];
const G729: Codec = { payload: 18, name: 'G729', rate: 8000 };
let strowger: Strowger;
beforeAll(async () => {
  strowger = await startStrowger({
    agents: 2,
    env: { RACER_PASSWORD: 'racer-password' },
    config: folder({
      'system.yaml': 'rtp_timeout_seconds: 5\n',
      'recordings.yaml': 'recording: { notice: false }\n',
      'queues.yaml': 'queues: [ { name: support }, { name: brief, offer_seconds: 1, max_unanswered: 100, announce_position_seconds: 0 } ]\n',
      'extensions.yaml': `extensions:\n${RACERS.map((n) => `  - { number: "${n}", password: "\${RACER_PASSWORD}" }\n`).join('')}`,
      'agents.yaml': `agents:\n${RACERS.map((n) => `  - { id: "${n}", extension: "${n}", queues: [brief] }\n`).join('')}`,
    }),
    dialplans: folder({ 'main.yaml': straightTo({ 4000: 'support', 4001: 'brief' }) }),
  });
});
afterAll(() => strowger.stop());
/** Phones that a test has not closed itself: its calls end with it, whatever became of it. */
const open = new Set<Phone>();
async function registered(...who: Parameters<Strowger['phone']>): Promise<Phone> {
  const phone = await strowger.phone(...who);
  open.add(phone);
  return phone;
}
async function close(...phones: Phone[]): Promise<void> {
  phones.forEach((phone) => open.delete(phone));
  await Promise.all(phones.map((phone) => phone.close()));
}
afterEach(() => close(...open));
beforeEach(() => onTestFailed(() => console.error(strowger.output())));

/** An ACK to a 2xx: those to refusals belong to their transaction and are not meant. */
const acknowledges = (phone: Phone, m: SipMessage): boolean =>
  m.kind === 'request' && m.method === 'ACK' && phone.log.some((r) => r.kind === 'response' && r.status === 200 && header(r, 'CSeq') === header(m, 'CSeq')?.replace('ACK', 'INVITE'));
const log = (phone: Phone, method: string): number => phone.log.filter((m) => m.kind === 'request' && m.method === method).length;
const endings = (cdr: CallView): number => cdr.timeline.filter((t) => t.type === 'call.ended').length;
const idle = (agent: string): Promise<unknown> => strowger.when<{ state: string }>(`/v1/agents/${agent}`, 10_000, (a) => a.state === 'available');
const inState = (id: string, state: string): Promise<unknown> => strowger.when<CallView>(`/v1/calls/${id}`, 5_000, (c) => c.state === state);
/** Each hears the other's tone, now. */
async function bothHear({ caller, agent }: { caller: Call; agent: Call }): Promise<void> {
  await Promise.all([caller.media.heard(660, 10_000), agent.media.heard(440, 10_000)]);
}
/** Two parties in conversation, both phones at hand. */
async function conversation(from: string, to = '1001'): Promise<{ phone: Phone; agentPhone: Phone; caller: Call; agent: Call; id: string }> {
  const [phone, agentPhone] = [await registered(from), await registered(to)];
  const caller = await phone.call('4000');
  const agent = await agentPhone.nextCall(20_000);
  agent.answer();
  caller.media.tone(440);
  agent.media.tone(660);
  await bothHear({ caller, agent });
  const id = agent.header('X-Strowger-Call')!;
  await inState(id, 'talking');
  return { phone, agentPhone, caller, agent, id };
}
const lines = async (): Promise<string[]> => (await strowger.api<{ items: CallView[] }>('/v1/calls?limit=1000')).body.items.map((c) => c.from);

describe('lost and repeated messages', () => {
  it('a retransmitted INVITE makes one call', async () => {
    const [phone, agentPhone] = [await registered('1201'), await registered('1001')];
    const caller = await phone.call('4000');
    await caller.until('an INVITE with credentials', 5_000, () => log(phone, 'INVITE') >= 2 && caller.responses.some((r) => r.status >= 100));
    const invite = phone.log.filter((m) => m.kind === 'request' && m.method === 'INVITE').at(-1);
    if (invite?.kind !== 'request') throw new Error('no INVITE was sent');
    for (let i = 0; i < 5; i += 1) phone.resend(invite);
    const agent = await agentPhone.nextCall(20_000);
    for (let i = 0; i < 5; i += 1) phone.resend(invite);
    agent.answer();
    caller.media.tone(440);
    agent.media.tone(660);
    await bothHear({ caller, agent });
    for (let i = 0; i < 5; i += 1) phone.resend(invite);
    expect((await lines()).filter((from) => from === '1201').length).toBe(1);
    expect(agentPhone.calls.length).toBe(1);
    expect(await caller.bye()).toBe(200);
    expect((await ended(strowger, agent.header('X-Strowger-Call')!)).cause).toBe('completed');
    await close(phone, agentPhone);
  });

  it('a lost ACK is asked for again, from the caller and from the agent\'s side, and the call goes on', async () => {
    const [phone, agentPhone] = [await registered('1202'), await registered('1001')];
    let [sent, came] = [0, 0];
    phone.filter((m, way) => !(way === 'out' && acknowledges(phone, m) && (sent += 1) <= 2));
    agentPhone.filter((m, way) => !(way === 'in' && acknowledges(agentPhone, m) && (came += 1) <= 2));
    const caller = await phone.call('4000');
    const agent = await agentPhone.nextCall(20_000);
    agent.answer();
    caller.media.tone(440);
    agent.media.tone(660);
    await bothHear({ caller, agent });
    await Promise.all([agent.until('the agent\'s third ACK', 20_000, () => came >= 3), caller.until('the caller\'s third ACK', 20_000, () => sent >= 3)]);
    await bothHear({ caller, agent });
    expect(await caller.bye()).toBe(200);
    const cdr = await ended(strowger, agent.header('X-Strowger-Call')!);
    expect([cdr.cause, endings(cdr)]).toEqual(['completed', 1]);
    await close(phone, agentPhone);
  });

  it('an ACK that never comes ends the call after 64·T1 with BYE (RFC 3261 §13.3.1.4)', async () => {
    const phone = await registered('1203');
    phone.filter((m, way) => !(way === 'out' && acknowledges(phone, m)));
    const caller = await phone.call('4000');
    await caller.answered(20_000);
    const { id } = await newest(strowger, '1203');
    expect((await caller.ended(50_000)).by).toBe('them');
    const cdr = await ended(strowger, id, 10_000);
    expect(endings(cdr)).toBe(1);
    expect(cdr.cause).toBe('abandoned');
    await close(phone);
  });

  it('a lost BYE: the phone is gone, its RTP stops, and the call ends by media_timeout', async () => {
    const { phone, agentPhone, caller, agent, id } = await conversation('1204');
    phone.filter(() => false);
    caller.media.stop();
    expect((await agent.ended(15_000)).by).toBe('them');
    const cdr = await ended(strowger, id);
    expect([cdr.cause, endings(cdr)]).toEqual(['media_timeout', 1]);
    await idle('1001');
    await close(agentPhone);
    caller.media.close();
  });

  it('an agent whose phone dies is freed in the same way', async () => {
    const { phone, agentPhone, caller, agent, id } = await conversation('1205');
    agentPhone.filter(() => false);
    agent.media.stop();
    expect((await caller.ended(15_000)).by).toBe('them');
    expect((await ended(strowger, id)).cause).toBe('media_timeout');
    await idle('1001');
    await close(phone);
    agent.media.close();
  });

  it('a second BYE changes nothing', async () => {
    const { phone, agentPhone, caller, agent, id } = await conversation('1206');
    expect(await caller.bye()).toBe(200);
    await agent.ended(5_000);
    const bye = phone.log.find((m) => m.kind === 'request' && m.method === 'BYE');
    if (bye?.kind !== 'request') throw new Error('no BYE was sent');
    const before = phone.log.length;
    for (let i = 0; i < 3; i += 1) phone.resend(bye);
    await until('an answer to each copy', 5_000, () => phone.log.slice(before).filter((m) => m.kind === 'response' && m.status === 200).length >= 3);
    expect([200, 481]).toContain(await caller.bye()); // a new transaction in a dialog that is over
    expect(endings(await ended(strowger, id))).toBe(1);
    await close(phone, agentPhone);
  });

  it('BYE instead of the ACK ends the call', async () => {
    const phone = await registered('1207');
    phone.filter((m, way) => !(way === 'out' && acknowledges(phone, m)));
    const caller = await phone.call('4001');
    await caller.answered(20_000);
    expect(await caller.bye()).toBe(200);
    const cdr = await ended(strowger, (await newest(strowger, '1207')).id);
    expect(endings(cdr)).toBe(1);
    expect(['abandoned', 'completed']).toContain(cdr.cause); // while he waited, or before he could
    await close(phone);
  });
});

describe('hold', () => {
  it.each(['caller', 'agent'] as const)('by the %s: state held, music for the other, and both hear each other again afterwards', async (holder) => {
    const c = await conversation(holder === 'caller' ? '1201' : '1202');
    const [own, other, tone] = holder === 'caller' ? [c.caller, c.agent, 440] as const : [c.agent, c.caller, 660] as const;
    for (const direction of ['sendonly', 'inactive'] as const) {
      expect(await own.reinvite(direction)).toBe(200);
      expect(own.media.remote()?.direction).toBe(direction === 'sendonly' ? 'recvonly' : 'inactive');
      await inState(c.id, 'held');
      other.media.reset();
      await other.media.packets(150, 10_000);
      const heard = other.media.samples().subarray(4_000);
      expect(levelDb(heard), 'the one who waits hears music').toBeGreaterThan(-45);
      expect(toneShare(heard, tone), 'and not the one who holds').toBeLessThan(0.5);
      expect(await own.resume()).toBe(200);
      expect(own.media.remote()?.direction).toBe('sendrecv');
      await inState(c.id, 'talking');
      await bothHear(c);
    }
    expect(await c.caller.bye()).toBe(200);
    const cdr = await ended(strowger, c.id);
    expect(cdr.timeline.filter((t) => /^call\.(held|resumed)$/.test(t.type)).map((t) => `${t.type} ${String(t.data['by'])}`))
      .toEqual([1, 2].flatMap(() => [`call.held ${holder}`, `call.resumed ${holder}`]));
    await close(c.phone, c.agentPhone);
  });

  it('is not what a phone asks for that only wants to listen: recvonly is answered with sendonly (RFC 3264 §6.1)', async () => {
    const c = await conversation('1206');
    expect(await c.caller.reinvite('recvonly')).toBe(200);
    expect(c.caller.media.remote()?.direction).toBe('sendonly');
    await c.caller.media.heard(660, 5_000);
    expect((await strowger.api<CallView>(`/v1/calls/${c.id}`)).body.state).toBe('talking');
    expect(await c.caller.resume()).toBe(200);
    await bothHear(c);
    await c.caller.bye();
    await close(c.phone, c.agentPhone);
  });

  it('is no silence that ends a call: RTP may rest for longer than rtp_timeout_seconds', async () => {
    const c = await conversation('1203');
    expect(await c.caller.reinvite('inactive')).toBe(200);
    c.caller.media.stop();
    c.agent.media.reset();
    await c.agent.media.packets(350, 15_000); // 7 s of music, and 5 is the limit
    expect(c.caller.state()).toBe('talking');
    c.caller.media.start();
    expect(await c.caller.resume()).toBe(200);
    await bothHear(c);
    await c.caller.bye();
    await close(c.phone, c.agentPhone);
  });

  it('glare: both sides re-INVITE in the same moment, in order or with 491, and it works afterwards', async () => {
    const c = await conversation('1204');
    for (let round = 0; round < 5; round += 1) {
      const held = await Promise.all([c.caller.hold(), c.agent.hold()]);
      for (const status of held) expect([200, 491, 500]).toContain(status);
      const resumed = [await c.caller.resume(), await c.agent.resume()];
      expect(resumed).toEqual([200, 200]);
      await bothHear(c);
      await inState(c.id, 'talking');
    }
    await c.agent.bye();
    expect((await ended(strowger, c.id)).cause).toBe('completed');
    await close(c.phone, c.agentPhone);
  });

  it('two re-INVITEs of one side that overlap are answered one by one or refused (RFC 3261 §14.2), and it works afterwards', async () => {
    const c = await conversation('1205');
    const answers = await Promise.all([c.caller.hold(), c.caller.resume()]);
    for (const status of answers) expect([200, 491, 500]).toContain(status);
    expect(await c.caller.resume()).toBe(200);
    await bothHear(c);
    await c.caller.bye();
    await close(c.phone, c.agentPhone);
  });
});

describe('before the answer', () => {
  it('the caller cancels while an extension rings: 487 to him, CANCEL to it, and the CDR says cancelled', async () => {
    const [phone, other] = [await registered('1201'), await registered('1206')];
    const out = await phone.call('1206');
    const offered = await other.nextCall(10_000);
    offered.ring();
    await out.ringing(5_000);
    out.cancel();
    expect(await out.ended(5_000)).toMatchObject({ by: 'cancelled', status: 487 });
    expect((await offered.ended(5_000)).by).toBe('cancelled');
    const cdr = await ended(strowger, (await newest(strowger, '1201')).id);
    expect([cdr.cause, endings(cdr)]).toEqual(['cancelled', 1]);
    await close(phone, other);
  });

  it('CANCEL crosses the 200: however it falls out, all legs end and there is one CDR', async () => {
    const [phone, other] = [await registered('1202'), await registered('1207')];
    const causes: string[] = [];
    let afterMs = 5;
    for (let round = 0; round < 30; round += 1) {
      const out = await phone.call('1207');
      const offered = await other.nextCall(10_000);
      offered.ring();
      await out.ringing(5_000);
      const first = round % 3 > 0; // who picks up first: here the one called, else the caller gives up
      if (first) {
        offered.answer();
        await stagger(afterMs);
      }
      out.hangUp(); // CANCEL; BYE where the 200 is here already
      if (!first) offered.answer();
      await out.ended(10_000);
      await offered.ended(10_000);
      const cdr = await ended(strowger, (await newest(strowger, '1202')).id);
      expect(endings(cdr)).toBe(1);
      causes.push(cdr.cause!);
      // Towards the moment in which the 200 passes through the server, wherever that is on this machine.
      if (first) afterMs = cdr.cause === 'cancelled' ? afterMs * 1.5 + 3 : afterMs * 0.75;
    }
    expect([...new Set(causes)].sort()).toEqual(['cancelled', 'completed']);
    await close(phone, other);
  });

  it('an INVITE without SDP: our offer in the 200, the answer in the ACK', async () => {
    const [phone, agentPhone] = [await registered('1203', { delayedOffer: true }), await registered('1001')];
    const caller = await phone.call('4000');
    const agent = await agentPhone.nextCall(20_000);
    agent.answer();
    caller.media.tone(440);
    agent.media.tone(660);
    await bothHear({ caller, agent });
    expect(await caller.bye()).toBe(200);
    await close(phone, agentPhone);
  });

  it('no common codec: 488, and nothing is left of it', async () => {
    const [phone, agentPhone, other] = [await registered('1204', { codecs: [G729, DTMF] }), await registered('1001'), await registered('1206')];
    for (const to of ['4000', '1206']) {
      other.onCall((call) => call.answer());
      const out = await phone.call(to);
      expect((await out.ended(10_000)).status).toBe(488);
      const cdr = await ended(strowger, (await newest(strowger, '1204')).id);
      expect([cdr.cause, endings(cdr), cdr.timeline.some((t) => t.type === 'call.bridged')]).toEqual(['rejected', 1, false]);
    }
    expect(log(agentPhone, 'INVITE')).toBe(0);
    await Promise.all(other.calls.map((call) => call.ended(5_000)));
    for (const gauge of ['calls_active', 'legs_active', 'media_endpoints', 'rtp_ports_in_use']) {
      await expect.poll(() => strowger.metric(`strowger_${gauge}`), { timeout: 10_000 }).toBe(0);
    }
    await close(phone, agentPhone, other);
  });

  it('OPTIONS is answered 200, within a call and without one', async () => {
    const c = await conversation('1205');
    expect((await c.phone.request('OPTIONS', `sip:${strowger.sip.host}:${strowger.sip.port}`)).status).toBe(200);
    expect((await c.caller.send('OPTIONS')).status).toBe(200);
    await bothHear(c);
    await c.caller.bye();
    await close(c.phone, c.agentPhone);
  });
});

describe('who picks up in the moment in which', () => {
  it('the offer runs out: one winner each, on the wire', async () => {
    const agents = await Promise.all(RACERS.map((user) => registered(user, { password: 'racer-password' })));
    let talks = 0;
    // Each lane finds the moment for itself, however slow the machine: later after a win, earlier after a loss.
    for (const agent of agents) {
      let afterMs = 900;
      agent.onCall((call) => {
        call.ring();
        setTimeout(() => call.answer(), afterMs);
        void call.ended(60_000).then((end) => (afterMs = Math.max(0, afterMs + (end.by === 'us' ? 15 : -45))));
      });
    }
    await Promise.all(['1201', '1202', '1203', '1204'].map(async (user) => {
      const phone = await registered(user);
      for (let round = 0; round < 6; round += 1) {
        const caller = await phone.call('4001');
        await caller.answered(20_000);
        const { id } = await newest(strowger, user);
        const met = await strowger.when<CallView>(`/v1/calls/${id}`, 30_000, (c) => c.timeline.some((t) => t.type === 'call.bridged'));
        expect(met.timeline.filter((t) => t.type === 'call.bridged').length).toBe(1);
        const agent = agents.flatMap((a) => a.calls).find((c) => c.header('X-Strowger-Call') === id && c.state() === 'talking');
        if (!agent) throw new Error(`no agent talks to ${user}`);
        caller.media.tone(440);
        await agent.media.heard(440, 10_000);
        await agent.bye();
        await caller.ended(10_000);
        const cdr = await ended(strowger, id);
        expect([cdr.cause, endings(cdr)]).toEqual(['completed', 1]);
        talks += 1;
      }
      await close(phone);
    }));
    const all = agents.flatMap((a) => a.calls);
    await Promise.all(all.map((c) => c.ended(10_000)));
    // Whoever answered too late heard BYE (by them) or his 200 was never wanted; who won hung up himself.
    expect([talks, all.filter((c) => c.end()?.by === 'us').length]).toEqual([24, 24]);
    for (const agent of RACERS) await idle(agent);
    agents.forEach((a) => a.onCall(undefined));
    await close(...agents);
  });

  it('the caller hangs up: one CDR each, and the agent is free', async () => {
    const [phone, agent] = [await registered('1205'), await registered('2001', { password: 'racer-password' })];
    await idle('2001');
    const causes: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      const caller = await phone.call('4001');
      const offered = await agent.nextCall(20_000);
      if (round % 3 === 0) offered.ring();
      const hangUp = caller.bye();
      offered.answer();
      expect(await hangUp).toBe(200);
      await offered.ended(10_000);
      const cdr = await ended(strowger, offered.header('X-Strowger-Call')!);
      expect(endings(cdr)).toBe(1);
      causes.push(cdr.cause!);
      await idle('2001');
    }
    expect(causes.filter((cause) => !['abandoned', 'completed'].includes(cause))).toEqual([]);
    expect(await agentState(strowger, '2001')).toBe('available');
    await close(phone, agent);
  });

  it('a thousand times over, in the queue itself: one winner each', async () => {
    const outcome = await raceAcceptance({ rounds: 1_000, lanes: 40 });
    expect(outcome.faults).toEqual([]);
    expect(outcome.rounds).toBeGreaterThanOrEqual(1_000);
    expect(outcome.connected).toBeGreaterThan(20);
    expect(outcome.timedOut).toBeGreaterThan(20);
    expect(outcome.abandoned).toBeGreaterThan(20);
  });
});

it('everything is idle again 40 s after the last call', async () => {
  const gauges = ['calls_active', 'legs_active', 'dialogs', 'transactions', 'media_endpoints', 'rtp_ports_in_use', 'timers'];
  for (const gauge of gauges) await expect.poll(() => strowger.metric(`strowger_${gauge}`), { timeout: 40_000, interval: 500 }).toBe(0);
});

/** So much later: what is raced, not a wait for anything. */
const stagger = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
