import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../../audio/index.js';
import { openLab, SECRET, toneSamples, type Lab, type Leg } from '../lab.test.js';

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
const paths = ({ app }: Leg, event: string): (string | undefined)[] => app.frames.filter((f) => f.get('Event-Name') === event).map((f) => f.get('Playback-File-Path'));

describe('what can be played', () => {
  it('a file of the sounds folder is heard to its end and measured', () =>
    during(async ({ call, app }) => {
      const heard = call.media.heard(500);
      const done = await app.execute('playback', 'hello.wav');
      await heard;
      expect(done.get('Application-Response')).toBe('FILE PLAYED');
      expect([done.get('variable_playback_seconds'), done.get('variable_playback_ms'), done.get('variable_playback_last_offset_pos')]).toEqual(['1', '1000', '8000']);
    }));

  it('an absolute path, one without extension, one in the folder of its rate', () =>
    during(async (leg) => {
      const nested = join(lab.sounds, 'ivr', '8000');
      await mkdir(nested, { recursive: true });
      await writeFile(join(nested, 'deep.wav'), encodeWav({ rateHz: 8000, channels: [toneSamples(500, 60)] }));
      for (const name of [join(lab.sounds, 'short.wav'), 'short', 'ivr/deep.wav']) {
        expect((await leg.app.execute('playback', name)).get('Application-Response'), name).toBe('FILE PLAYED');
      }
      expect(paths(leg, 'PLAYBACK_START')).toEqual([join(lab.sounds, 'short.wav'), join(lab.sounds, 'short.wav'), join(nested, 'deep.wav')]);
      expect(paths(leg, 'PLAYBACK_STOP')).toEqual(paths(leg, 'PLAYBACK_START'));
    }));

  it('a tone stream, with settings in front', () =>
    during(async ({ call, app }) => {
      const heard = call.media.heard(620);
      const started = app.event('PLAYBACK_START');
      const done = await app.execute('playback', '{loops=1}tone_stream://%(600,0,620)');
      await heard;
      expect((await started).get('Playback-File-Type')).toBe('tone_stream');
      expect(done.get('Application-Response')).toBe('FILE PLAYED');
    }));

  it('music that never ends, until uuid_break', () =>
    during(async ({ call, app, uuid }) => {
      const started = app.event('PLAYBACK_START');
      const done = app.execute('playback', 'local_stream://moh');
      expect((await started).get('Playback-File-Type')).toBe('local_stream');
      await call.media.packets(20);
      const stopped = app.event('PLAYBACK_STOP');
      expect(await app.api(`uuid_break ${uuid}`)).toBe('+OK\n');
      expect((await stopped).get('Playback-Status')).toBe('break');
      expect((await done).get('Application-Response')).toBe('FILE PLAYED');
    }));

  it('file_string plays one after another as one', () =>
    during(async (leg) => {
      const done = await leg.app.execute('playback', 'file_string://short.wav!silence_stream://100!short.wav');
      expect(done.get('variable_playback_ms')).toBe('500');
      expect(paths(leg, 'PLAYBACK_START')).toHaveLength(1);
    }));

  it('a delimiter makes several of one, with a pause of 250 ms', () =>
    during(async (leg) => {
      await leg.app.execute('set', 'playback_delimiter=!');
      const began = performance.now();
      await leg.app.execute('playback', 'silence_stream://100!silence_stream://100');
      expect(performance.now() - began).toBeGreaterThan(420);
      expect(paths(leg, 'PLAYBACK_START')).toEqual(['silence_stream://100', 'silence_stream://100']);
    }));

  it.each(['nothere.wav', '', 'tone_stream://%(', 'local_stream://nosuch', 'http://127.0.0.1/x.wav', 'file_string://a.wav!b.wav', 'hello.txt'])('%j is FILE NOT FOUND', (name) =>
    during(async (leg) => {
      expect((await leg.app.execute('playback', name)).get('Application-Response')).toBe('FILE NOT FOUND');
      expect(paths(leg, 'PLAYBACK_START')).toEqual([]);
    }));

  it('a file that is no WAV is not found either', () =>
    during(async ({ app }) => {
      await writeFile(join(lab.sounds, 'broken.wav'), 'RIFF and nothing more');
      expect((await app.execute('playback', 'broken.wav')).get('Application-Response')).toBe('FILE NOT FOUND');
    }));
});

describe('how long', () => {
  it('an offset in samples, a limit in seconds; blocks of 2048 ms are counted as FreeSWITCH counts them', () =>
    during(async ({ app }) => {
      await writeFile(join(lab.sounds, 'long.wav'), encodeWav({ rateHz: 8000, channels: [toneSamples(500, 6_000)] }));
      await app.execute('set', 'playback_timeout_sec=2');
      const done = await app.execute('playback', 'long.wav@@8000');
      expect([done.get('variable_playback_seconds'), done.get('variable_playback_ms')]).toEqual(['2', '2048']);
      expect(Number(done.get('variable_playback_last_offset_pos'))).toBeGreaterThanOrEqual(24_000);
    }));
});

describe('digits during playback', () => {
  const pressing = (leg: Leg, keys: string): Promise<void> => leg.call.media.digits(keys, { durationMs: 80 });

  it('* ends it and is noted', () =>
    during(async (leg) => {
      const done = leg.app.execute('playback', 'silence_stream://8000');
      await pressing(leg, '5*');
      const event = await done;
      expect([event.get('Application-Response'), event.get('variable_playback_terminator_used')]).toEqual(['FILE PLAYED', '*']);
    }));

  it('only those that playback_terminators names, and each digit is an event', () =>
    during(async (leg) => {
      await leg.app.execute('set', 'playback_terminators=7#');
      const done = leg.app.execute('playback', 'silence_stream://8000');
      await pressing(leg, '*27');
      expect((await done).get('variable_playback_terminator_used')).toBe('7');
      const digits = leg.app.frames.filter((f) => f.get('Event-Name') === 'DTMF');
      expect(digits.map((f) => f.get('DTMF-Digit')).join('')).toBe('*27');
      expect(digits[0]?.get('DTMF-Source')).toBe('RTP');
      expect(Number(digits[0]?.get('DTMF-Duration'))).toBeGreaterThanOrEqual(400);
    }));

  it('none of them with none', () =>
    during(async (leg) => {
      await leg.app.execute('set', 'playback_terminators=none');
      const done = leg.app.execute('playback', 'silence_stream://900');
      await pressing(leg, '*#');
      const event = await done;
      expect([event.get('variable_playback_ms'), event.get('variable_playback_terminator_used')]).toEqual(['900', undefined]);
    }));
});

describe('one inside the other', () => {
  it('a second playback interrupts the first, which then goes on where it was', () =>
    during(async (leg) => {
      const first = leg.app.execute('playback', 'hello.wav');
      await leg.call.media.heard(500);
      const second = await leg.app.execute('playback', 'short.wav');
      expect(second.get('variable_playback_ms')).toBe('200');
      expect(Number((await first).get('variable_playback_ms'))).toBe(1000);
    }));

  it('setting a variable does not disturb what plays', () =>
    during(async (leg) => {
      const playing = leg.app.execute('playback', 'hello.wav');
      await leg.call.media.heard(500);
      await leg.app.execute('set', 'a=1');
      expect((await playing).get('variable_playback_ms')).toBe('1000');
    }));

  it('with event-lock the second waits for the first', () =>
    during(async (leg) => {
      const first = leg.app.execute('playback', 'hello.wav', { 'event-lock': 'true' });
      const second = leg.app.execute('playback', 'short.wav');
      await second;
      expect(leg.app.frames.filter((f) => f.get('Event-Name') === 'CHANNEL_EXECUTE_COMPLETE').map((f) => f.get('Application-Data'))).toEqual(['hello.wav', 'short.wav']);
      await first;
    }));

  it('uuid_break all ends what plays and forgets what waits', () =>
    during(async (leg) => {
      const playing = leg.app.event('PLAYBACK_START');
      const first = leg.app.execute('playback', 'local_stream://moh', { 'event-lock': 'true' });
      await playing;
      await leg.app.command(`sendmsg ${leg.uuid}`, { 'call-command': 'execute', 'execute-app-name': 'playback', 'execute-app-arg': 'hello.wav' });
      await leg.app.api(`uuid_break ${leg.uuid} all`);
      await first;
      await leg.app.execute('set', 'after=1');
      expect(paths(leg, 'PLAYBACK_START')).toEqual(['local_stream://moh']);
    }));

  it('uuid_broadcast plays to one leg', () =>
    during(async (leg) => {
      const heard = leg.call.media.heard(500);
      expect(await leg.app.api(`uuid_broadcast ${leg.uuid} hello.wav aleg`)).toBe('+OK Message sent\n');
      await heard;
      expect(await leg.app.api(`uuid_broadcast ${leg.uuid} set::from=broadcast aleg`)).toBe('+OK Message sent\n');
      await leg.app.event('CHANNEL_EXECUTE_COMPLETE', (f) => f.get('variable_from') === 'broadcast');
      expect(await leg.app.api('uuid_broadcast nobody hello.wav')).toBe('-ERR invalid uuid\n');
    }));
});

it('sleep lets time pass and leaves digits for whoever comes next', () =>
  during(async (leg) => {
    const sleeping = leg.app.execute('sleep', '900', { 'event-lock': 'true' });
    const setting = leg.app.execute('set', 'between=1');
    const reading = leg.app.execute('play_and_get_digits', '2 2 1 2000 # silence_stream://50 silence_stream://50 got \\d+');
    await leg.call.media.digits('42', { durationMs: 60, gapMs: 60 });
    await Promise.all([sleeping, setting]);
    expect((await reading).get('variable_got')).toBe('42');
  }));

it('gentones plays a script, endless_playback plays until broken off by the end', async () => {
  const { call, app } = await lab.leg();
  const heard = call.media.heard(700);
  await app.execute('gentones', '%(500,0,700)');
  await heard;
  const again = call.media.heard(700);
  const done = app.execute('endless_playback', 'short.wav');
  await again;
  const esl = await lab.inbound(SECRET);
  expect(await esl.api(`uuid_kill ${app.uuid()}`)).toBe('+OK\n');
  expect((await done).get('Application-Response')).toBe('PLAYBACK ERROR');
  esl.socket.destroy();
  await lab.idle();
});
