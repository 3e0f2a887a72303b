import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLab, type Frame, type Lab, type Leg } from '../lab.test.js';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const during = async (test: (leg: Leg) => Promise<void>): Promise<void> => {
  const leg = await lab.leg();
  await test(leg);
  await leg.call.bye();
};
const QUICK = { durationMs: 50, gapMs: 50 };
/** `play_and_get_digits` with a short prompt; digits go into `got`. */
const ask = (leg: Leg, { min = 1, max = 4, tries = 1, timeout = 3_000, terminators = '#', prompt = 'silence_stream://100', invalid = 'silence_stream://20', regexp = '\\d+', between = 1_500 } = {}): Promise<Frame> =>
  leg.app.execute('play_and_get_digits', `${min} ${max} ${tries} ${timeout} ${terminators} ${prompt} ${invalid} got ${regexp} ${between}`);
const results = (f: Frame) => ({ got: f.get('variable_got'), invalid: f.get('variable_got_invalid'), terminator: f.get('variable_read_terminator_used'), result: f.get('variable_read_result') });

describe('play_and_get_digits', () => {
  it('digits up to the most wanted, without waiting', () =>
    during(async (leg) => {
      const asked = ask(leg, { max: 3 });
      await leg.call.media.digits('123', QUICK);
      expect(results(await asked)).toEqual({ got: '123', invalid: undefined, terminator: undefined, result: 'success' });
    }));

  it('a terminator ends it early and is named', () =>
    during(async (leg) => {
      const asked = ask(leg, { max: 10 });
      await leg.call.media.digits('42#', QUICK);
      expect(results(await asked)).toMatchObject({ got: '42', terminator: '#', result: 'success' });
    }));

  it('the first digit stops the prompt', () =>
    during(async (leg) => {
      const began = performance.now();
      const asked = ask(leg, { max: 1, prompt: 'silence_stream://20000' });
      await leg.call.media.digits('5', QUICK);
      expect(results(await asked).got).toBe('5');
      expect(performance.now() - began).toBeLessThan(10_000);
    }));

  it('silence between digits ends it with what there is', () =>
    during(async (leg) => {
      const asked = ask(leg, { max: 8, between: 300 });
      await leg.call.media.digits('77', QUICK);
      expect(results(await asked)).toMatchObject({ got: '77', result: 'timeout' });
    }));

  it('no digit at all: as many tries as wanted, the invalid file each time', () =>
    during(async (leg) => {
      const done = await ask(leg, { tries: 2, timeout: 1_000 });
      expect(results(done).got).toBeUndefined();
      const played = leg.app.frames.filter((f) => f.get('Event-Name') === 'PLAYBACK_START').map((f) => f.get('Playback-File-Path'));
      expect(played).toEqual(['silence_stream://100', 'silence_stream://20', 'silence_stream://100', 'silence_stream://20']);
    }));

  it('digits that do not fit are kept apart, and the next try counts', () =>
    during(async (leg) => {
      const asked = ask(leg, { max: 2, tries: 2, regexp: '^(11|22)$' });
      await leg.call.media.digits('9922', QUICK);
      expect(results(await asked)).toMatchObject({ got: '22', invalid: '99' });
    }));

  it('too few digits are no answer', () =>
    during(async (leg) => {
      const asked = ask(leg, { min: 4, max: 6 });
      await leg.call.media.digits('12#', QUICK);
      const done = results(await asked);
      expect(done.result).toBe('failure');
      expect(done.got).toBe('12');
    }));

  it('with nothing required, the terminator alone is an answer', () =>
    during(async (leg) => {
      const asked = ask(leg, { min: 0, tries: 3, timeout: 5_000 });
      await leg.call.media.digits('#', QUICK);
      expect(results(await asked)).toMatchObject({ got: undefined, terminator: '#' });
    }));

  it('a prompt that is missing does not keep digits from being taken', () =>
    during(async (leg) => {
      const asked = ask(leg, { prompt: 'nothere.wav', tries: 2, max: 1 });
      await leg.call.media.digits('1', QUICK);
      expect((await asked).get('Application')).toBe('play_and_get_digits');
    }));

  it('what comes after is left for the next question', () =>
    during(async (leg) => {
      const first = ask(leg, { max: 2 });
      const second = leg.app.execute('play_and_get_digits', '2 2 1 3000 # silence_stream://2000 silence_stream://20 more \\d+ 1000');
      await leg.call.media.digits('1234', QUICK);
      const [one, two] = await Promise.all([first, second]);
      expect([one.get('variable_got'), two.get('variable_more')].sort()).toEqual(['12', '34']);
    }));

  it('hang-up in the middle ends it', async () => {
    const leg = await lab.leg();
    const asked = ask(leg, { timeout: 60_000 });
    await leg.app.event('PLAYBACK_START');
    await leg.call.bye();
    expect((await asked).get('Application-Response')).toBe('_none_');
    await lab.idle();
  });
});

it('read puts digits into its variable', () =>
  during(async (leg) => {
    const reading = leg.app.execute('read', '1 5 silence_stream://50 pin 3000 #');
    await leg.call.media.digits('90#', QUICK);
    expect((await reading).get('variable_pin')).toBe('90');
  }));

it('digits can be queued, received from outside, and flushed', () =>
  during(async (leg) => {
    const asked = ask(leg, { max: 3 });
    expect(await leg.app.api(`uuid_recv_dtmf ${leg.uuid} 12`)).toBe(`+OK ${leg.uuid} received DTMF 12.\n`);
    await leg.app.command(`sendmsg ${leg.uuid}`, { 'call-command': 'execute', 'execute-app-name': 'queue_dtmf', 'execute-app-arg': '3' });
    expect(results(await asked).got).toBe('123');
    expect(leg.app.frames.find((f) => f.get('Event-Name') === 'DTMF')?.get('DTMF-Source')).toBe('APP');
    expect(await leg.app.api(`uuid_recv_dtmf ${leg.uuid} xyz`)).toMatch(/^-USAGE/);
    expect(await leg.app.api(`uuid_flush_dtmf ${leg.uuid}`)).toBe('+OK\n');
    await leg.app.execute('flush_dtmf');
  }));

it('digits go out as RFC 4733, from an application and from outside', () =>
  during(async (leg) => {
    await leg.app.execute('send_dtmf', '1#@80');
    await leg.call.media.heardDigits('1#');
    expect(await leg.app.api(`uuid_send_dtmf ${leg.uuid} 7`)).toBe(`+OK ${leg.uuid} sent DTMF 7.\n`);
    await leg.call.media.heardDigits('1#7');
    expect(await leg.app.api(`uuid_send_dtmf ${leg.uuid} hello`)).toBe('-ERR Operation failed\n');
    await leg.app.execute('send_dtmf', 'nonsense!');
  }));
