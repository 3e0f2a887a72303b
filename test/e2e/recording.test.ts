import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { bursts, hears, levelDb, readWav, silences, toneShare, type Span, type Wav } from '../kit/listen.js';
import { soxOpens } from '../kit/material.js';
import type { Call, Phone } from '../kit/phone.js';
import { sine } from '../kit/rtp/law.js';
import type { Media } from '../kit/rtp/media.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { ended, type CallView } from './talk.js';

let strowger: Strowger;
let folder: string;
const open: Phone[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strowger-recording-'));
  writeFileSync(join(folder, 'recordings.yaml'), 'recording: { notice: false }\n');
  const dialplans = join(folder, 'dialplans');
  mkdirSync(dialplans);
  writeFileSync(join(dialplans, 'main.yaml'), `
version: 1
entries: [ { number: "5000", flow: once }, { number: "5001", flow: twice } ]
flows:
  once: [ { queue: { name: support } }, { hang_up: {} } ]
  twice: [ { queue: { name: support } }, { queue: { name: support } }, { hang_up: {} } ]
`);
  strowger = await startStrowger({ agents: 1, config: folder, dialplans });
});
afterAll(async () => {
  await strowger.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => onTestFailed(() => console.error(strowger.output())));
afterEach(async () => {
  await Promise.all(open.splice(0).map((phone) => phone.close()));
});

async function phone(user: string): Promise<Phone> {
  const one = await strowger.phone(user);
  open.push(one);
  return one;
}

type Talk = { readonly caller: Call; readonly agent: Call; readonly agentPhone: Phone; readonly id: string };

/** In conversation, the recording running. */
async function talking(dialled = '5000'): Promise<Talk> {
  const [agentPhone, callerPhone] = [await phone('1001'), await phone('1201')];
  const caller = await callerPhone.call(dialled);
  const agent = await agentPhone.nextCall(20_000);
  agent.answer();
  const id = agent.header('X-Strowger-Call')!;
  await recordingParts(id, 1);
  return { caller, agent, agentPhone, id };
}

const factsOf = (call: CallView, type: string): CallView['timeline'] => call.timeline.filter((fact) => fact.type === type);
const recordingParts = (id: string, parts: number): Promise<CallView> =>
  strowger.when<CallView>(`/v1/calls/${id}`, 10_000, (call) => factsOf(call, 'call.recording_started').length === parts);

/** It is there within a second of the end. */
async function finished(id: string, query = ''): Promise<Response> {
  let response = await strowger.raw(`/v1/calls/${id}/recording${query}`);
  await until('the recording', 1_000, async () => response.status !== 409 || (response = await strowger.raw(`/v1/calls/${id}/recording${query}`)).status !== 409);
  return response;
}

async function recordingOf(id: string, query = ''): Promise<Wav> {
  const response = await finished(id, query);
  expect(response.status).toBe(200);
  return readWav(Buffer.from(await response.arrayBuffer()));
}

const FRAME_MS = 20;
const SECOND = 8_000;

type Metronome = { readonly frames: () => number; readonly zeroAt: () => number };
/** What becomes of frame `k` on its way: true keeps it. May rewrite its header. */
type Alter = (packet: Buffer, k: number) => boolean;

/** Says 200 ms of this tone at the beginning of each second. A frame that is not kept leaves as no RTP at all: it is lost. */
function metronome(media: Media, hz: number, alter: Alter = () => true): Metronome {
  const second = new Int16Array(SECOND);
  second.set(sine(hz, 200, 8_000));
  let k = 0;
  let zeroAt = Infinity;
  media.mark((packet) => {
    zeroAt = Math.min(zeroAt, performance.now() - k * FRAME_MS); // the clock of the phones catches up: the earliest is right
    if (!alter(packet, k)) packet[0] = 0;
    k += 1;
  });
  media.play(second, true);
  return { frames: () => k, zeroAt: () => zeroAt };
}

const loseOneIn20: Alter = (_packet, k) => k % 20 !== 13;
/** Frames 100 to 249 are not sent; the sequence goes on without a gap, the timestamps show the pause or not. */
const pauses = (showsPause: boolean): Alter => (packet, k) => {
  if (k >= 100 && k < 250) return false;
  if (k < 250) return true;
  packet.writeUInt16BE((packet.readUInt16BE(2) - 150) & 0xffff, 2);
  if (!showsPause) packet.writeUInt32BE((packet.readUInt32BE(4) - 150 * 160) >>> 0, 4);
  if (k === 250) packet[1] = (packet[1] ?? 0) | 0x80;
  return true;
};
/** As from another machine, after a failover of the phone's own: new source, sequence and timestamps. */
const jumps: Alter = (packet, k) => {
  if (k < 150) return true;
  packet.writeUInt16BE((packet.readUInt16BE(2) + 30_000) & 0xffff, 2);
  packet.writeUInt32BE((packet.readUInt32BE(4) + 1_234_567_890) >>> 0, 4);
  packet.writeUInt32BE((packet.readUInt32BE(8) ^ 0x5555) >>> 0, 8);
  return true;
};
/** The timestamps leap by a minute within the same source. */
const leaps: Alter = (packet, k) => {
  if (k >= 150) packet.writeUInt32BE((packet.readUInt32BE(4) + 480_000) >>> 0, 4);
  return true;
};

/** Bursts with the holes of lost frames closed. */
function closed(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (last && span.fromMs - last.toMs < 100) found[found.length - 1] = { fromMs: last.fromMs, toMs: span.toMs };
    else found.push(span);
  }
  return found;
}

/** How far each burst lies from where it was said, on one time axis for both channels. */
function errors(wav: Wav, sides: readonly { readonly of: Metronome; readonly hz: number; readonly silent: (k: number) => boolean }[]): number[][] {
  const origin = sides[0]!.of.zeroAt();
  const off = sides.map(({ of, hz, silent }, channel) => {
    const said = Array.from({ length: Math.floor(of.frames() / 50) }, (_, i) => i * 50).filter((k) => !silent(k)).map((k) => of.zeroAt() - origin + k * FRAME_MS);
    const heard = closed(bursts(wav.channels[channel]!, hz, wav.rate, 5)).map((b) => b.fromMs);
    expect(heard.length).toBeGreaterThanOrEqual(said.length);
    return said.map((at, i) => heard[i]! - at);
  });
  const all = off.flat().sort((a, b) => a - b);
  const start = all[Math.floor(all.length / 2)]!; // where the recording's own beginning lies on that axis
  return off.map((one) => one.map((ms) => Math.round(ms - start)));
}

describe('what was said lies where it was said, on both channels', () => {
  const never = (): boolean => false;
  const inPause = (k: number): boolean => k >= 100 && k < 250;
  it.each<[string, Alter, Alter, (k: number) => boolean]>([
    ['on a good line', () => true, () => true, never],
    ['with 5 % of both sides\' packets lost', loseOneIn20, loseOneIn20, never],
    ['while the caller is silent for three seconds (no packets, timestamps go on)', pauses(true), () => true, inPause],
    ['while the caller is silent for three seconds (no packets, timestamps stand still)', pauses(false), () => true, inPause],
    ['when the agent\'s source, sequence and timestamps change', () => true, jumps, never],
    ['when the caller\'s timestamps leap', leaps, () => true, never],
  ])('%s', async (_line, callerLine, agentLine, callerSilent) => {
    const { caller, agent, id } = await talking();
    const [left, right] = [metronome(caller.media, 440, callerLine), metronome(agent.media, 660, agentLine)];
    await until('seven seconds of talk', 20_000, () => left.frames() >= 360 && right.frames() >= 360);
    expect(await caller.bye()).toBe(200);
    await ended(strowger, id);
    const wav = await recordingOf(id);
    const off = errors(wav, [{ of: left, hz: 440, silent: callerSilent }, { of: right, hz: 660, silent: never }]);
    expect(off.flat().filter((ms) => Math.abs(ms) > 20), `off by ${JSON.stringify(off)}`).toEqual([]);
  });
});

describe('a recording', () => {
  it('is as long as the talk, though one phone sends nothing for seconds; facts come once', async () => {
    const { caller, agent, id } = await talking();
    expect((await strowger.raw(`/v1/calls/${id}/recording`)).status).toBe(409);
    caller.media.stop();
    agent.media.tone(660);
    await caller.media.packets(caller.media.reception().packets + 200, 15_000);
    const byeAt = Date.now();
    expect(await agent.bye()).toBe(200);
    await caller.ended();
    await ended(strowger, id);
    const response = await finished(id);
    const call = await ended(strowger, id);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'audio/wav']);
    const file = Buffer.from(await response.arrayBuffer());
    const wav = readWav(file);

    expect(['call.started', 'call.answered', 'call.bridged', 'call.recording_started', 'call.recording_stopped', 'call.ended'].map((type) => factsOf(call, type).length)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(factsOf(call, 'call.recording_failed')).toEqual([]);
    const at = (type: string): number => Date.parse(factsOf(call, type)[0]!.at);
    expect(wav.durationMs).toBeGreaterThanOrEqual(byeAt - at('call.recording_started') - FRAME_MS);
    expect(wav.durationMs).toBeLessThanOrEqual(at('call.recording_stopped') - at('call.bridged') + FRAME_MS);
    expect(factsOf(call, 'call.recording_stopped')[0]!.data).toMatchObject({ ms: Math.round(wav.durationMs), part: 1 });

    const path = join(folder, 'whole.wav');
    writeFileSync(path, file);
    expect(soxOpens(path)).toBe(true);
    expect(['-c', '-r', '-b', '-s'].map((what) => execFileSync('soxi', [what, path], { encoding: 'utf8' }).trim())).toEqual(['2', '8000', '16', String(wav.channels[0]!.length)]);

    const part = await strowger.raw(`/v1/calls/${id}/recording`, { headers: { range: 'bytes=100-1099' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-1099/${file.length}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(file.subarray(100, 1_100))).toBe(true);
    expect((await strowger.raw(`/v1/calls/${id}/recording`, { headers: { range: `bytes=${file.length}-` } })).status).toBe(416);
    expect((await strowger.raw('/v1/calls/call_none/recording')).status).toBe(404);
  });

  it('of two conversations has two parts, in order', async () => {
    const { caller, agent, agentPhone, id } = await talking('5001');
    caller.media.tone(440);
    agent.media.tone(660);
    await Promise.all([caller.media.heard(660), agent.media.heard(440)]);
    await caller.media.packets(caller.media.reception().packets + 50);
    await agent.bye();
    const again = await agentPhone.nextCall(10_000);
    again.media.tone(850);
    again.answer();
    await recordingParts(id, 2);
    await Promise.all([caller.media.heard(850), again.media.heard(440)]);
    await caller.media.packets(caller.media.reception().packets + 50);
    expect((await strowger.raw(`/v1/calls/${id}/recording?part=1`)).status).toBe(200);
    expect((await strowger.raw(`/v1/calls/${id}/recording?part=2`)).status).toBe(409);
    await again.bye();
    expect((await caller.ended()).by).toBe('them');
    const call = await ended(strowger, id);
    expect([call.cause, factsOf(call, 'call.ended').length, factsOf(call, 'call.recording_stopped').length]).toEqual(['completed', 1, 2]);
    const [whole, first, second] = [await recordingOf(id), await recordingOf(id, '?part=1'), await recordingOf(id, '?part=2')];
    expect([hears(first, 1, 660), hears(second, 1, 850)]).toEqual([true, true]);
    expect(whole.channels[1]).toEqual(Int16Array.from([...first.channels[1]!, ...second.channels[1]!]));
    expect((await strowger.raw(`/v1/calls/${id}/recording?part=3`)).status).toBe(404);
  });
});

it('a hang-up in the moment in which the recording starts leaves nothing behind', async () => {
  const [agentPhone, callerPhone] = [await phone('1001'), await phone('1202')];
  const ids: string[] = [];
  for (let round = 0; round < 12; round += 1) {
    const caller = await callerPhone.call('5000');
    const agent = await agentPhone.nextCall(20_000);
    ids.push(agent.header('X-Strowger-Call')!);
    agent.answer();
    const [one, other] = round % 2 === 0 ? [caller, agent] : [agent, caller];
    if (round === 0) await agent.until('the ACK', 5_000, () => agent.requests.some((r) => r.method === 'ACK'));
    else await agent.media.packets(round);
    await one.bye();
    await other.ended();
    await strowger.when<{ state: string }>('/v1/agents/1001', 5_000, (a) => a.state === 'available');
  }
  for (const id of ids) {
    await ended(strowger, id);
    expect([200, 404]).toContain((await finished(id)).status);
    const call = await ended(strowger, id);
    const count = (type: string): number => factsOf(call, type).length;
    expect([call.cause, count('call.ended'), count('call.recording_started')]).toEqual([expect.stringMatching(/completed|abandoned/), 1, count('call.recording_stopped')]);
  }
  for (const gauge of ['media_endpoints', 'rtp_ports_in_use', 'legs_active', 'calls_active']) {
    await expect.poll(() => strowger.metric(`strowger_${gauge}`), { timeout: 10_000, message: gauge }).toBe(0);
  }
});

it('an agent who hangs up in the moment he has answered costs the caller nothing but time', async () => {
  const [agentPhone, callerPhone] = [await phone('1001'), await phone('1203')];
  const caller = await callerPhone.call('5000');
  const hasty = await agentPhone.nextCall(20_000);
  hasty.answer();
  await hasty.until('the ACK', 5_000, () => hasty.requests.some((r) => r.method === 'ACK'));
  await hasty.bye();
  const agent = await Promise.race([agentPhone.nextCall(20_000), caller.ended(20_000).then(() => undefined)]);
  if (agent) {
    agent.answer();
    agent.media.tone(660);
    await caller.media.heard(660, 10_000);
    await agent.bye();
    await caller.ended();
  }
  // Where the two were joined before the BYE came, it was a talk and ended as one.
  const call = await ended(strowger, hasty.header('X-Strowger-Call')!);
  expect([call.cause, factsOf(call, 'call.ended').length]).toEqual(['completed', 1]);
});

describe('hold', () => {
  const listening = async (one: Call, ms = 1_500): Promise<Int16Array> => {
    one.media.reset();
    await one.media.packets(ms / FRAME_MS, ms + 5_000);
    return one.media.samples();
  };
  /** Music, and nothing of the partner. */
  async function hearsMusic(one: Call, partnerHz: number): Promise<void> {
    const samples = await listening(one);
    expect([levelDb(samples) > -40, silences(samples, 8_000, 500), toneShare(samples, partnerHz) < 0.2]).toEqual([true, [], true]);
  }
  /** Half a second of this tone from now on. */
  async function hearsTone({ media }: Call, hz: number): Promise<void> {
    media.expect(hz);
    const before = media.reception().heard.tone;
    await media.until(`${hz} Hz`, 10_000, (r) => r.heard.tone >= before + 25);
  }
  const bothHear = ({ caller, agent }: Talk): Promise<unknown> => Promise.all([hearsTone(caller, 660), hearsTone(agent, 440)]);

  it.each(['sendonly', 'inactive'] as const)('(%s) is never silent, and each way back has audio both ways; all of it is recorded', async (how) => {
    const talk = await talking();
    const { caller, agent, id } = talk;
    caller.media.tone(440);
    agent.media.tone(660);
    await bothHear(talk);
    const state = (of: string): Promise<CallView> => strowger.when<CallView>(`/v1/calls/${id}`, 3_000, (call) => call.state === of);
    for (const [holder, held, hz] of [[caller, agent, 440], [agent, caller, 660]] as const) {
      expect([await holder.reinvite(how), holder.media.remote()?.direction]).toEqual([200, how === 'sendonly' ? 'recvonly' : 'inactive']);
      await state('held');
      await hearsMusic(held, hz);
      expect([await holder.resume(), holder.media.remote()?.direction]).toEqual([200, 'sendrecv']);
      await state('talking');
      await bothHear(talk);
    }
    for (const order of [[caller, agent], [agent, caller]] as const) {
      for (const one of [caller, agent]) expect(await one.reinvite(how)).toBe(200);
      for (const one of order) {
        await state('held');
        expect(await one.resume()).toBe(200);
      }
      await state('talking');
      await bothHear(talk);
    }
    const byeAt = Date.now();
    expect(await caller.bye()).toBe(200);
    await ended(strowger, id);
    const wav = await recordingOf(id);
    const call = await ended(strowger, id);
    expect(wav.durationMs).toBeGreaterThanOrEqual(byeAt - Date.parse(factsOf(call, 'call.recording_started')[0]!.at) - FRAME_MS);
    const lastBurst = wav.channels.map((samples, channel) => bursts(samples, channel === 0 ? 440 : 660).at(-1)!);
    expect(lastBurst.map((b) => b.toMs - b.fromMs >= 400 && wav.durationMs - b.toMs < 1_000), JSON.stringify(lastBurst)).toEqual([true, true]);
    expect([factsOf(call, 'call.held').length, factsOf(call, 'call.resumed').length]).toEqual([6, 6]);
  });

  it.each(['the one who holds', 'the one who is held'])('ends like any other talk when %s hangs up', async (who) => {
    const { caller, agent, id } = await talking();
    expect(await caller.hold()).toBe(200);
    const [leaves, stays] = who === 'the one who holds' ? [caller, agent] : [agent, caller];
    expect(await leaves.bye()).toBe(200);
    expect((await stays.ended()).by).toBe('them');
    const call = await ended(strowger, id);
    expect([call.cause, factsOf(call, 'call.ended').length]).toEqual(['completed', 1]);
    expect((await finished(id)).status).toBe(200);
  });
});

it('everything is idle again afterwards', async () => {
  for (const gauge of ['calls_active', 'legs_active', 'dialogs', 'transactions', 'media_endpoints', 'rtp_ports_in_use', 'timers']) {
    await expect.poll(() => strowger.metric(`strowger_${gauge}`), { timeout: 40_000, interval: 500, message: gauge }).toBe(0);
  }
});
