import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeWav, sine, toneAmplitude } from '../../../audio/index.js';
import { apart, hears, readWav, shareOf } from '../../../../test/kit/listen.js';
import { freeRange } from '../../../../test/kit/ports.js';
import { openMedia, type Media } from '../../../../test/kit/rtp/media.js';
import { createProbe } from '../../../../test/kit/rtp/probe.js';
import { DTMF, PCMA, PCMU } from '../../../../test/kit/sip/sdp.js';
import { within } from '../../../../test/kit/wait.js';
import { createMediaCore } from './core.js';
import type { CodecName, CoreGauges, DtmfSource, MediaChannel, MediaCore, RemoteMedia } from './types.js';

const HOST = '127.0.0.1';
const IDLE: CoreGauges = { endpoints: 0, rtpPortsInUse: 0, timers: 0 };
let dir = '';
let core: MediaCore;
let gauges: CoreGauges;
let warnings: string[];
let phones: Media[];
let numbers = 0;

beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'channel-'))));
afterAll(() => rm(dir, { recursive: true }));
beforeEach(async () => {
  const { from, to } = await freeRange(64, HOST);
  warnings = [];
  phones = [];
  core = createMediaCore({
    address: HOST, rtpPorts: { min: from, max: to }, portRestMs: 0, relearnAfterMs: 300,
    log: { warn: (_fields, text) => void warnings.push(text), info: () => undefined }, onGauge: (g) => void (gauges = g),
  });
});
afterEach(async () => {
  await core.close();
  for (const phone of phones) phone.close();
  expect(core.gauges()).toEqual(IDLE);
  expect(gauges).toEqual(IDLE);
});

const remoteOf = (phone: { address: string; port: number }, codec: CodecName = 'PCMU', events = true): RemoteMedia => ({
  address: phone.address, port: phone.port, codec, ptimeMs: 20, ...(events ? { telephoneEvent: { payloadType: 101, clockRate: 8_000 } } : {}),
});

interface Party { readonly phone: Media; readonly channel: MediaChannel }

/** A phone and its channel, speaking a tone (or nothing). */
async function party(hz?: number, codec: CodecName = 'PCMU', events = true): Promise<Party> {
  const phone = await openMedia(HOST, { keep: true });
  phones.push(phone);
  const channel = await core.createChannel({ uuid: `c${(numbers += 1)}` });
  channel.setRemote(remoteOf(phone, codec, events));
  if (hz) phone.tone(hz);
  else phone.stop();
  phone.connect({ address: HOST, port: channel.localPort, codecs: [codec === 'PCMU' ? PCMU : PCMA, ...(events ? [DTMF] : [])], direction: 'sendrecv', profile: 'RTP/AVP', ptimeMs: 20 });
  return { phone, channel };
}
const tone = (hz: number, ms = 60_000) => ({ kind: 'tone', script: `%(${ms},0,${hz})` }) as const;

function digitsOf(channel: MediaChannel, count: number): Promise<[string, number, DtmfSource][]> {
  const heard: [string, number, DtmfSource][] = [];
  return within(5_000, `${count} digits`, new Promise((resolve) => {
    channel.onDtmf((...digit) => {
      heard.push(digit);
      if (heard.length === count) resolve(heard);
    });
  }));
}

describe('playing', () => {
  it('plays a file to its end, every frame of it', async () => {
    const { phone, channel } = await party();
    const path = join(dir, 'prompt.wav');
    await writeFile(path, encodeWav({ rateHz: 16_000, channels: [sine(700, 500, 16_000)] }));
    const playback = channel.play({ kind: 'file', path });
    expect(await playback.done).toBe('done');
    await phone.packets(25);
    expect(playback.playedMs()).toBe(500);
    expect(phone.reception()).toMatchObject({ packets: 25, lost: 0, jumps: 0, sources: 1 });
    expect(toneAmplitude(phone.samples().subarray(200, 3_800), 700, 8_000)).toBeGreaterThan(7_000);
  });

  it('ends as stopped when another begins, and keeps one line', async () => {
    const { phone, channel } = await party();
    const first = channel.play(tone(500));
    await phone.heard(500);
    channel.play(tone(900));
    expect(await first.done).toBe('stopped');
    await phone.heard(900);
    expect(phone.reception()).toMatchObject({ lost: 0, jumps: 0, sources: 1, duplicates: 0 });
  });

  it('tells of a file that is not there, and the channel goes on', async () => {
    const { phone, channel } = await party();
    expect(await channel.play({ kind: 'file', path: join(dir, 'none.wav') }).done).toMatchObject({ error: { code: 'ENOENT' } });
    channel.play(tone(500));
    await phone.heard(500);
  });

  it('pauses and goes on', async () => {
    const { phone, channel } = await party();
    const playback = channel.play(tone(500));
    await phone.heard(500);
    playback.pause();
    await phone.until('silence', 5_000, (r) => r.packets > 0 && phone.samples().subarray(-800).every((s) => s === 0));
    playback.resume();
    await phone.heard(500);
  });

  it('sends A-law and packets of 40 ms where that was agreed', async () => {
    const { phone, channel } = await party(undefined, 'PCMA');
    channel.setRemote({ ...remoteOf(phone, 'PCMA'), ptimeMs: 40 });
    let longest = 0;
    phone.onPayload((payload) => void (longest = Math.max(longest, payload.length)));
    const long = channel.play(tone(600));
    await phone.heard(600);
    expect(longest).toBe(320);
    long.stop();
    const before = channel.stats().packetsOut;
    await channel.play(tone(600, 60)).done;
    expect(channel.stats().packetsOut - before).toBe(2);
  });
});

describe('a bridge', () => {
  it.each<[CodecName, CodecName]>([['PCMU', 'PCMU'], ['PCMU', 'PCMA'], ['PCMA', 'PCMU']])('carries %s to %s and back', async (one, other) => {
    const [a, b] = [await party(500, one), await party(1_300, other)];
    core.bridge(a.channel, b.channel);
    await Promise.all([a.phone.heard(1_300), b.phone.heard(500)]);
    expect(a.channel.peer).toBe(b.channel);
    expect(b.phone.reception()).toMatchObject({ lost: 0, strangers: 0, sources: 1 });
  });

  it('forwards on arrival: the delay is far below a frame', async () => {
    const [a, b] = [await party(500), await party(1_300)];
    core.bridge(a.channel, b.channel);
    await b.phone.heard(500);
    const probe = createProbe(1);
    a.phone.mark(probe.mark);
    b.phone.onPayload(probe.see);
    await b.phone.packets(b.phone.reception().packets + 50);
    const delays = [...probe.delaysMs()].sort((x, y) => x - y);
    expect(delays.length).toBeGreaterThan(20);
    expect(delays[delays.length >> 1]).toBeLessThan(10);
  });

  it('gives way to what is played, and comes back after it on the same line', async () => {
    const [a, b] = [await party(500), await party(1_300)];
    core.bridge(a.channel, b.channel);
    await b.phone.heard(500);
    const notice = b.channel.play(tone(2_000, 400));
    await b.phone.heard(2_000);
    expect(await notice.done).toBe('done');
    await b.phone.heard(500);
    await a.phone.heard(1_300);
    expect(b.phone.reception()).toMatchObject({ lost: 0, sources: 1, duplicates: 0 });
  });

  it('ends for both, and a new one takes its place', async () => {
    const [a, b, c] = [await party(500), await party(1_300), await party(2_100)];
    core.bridge(a.channel, b.channel);
    await b.phone.heard(500);
    core.bridge(a.channel, c.channel);
    expect([b.channel.peer, c.channel.peer]).toEqual([undefined, a.channel]);
    await Promise.all([a.phone.heard(2_100), c.phone.heard(500)]);
    core.unbridge(c.channel);
    expect(a.channel.peer).toBeUndefined();
  });

  it('plays hold music to the other side, and audio is two-way again afterwards', async () => {
    const [a, b] = [await party(500), await party(1_300)];
    core.bridge(a.channel, b.channel);
    await b.phone.heard(500);
    a.channel.hold(tone(2_000));
    a.channel.setRemote({ ...remoteOf(a.phone), direction: 'recvonly' });
    await b.phone.heard(2_000);
    a.channel.setRemote(remoteOf(a.phone));
    a.channel.unhold();
    await Promise.all([a.phone.heard(1_300), b.phone.heard(500)]);
  });

  it('never leaves a held party in silence: broken music becomes a tone', async () => {
    const [a, b] = [await party(500), await party(1_300)];
    a.channel.hold({ kind: 'file', path: join(dir, 'no-music.wav') });
    core.bridge(a.channel, b.channel);
    await b.phone.heard(440);
    expect(warnings).toEqual(['hold music ended; a tone takes its place']);
  });

  it('moves with a re-INVITE to another phone and codec, on one line', async () => {
    const [a, b] = [await party(500), await party(1_300)];
    core.bridge(a.channel, b.channel);
    await b.phone.heard(500);
    const moved = await openMedia(HOST, { keep: true });
    phones.push(moved);
    moved.tone(700);
    moved.connect({ address: HOST, port: a.channel.localPort, codecs: [PCMA], direction: 'sendrecv', profile: 'RTP/AVP', ptimeMs: 20 });
    a.channel.setRemote(remoteOf(moved, 'PCMA'));
    await Promise.all([moved.heard(1_300), b.phone.heard(700)]);
  });
});

describe('sources', () => {
  it('ignores strangers, counts them and garbage, and sends them nothing', async () => {
    const { phone, channel } = await party(500);
    channel.play(tone(900));
    await phone.heard(900);
    const stranger = createSocket('udp4');
    let leaked = 0;
    stranger.on('message', () => void (leaked += 1));
    const before = channel.stats();
    for (let i = 0; i < 60; i += 1) {
      const packet = Buffer.alloc(172, 0x55);
      packet.writeUInt32BE(0x8000_0000 + i, 0);
      await new Promise((resolve) => stranger.send(i % 3 === 0 ? Buffer.from('hello') : packet, channel.localPort, HOST, resolve));
    }
    await phone.packets(phone.reception().packets + 20);
    const after = channel.stats();
    expect([after.strangers - before.strangers, after.malformed - before.malformed, leaked]).toEqual([40, 20, 0]);
    expect(after.sendingTo).toEqual({ address: HOST, port: phone.port });
    await new Promise<void>((resolve) => stranger.close(resolve));
  });

  it('answers a phone behind a NAT where it comes from, also after a re-INVITE that changes nothing', async () => {
    const { phone, channel } = await party(500);
    const behindNat = { ...remoteOf(phone), address: '127.0.0.2', port: 40_000 };
    channel.setRemote(behindNat);
    channel.play(tone(900));
    await phone.heard(900);
    channel.setRemote({ ...behindNat, address: '0.0.0.0', direction: 'inactive' });
    channel.setRemote(behindNat);
    await phone.heard(900);
    expect(channel.stats().sendingTo).toEqual({ address: HOST, port: phone.port });
  });

  it('tells once that RTP stopped, but not while on hold', async () => {
    const { phone, channel } = await party(500);
    channel.play(tone(900));
    await phone.heard(900);
    let told = 0;
    const silent = new Promise<void>((resolve) => channel.setMediaTimeout(250, () => { told += 1; resolve(); }));
    channel.hold(tone(500));
    phone.stop();
    const other = await party();
    other.channel.play(tone(900, 600));
    await other.phone.packets(28);
    expect(told).toBe(0);
    const from = performance.now();
    channel.unhold();
    await within(3_000, 'media timeout', silent);
    expect(performance.now() - from).toBeGreaterThan(200);
    expect(told).toBe(1);
  });
});

describe('keys', () => {
  it('are reported once each with their length, and reach the other side', async () => {
    const [a, b] = [await party(500), await party(1_300)];
    core.bridge(a.channel, b.channel);
    await b.phone.heard(500);
    const reported = digitsOf(a.channel, 4);
    await a.phone.digits('19*#', { durationMs: 120 });
    expect((await reported).map(([digit, ms, from]) => [digit, Math.round(ms / 20) * 20, from])).toEqual(['1', '9', '*', '#'].map((d) => [d, 120, 'rtp']));
    await b.phone.heardDigits('19*#');
    expect(b.phone.reception().digits).toBe('19*#');
    await b.phone.heard(500);
    expect(b.phone.reception().lost).toBe(0);
  });

  it('reach a phone without RFC 4733 as tones', async () => {
    const [a, b] = [await party(), await party(1_300, 'PCMU', false)];
    core.bridge(a.channel, b.channel);
    a.phone.start();
    await a.phone.digits('5', { durationMs: 300 });
    await b.phone.until('the two tones of 5', 5_000, () => {
      const last = b.phone.samples().subarray(-1_200);
      return toneAmplitude(last, 770, 8_000) > 3_000 && toneAmplitude(last, 1_336, 8_000) > 3_000;
    });
  });

  it('reach a bridged phone also while it hears an announcement', async () => {
    const [a, b] = [await party(500), await party(1_300)];
    core.bridge(a.channel, b.channel);
    b.channel.play(tone(2_000));
    await b.phone.heard(2_000);
    await a.phone.digits('7');
    await b.phone.heardDigits('7');
    expect(b.phone.reception().digits).toBe('7');
  });

  it('of SIP INFO are reported as such and sent on', async () => {
    const [a, b] = [await party(500), await party(1_300)];
    core.bridge(a.channel, b.channel);
    const reported = digitsOf(a.channel, 1);
    a.channel.dtmfFromInfo('8', 160);
    expect(await reported).toEqual([['8', 160, 'info']]);
    await b.phone.heardDigits('8');
  });

  it('are dialled one after another', async () => {
    const { phone, channel } = await party(500);
    await Promise.all([channel.sendDtmf('12A', { durationMs: 80 }), channel.sendDtmf('#')]);
    await phone.heardDigits('12A#');
    expect(phone.reception().digits).toBe('12A#');
    await expect(channel.sendDtmf('1z')).rejects.toMatchObject({ code: 'media.bad_digits' });
  });
});

describe('recording', () => {
  it('has A’s tone only on the left and B’s only on the right', async () => {
    const [a, b] = [await party(500), await party(1_300, 'PCMA')];
    core.bridge(a.channel, b.channel);
    await Promise.all([a.phone.heard(1_300), b.phone.heard(500)]);
    const recording = a.channel.record(join(dir, 'call.wav'));
    const from = performance.now();
    // One second each that lies within the recording: when exactly it was stopped is no matter then.
    a.phone.play(sine(700, 1_000, 8_000));
    b.phone.play(sine(1_700, 1_000, 8_000));
    await Promise.all([a, b].map(({ phone }) => phone.packets(phone.reception().packets + 65)));
    const length = performance.now() - from;
    const { path, ms } = await recording.stop();
    expect(Math.abs(ms - length)).toBeLessThan(100);
    const wav = readWav(await readFile(path));
    const [span] = apart(wav, 700, 1_700);
    expect([hears(wav, 0, 700, 0.8), hears(wav, 1, 1_700, 0.8), shareOf(wav, 0, 1_700), shareOf(wav, 1, 700)]).toEqual([true, true, 0, 0]);
    expect([Math.abs(span!.startMs), Math.abs(span!.endMs)].every((ms) => ms < 25)).toBe(true);
    expect(a.channel.recordings()).toEqual([]);
  });

  it('hears announcements too, two at a time, and is completed when the call ends', async () => {
    const { phone, channel } = await party(500);
    const both = [channel.record(join(dir, 'one.wav')), channel.record(join(dir, 'two.wav'), { swap: true })];
    channel.play(tone(900));
    await phone.packets(50);
    await channel.destroy();
    const [one, two] = await Promise.all(both.map(async (r) => readWav(await readFile((await r.stop()).path))));
    expect([hears(one!, 0, 500, 0.8), hears(one!, 1, 900, 0.8), hears(two!, 0, 900, 0.8), hears(two!, 1, 500, 0.8)]).toEqual([true, true, true, true]);
  });

  it('is whole when the call ends while it starts', async () => {
    const { channel } = await party(500);
    const recording = channel.record(join(dir, 'zombie.wav'));
    await channel.destroy();
    const { path, bytes } = await recording.stop();
    expect(await readFile(path)).toHaveLength(bytes);
    expect(core.gauges()).toMatchObject({ endpoints: 0 });
  });

  it('that cannot be written leaves the call alone', async () => {
    const [a, b] = [await party(500), await party(1_300)];
    core.bridge(a.channel, b.channel);
    const recording = a.channel.record('/dev/full');
    expect(await within(5_000, 'failure', recording.ended)).toMatchObject({ error: { code: 'media.recording_failed' } });
    await Promise.all([a.phone.heard(1_300), b.phone.heard(500)]);
    expect(warnings).toEqual(['recording failed; the call goes on']);
  });
});

describe('ends', () => {
  it('frees everything, settles everything, and refuses what would begin', async () => {
    const [a, b] = [await party(500), await party(1_300)];
    core.bridge(a.channel, b.channel);
    const playback = a.channel.play(tone(900));
    const dialling = a.channel.sendDtmf('123456789');
    a.channel.setMediaTimeout(60_000, () => undefined);
    let gone = 0;
    a.channel.gone.addEventListener('abort', () => void (gone += 1));
    await Promise.all([a.channel.destroy(), a.channel.destroy()]);
    expect([await playback.done, await dialling, gone, b.channel.peer]).toEqual(['stopped', undefined, 1, undefined]);
    expect(core.channel(a.channel.uuid)).toBeUndefined();
    expect(() => a.channel.play(tone(1))).toThrow(expect.objectContaining({ code: 'media.channel_gone' }));
    expect(() => core.bridge(a.channel, b.channel)).toThrow(expect.objectContaining({ code: 'media.channel_gone' }));
  });

  it('skips ports that others use, and says when there are none left', async () => {
    const { from } = await freeRange(8, HOST);
    const first = from + (from & 1);
    const taken = createSocket('udp4');
    await new Promise<void>((resolve) => taken.bind(first + 1, HOST, resolve));
    const small = createMediaCore({ address: HOST, rtpPorts: { min: first, max: first + 3 }, log: { warn: () => undefined, info: () => undefined } });
    const channel = await small.createChannel({ uuid: 'x' });
    expect(channel.localPort).toBe(first + 2);
    await expect(small.createChannel({ uuid: 'x' })).rejects.toMatchObject({ code: 'media.channel_exists' });
    await expect(small.createChannel({ uuid: 'y' })).rejects.toMatchObject({ code: 'media.rtp_ports_exhausted' });
    await small.close();
    await new Promise<void>((resolve) => taken.close(resolve));
  });

  it('creates a channel once, and none after it is closed', async () => {
    const twice = await Promise.allSettled([core.createChannel({ uuid: 'one' }), core.createChannel({ uuid: 'one' })]);
    expect(twice.map((r) => r.status)).toEqual(['fulfilled', 'rejected']);
    const late = core.createChannel({ uuid: 'late' });
    const closing = core.close();
    await expect(late).rejects.toMatchObject({ code: 'media.channel_gone' });
    await closing;
  });

  it('says when the address is not ours', async () => {
    const foreign = createMediaCore({ address: '192.0.2.1', rtpPorts: { min: 40_000, max: 40_100 }, log: { warn: () => undefined, info: () => undefined } });
    await expect(foreign.createChannel({ uuid: 'x' })).rejects.toMatchObject({ code: 'media.rtp_address_unusable' });
  });
});
