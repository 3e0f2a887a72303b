import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDeafServer, openForkServer, tonesIn, type Forked, type ForkServer } from '../../../../test/kit/fork-server.js';
import { until } from '../../../../test/kit/wait.js';
import { freePort } from '../../../../test/kit/ports.js';
import { openLab, SECRET, type Esl, type Lab, type Leg } from '../lab.test.js';

let lab: Lab;
let esl: Esl;
let service: ForkServer;
const legs: Leg[] = [];
beforeAll(async () => {
  lab = await openLab();
  esl = await lab.inbound(SECRET);
  await esl.command('event json CUSTOM mod_audio_fork::connect mod_audio_fork::connect_failed mod_audio_fork::disconnect mod_audio_fork::json mod_audio_fork::transcription mod_audio_fork::play_audio mod_audio_fork::kill_audio mod_audio_fork::buffer_overrun');
  service = await openForkServer();
});
afterEach(async () => {
  for (const { call } of legs.splice(0)) if (call.state() !== 'ended') await call.bye();
  await lab.idle();
});
afterAll(async () => {
  await service.close();
  await lab.close();
});

const leg = async (): Promise<Leg> => {
  const made = await lab.leg();
  legs.push(made);
  return made;
};
const custom = (name: string) => esl.event('CUSTOM', (f) => f.get('Event-Subclass') === `mod_audio_fork::${name}`);
const fork = async (uuid: string, rest: string): Promise<Forked> => {
  const coming = service.next();
  expect(await esl.api(`uuid_audio_fork ${uuid} start ${service.url}/in ${rest}`)).toBe('+OK Success\n');
  return coming;
};
const hears = (forked: Forked, which: 0 | 1, of: 1 | 2, hz: number, rate: number): Promise<void> =>
  forked.until(`${hz} Hz in channel ${which}`, 5_000, () => tonesIn(forked.channel(which, of), hz, rate));

describe.each([['8k', 8_000], ['16k', 16_000]] as const)('at %s', (word, rate) => {
  it('mono: the caller alone, metadata first', async () => {
    const { call, app, uuid } = await leg();
    call.media.tone(440);
    void app.execute('playback', 'tone_stream://%(4000,0,1200)');
    const connected = custom('connect');
    const forked = await fork(uuid, `mono ${word} ear '{"call": "c 1"}'`);
    await hears(forked, 0, 1, 440, rate);
    expect(tonesIn(forked.channel(0, 1), 1_200, rate)).toBe(false);
    expect([forked.protocol, forked.path, forked.texts, forked.textFirst()]).toEqual(['audio.drachtio.org', '/in', ['{"call": "c 1"}'], true]);
    expect(new Set(forked.frames.map((f) => f.length))).toEqual(new Set([rate / 25]));
    expect((await connected).get('media-bugname')).toBe('ear');
  });

  it('mixed: both; stereo: each in its channel', async () => {
    const { call, app, uuid } = await leg();
    call.media.tone(440);
    void app.execute('playback', 'tone_stream://%(4000,0,1200)');
    const [mixed, stereo] = [await fork(uuid, `mixed ${word} one`), await fork(uuid, `stereo ${word} two`)];
    await Promise.all([hears(mixed, 0, 1, 440, rate), hears(mixed, 0, 1, 1_200, rate), hears(stereo, 0, 2, 440, rate), hears(stereo, 1, 2, 1_200, rate)]);
    expect([tonesIn(stereo.channel(0, 2), 1_200, rate), tonesIn(stereo.channel(1, 2), 440, rate)]).toEqual([false, false]);
  });
});

describe('a call goes on under it', () => {
  it('through a bridge and hold: the other’s voice, then music, and the caller’s silence, in time', async () => {
    const [anna, bo] = [await leg(), await leg()];
    const forked = await fork(anna.uuid, 'stereo 8k');
    anna.call.media.tone(440);
    bo.call.media.tone(900);
    await esl.api(`uuid_bridge ${anna.uuid} ${bo.uuid}`);
    await Promise.all([hears(forked, 0, 2, 440, 8_000), hears(forked, 1, 2, 900, 8_000)]);
    expect(await bo.call.hold()).toBe(200);
    await forked.until('no voice on the right', 5_000, () => !tonesIn(forked.channel(1, 2), 900, 8_000));
    expect(await bo.call.resume()).toBe(200);
    await hears(forked, 1, 2, 900, 8_000);
    expect(await anna.call.hold()).toBe(200);
    anna.call.media.stop();
    forked.forget();
    await forked.until('a second of frames', 5_000, () => forked.frames.length > 50);
    expect(forked.channel(0, 2).subarray(-800).every((s) => s === 0)).toBe(true);
  });

  it('closed with 1000 when the caller hangs up', async () => {
    const { call, uuid } = await leg();
    const forked = await fork(uuid, 'mono 8k');
    await call.bye();
    await forked.until('the end of the fork', 3_000, () => forked.closed() !== undefined);
    expect(forked.closed()).toBe(1000);
  });
});

describe('commands', () => {
  it('texts, pause, silence, resume, stop with a last word', async () => {
    const { call, uuid } = await leg();
    call.media.tone(440);
    const forked = await fork(uuid, 'mono 8k');
    await hears(forked, 0, 1, 440, 8_000);
    expect(await esl.api(`uuid_audio_fork ${uuid} send_text {"n":1}`)).toBe('+OK Success\n');
    await forked.until('the text', 2_000, () => forked.texts.includes('{"n":1}'));
    expect(await esl.api(`uuid_audio_fork ${uuid} pause audio_fork silence`)).toBe('+OK Success\n');
    await forked.until('silence', 3_000, () => forked.channel(0, 1).subarray(-800).every((s) => s === 0));
    await esl.api(`uuid_audio_fork ${uuid} resume`);
    await hears(forked, 0, 1, 440, 8_000);
    await esl.api(`uuid_audio_fork ${uuid} pause`);
    await esl.api(`uuid_audio_fork ${uuid} send_text {"n":2}`);
    await forked.until('the text', 2_000, () => forked.texts.includes('{"n":2}'));
    const paused = forked.frames.length;
    await esl.api(`uuid_audio_fork ${uuid} stop audio_fork {"bye":1}`);
    await forked.until('the end', 2_000, () => forked.closed() === 1000);
    expect([forked.texts.at(-1), forked.frames.length - paused]).toEqual(['{"bye":1}', 0]);
    expect(await esl.api(`uuid_audio_fork ${uuid} stop`)).toBe('-ERR Operation Failed\n');
  });

  it('graceful shutdown: an empty frame, and what the far end still has to say is heard', async () => {
    const { uuid } = await leg();
    const forked = await fork(uuid, 'mono 8k');
    await forked.until('audio', 3_000, () => forked.frames.length > 0);
    await esl.api(`uuid_audio_fork ${uuid} graceful-shutdown`);
    await forked.until('the empty frame', 2_000, () => forked.frames.at(-1)?.length === 0);
    const heard = custom('transcription');
    forked.socket.send('{"type":"transcription","data":{"text":"last"}}');
    expect((await heard).get('_body') ?? JSON.stringify((await heard).body)).toContain('last');
    await esl.api(`uuid_audio_fork ${uuid} stop`);
    await forked.until('the end', 2_000, () => forked.closed() !== undefined);
  });

  it.each<[line: string, answer: RegExp]>([
    ['uuid_audio_fork', /^-USAGE: <uuid> \[start/],
    ['uuid_audio_fork nobody start ws://127.0.0.1/ mono 8k', /^-ERR Operation Failed\n$/],
    ['uuid_audio_fork UUID start ftp://127.0.0.1/ mono 8k', /^-ERR Operation Failed\n$/],
    ['uuid_audio_fork UUID pause', /^-ERR Operation Failed\n$/],
    ['module_exists mod_audio_fork', /^true$/],
  ])('%s', async (line, answer) => {
    const { uuid } = await leg();
    expect(await esl.api(line.replace('UUID', uuid))).toMatch(answer);
  });

  it('a name is given once', async () => {
    const { uuid } = await leg();
    await fork(uuid, 'mono 8k twice');
    expect(await esl.api(`uuid_audio_fork ${uuid} start ${service.url} mono 8k twice`)).toBe('-ERR Operation Failed\n');
  });
});

describe('what the far end says', () => {
  it('becomes events; sent audio becomes a file that ends with the fork; killAudio ends what is played', async () => {
    const { app, uuid } = await leg();
    const forked = await fork(uuid, 'mono 8k');
    const json = custom('json');
    forked.socket.send('{"type":"json","data":{"a":1}}');
    expect((await json).get('_body')).toBe('{"type":"json","data":{"a":1}}');
    const play = custom('play_audio');
    forked.socket.send(JSON.stringify({ type: 'playAudio', data: { audioContentType: 'raw', sampleRate: 8000, audioContent: Buffer.alloc(320).toString('base64'), textContent: 'Hi' } }));
    const { file } = JSON.parse((await play).get('_body') ?? '{}') as { file: string };
    expect([file.endsWith('.tmp.r8'), existsSync(file)]).toEqual([true, true]);
    const played = app.execute('playback', 'tone_stream://%(9000,0,1200)');
    const killed = custom('kill_audio');
    forked.socket.send('{"type":"killAudio"}');
    await Promise.all([killed, played]);
    await esl.api(`uuid_audio_fork ${uuid} stop`);
    await until('the file is gone', 2_000, () => !existsSync(file));
  });

  it('that it goes: an event, and the call stays', async () => {
    const { call, uuid } = await leg();
    const forked = await fork(uuid, 'mono 8k');
    const lost = custom('disconnect');
    forked.socket.terminate();
    await lost;
    expect(await esl.api(`uuid_audio_fork ${uuid} stop`)).toBe('+OK Success\n');
    expect(call.state()).toBe('talking');
  });
});

describe('a far end that is no good harms nobody', () => {
  it('nobody listens there: connect_failed with a reason', async () => {
    const { call, uuid } = await leg();
    const failed = custom('connect_failed');
    await esl.api(`uuid_audio_fork ${uuid} start ws://127.0.0.1:${String(await freePort())}/ mono 8k`);
    expect(JSON.parse((await failed).get('_body') ?? '{}')).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') as string });
    expect(call.state()).toBe('talking');
  });

  it('it takes the connection and says nothing: audio is dropped, the call goes on, hanging up ends it', async () => {
    const deaf = await openDeafServer();
    const { call, app, uuid } = await leg();
    const overrun = custom('buffer_overrun');
    await esl.api(`uuid_audio_fork ${uuid} start ${deaf.url}/ mono 8k`);
    const heard = call.media.heard(500);
    void app.execute('playback', 'hello.wav');
    await Promise.all([heard, overrun]);
    await call.bye();
    await lab.idle();
    await deaf.close();
  });
});
