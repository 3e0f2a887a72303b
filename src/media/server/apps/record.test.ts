import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hears, readWav } from '../../../../test/kit/listen.js';
import { openLab, SECRET, type Lab, type Leg } from '../lab.test.js';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const during = async (test: (leg: Leg) => Promise<void>): Promise<void> => {
  const leg = await lab.leg();
  await test(leg);
  await leg.call.bye();
  await lab.idle();
};

describe('record', () => {
  it('what the caller says, until a digit that ends it', () =>
    during(async ({ call, app }) => {
      await app.execute('set', 'playback_terminators=#');
      const path = join(lab.sounds, 'said.wav');
      call.media.tone(440);
      const recording = app.execute('record', `${path} 20`);
      await app.event('RECORD_START');
      await call.media.digits('1', { durationMs: 60 });
      await app.execute('sleep', '600');
      await call.media.digits('#', { durationMs: 60 });
      const done = await recording;
      expect(done.get('variable_playback_terminator_used')).toBe('#');
      expect(Number(done.get('variable_record_ms'))).toBeGreaterThan(500);
      const wav = readWav(path);
      expect([wav.channels.length, wav.rate, hears(wav, 0, 440, 0.7)]).toEqual([1, 8000, true]);
      expect(Math.abs(wav.durationMs - Number(done.get('variable_record_ms')))).toBeLessThanOrEqual(40);
    }));

  it('no longer than its limit', () =>
    during(async ({ app }) => {
      const done = await app.execute('record', `${join(lab.sounds, 'limit.wav')} 1`);
      expect(Number(done.get('variable_record_ms'))).toBeGreaterThanOrEqual(980);
      expect(Number(done.get('variable_record_ms'))).toBeLessThanOrEqual(1_100);
      expect(done.get('variable_record_seconds')).toBe('1');
    }));

  it('until the caller has been silent for long enough', () =>
    during(async ({ call, app }) => {
      call.media.tone(440);
      const recording = app.execute('record', `${join(lab.sounds, 'silence.wav')} 30 200 1`);
      await app.event('RECORD_START');
      await app.execute('sleep', '800');
      call.media.silence();
      const done = await recording;
      expect(done.get('variable_silence_hits_exhausted')).toBe('true');
      expect(Number(done.get('variable_record_ms'))).toBeLessThan(15_000);
    }));

  it('a folder that cannot be made ends the call as in FreeSWITCH', async () => {
    const { call, app } = await lab.leg();
    await app.command(`sendmsg ${app.uuid()}`, { 'call-command': 'execute', 'execute-app-name': 'record', 'execute-app-arg': '/dev/null/x/a.wav 5' });
    expect((await call.ended()).by).toBe('them');
    await lab.idle();
  });
});

describe('record_session', () => {
  it('both sides on two channels: left the caller, right what the caller hears', () =>
    during(async ({ call, app }) => {
      const path = join(lab.sounds, 'deep', 'folder', 'both.wav');
      await app.execute('set', 'RECORD_STEREO=true');
      const started = app.event('RECORD_START');
      await app.execute('record_session', path);
      expect((await started).get('Record-File-Path')).toBe(path);
      call.media.tone(440);
      await app.execute('playback', 'tone_stream://%(1500,0,900)');
      const stopped = app.event('RECORD_STOP');
      await app.execute('stop_record_session', path);
      expect((await stopped).get('Record-File-Path')).toBe(path);
      const wav = readWav(path);
      expect([wav.channels.length, hears(wav, 0, 440, 0.8), hears(wav, 1, 900, 0.8)]).toEqual([2, true, true]);
    }));

  it('the end of the call completes it, and RECORD_STOP comes before HANGUP_COMPLETE', async () => {
    const watch = await lab.inbound(SECRET);
    await watch.command('event json RECORD_STOP CHANNEL_HANGUP_COMPLETE');
    const { call, app, uuid } = await lab.leg();
    const path = join(lab.sounds, 'open.wav');
    await app.execute('record_session', path);
    call.media.tone(440);
    await app.execute('sleep', '400');
    const complete = watch.event('CHANNEL_HANGUP_COMPLETE', (f) => f.get('Unique-ID') === uuid);
    await call.bye();
    await complete;
    expect(watch.frames.filter((f) => f.get('Unique-ID') === uuid).map((f) => f.get('Event-Name'))).toEqual(['RECORD_STOP', 'CHANNEL_HANGUP_COMPLETE']);
    expect(readWav(path).durationMs).toBeGreaterThan(350);
    watch.socket.destroy();
    await lab.idle();
  });

  it('a hang-up while it starts leaves nothing behind (P17)', async () => {
    for (let i = 0; i < 5; i++) {
      const { call, app } = await lab.leg();
      void app.execute('record_session', join(lab.sounds, `p17-${i}`, 'a.wav')).catch(() => undefined);
      await call.bye();
    }
    await lab.idle();
  });
});

describe('uuid_record', () => {
  it('start, mask, unmask, stop', () =>
    during(async ({ call, app, uuid }) => {
      const path = join(lab.sounds, 'masked.wav');
      expect(await app.api(`uuid_record ${uuid} start ${path}`)).toBe('+OK Success\n');
      call.media.tone(440);
      await app.execute('sleep', '300');
      expect(await app.api(`uuid_record ${uuid} mask ${path}`)).toBe('+OK Success\n');
      await app.execute('sleep', '400');
      expect(await app.api(`uuid_record ${uuid} unmask ${path}`)).toBe('+OK Success\n');
      await app.execute('sleep', '300');
      expect(await app.api(`uuid_record ${uuid} stop ${path}`)).toBe('+OK Success\n');
      const [left] = readWav(path).channels;
      const silent = (left ?? new Int16Array()).slice(8 * 400, 8 * 600);
      expect(Math.max(...silent.map(Math.abs))).toBeLessThan(50);
    }));

  it.each<[command: string, answer: RegExp]>([
    ['nobody start /x.wav', /^-ERR Cannot locate session!/],
    ['$ stop /never-started.wav', /^-ERR Cannot stop record session!/],
    ['$ mask /never-started.wav', /^-ERR Cannot mask recording session!/],
    ['$ start /dev/null/x/y.wav', /^-ERR Cannot record session!/],
    ['$ pause /x.wav', /^-ERR Cannot pause/],
    ['$ rewind /x.wav', /^-USAGE/],
    ['$', /^-USAGE/],
  ])('%s', (command, answer) =>
    during(async ({ app, uuid }) => {
      expect(await app.api(`uuid_record ${command.replace('$', uuid)}`)).toMatch(answer);
    }));

  it('stop all ends every one; a second start of the same file is the same recording', () =>
    during(async ({ app, uuid }) => {
      const paths = ['a.wav', 'b.wav'].map((name) => join(lab.sounds, name));
      for (const path of [...paths, ...paths]) expect(await app.api(`uuid_record ${uuid} start ${path} 60`)).toBe('+OK Success\n');
      expect(app.frames.filter((f) => f.get('Event-Name') === 'RECORD_START')).toHaveLength(2);
      expect(await app.api(`uuid_record ${uuid} stop all`)).toBe('+OK Success\n');
      for (const path of paths) expect(readWav(path).rate).toBe(8000);
    }));

  it('a folder nobody may write to: an answer and a log line, and the call goes on', () =>
    during(async ({ app, uuid }) => {
      const folder = join(lab.sounds, 'locked');
      await mkdir(folder);
      await chmod(folder, 0o500);
      const answer = await app.api(`uuid_record ${uuid} start ${join(folder, 'sub', 'x.wav')}`);
      if (process.getuid?.() === 0) expect(answer).toMatch(/^\+OK/);
      else expect(answer).toBe('-ERR Cannot record session!\n');
      expect(await app.api(`uuid_exists ${uuid}`)).toBe('true');
    }));
});
