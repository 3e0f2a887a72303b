import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { within } from '../../../../test/kit/wait.js';
import { openLab, SECRET, type Esl, type Lab, type Leg } from '../lab.test.js';

let lab: Lab;
let control: Esl;
beforeAll(async () => {
  lab = await openLab();
  control = await lab.inbound(SECRET);
});
afterAll(async () => {
  control.socket.destroy();
  await lab.close();
});

const pair = async (): Promise<[Leg, Leg]> => [await lab.leg(), await lab.leg()];
const bridged = async (): Promise<[Leg, Leg]> => {
  const [a, b] = await pair();
  const event = a.app.event('CHANNEL_BRIDGE');
  expect(await control.api(`uuid_bridge ${a.uuid} ${b.uuid}`)).toBe(`+OK ${b.uuid}\n`);
  await event;
  return [a, b];
};
const end = async (...legs: readonly Leg[]): Promise<void> => {
  for (const { call } of legs) if (call.state() !== 'ended') await call.bye();
  await lab.idle();
};
/** Both hear each other's tone; a re-check after every permutation is the test against one-way audio (P25). */
const talk = async (a: Leg, b: Leg, low = 440, high = 800): Promise<void> => {
  a.call.media.tone(low);
  b.call.media.tone(high);
  a.call.media.reset();
  b.call.media.reset();
  await Promise.all([b.call.media.heard(low), a.call.media.heard(high)]);
};

describe('uuid_bridge', () => {
  it('two parked channels hear each other, and the events say who', async () => {
    const [a, b] = await bridged();
    await talk(a, b);
    const event = a.app.frames.find((f) => f.get('Event-Name') === 'CHANNEL_BRIDGE');
    expect([event?.get('Bridge-A-Unique-ID'), event?.get('Bridge-B-Unique-ID')]).toEqual([a.uuid, b.uuid]);
    expect(await control.api(`uuid_getvar ${b.uuid} signal_bond`)).toBe(a.uuid);
    await end(a, b);
  });

  it('a playback on either ends, its promise settles', async () => {
    const [a, b] = await pair();
    const started = a.app.event('PLAYBACK_START');
    const music = a.app.execute('playback', 'local_stream://moh');
    await started;
    await control.api(`uuid_bridge ${a.uuid} ${b.uuid}`);
    expect((await music).get('Application')).toBe('playback');
    await talk(a, b);
    await end(a, b);
  });

  it.each<[what: string, args: (a: Leg, b: Leg) => string, answer: RegExp]>([
    ['nobody', (a) => `${a.uuid} nobody`, /^-ERR Invalid uuid/],
    ['itself', (a) => `${a.uuid} ${a.uuid}`, /^-ERR Invalid uuid/],
    ['a second choice', (a, b) => `${a.uuid} nobody ${b.uuid}`, /^\+OK/],
    ['one word', (a) => a.uuid, /^-USAGE/],
  ])('with %s', async (_what, args, answer) => {
    const [a, b] = await pair();
    expect(await control.api(`uuid_bridge ${args(a, b)}`)).toMatch(answer);
    await end(a, b);
  });

  it('one hangs up: the other is hung up too', async () => {
    const [a, b] = await bridged();
    await a.call.bye();
    expect((await b.call.ended()).by).toBe('them');
    const event = b.app.frames.find((f) => f.get('Event-Name') === 'CHANNEL_HANGUP');
    expect(event?.get('variable_last_bridge_hangup_cause')).toBe('NORMAL_CLEARING');
    await end(a, b);
  });

  it('unless it asked to be parked', async () => {
    const [a, b] = await bridged();
    await control.api(`uuid_setvar ${b.uuid} park_after_bridge true`);
    const parked = b.app.event('CHANNEL_PARK');
    await a.call.bye();
    await parked;
    expect(await control.api(`uuid_exists ${b.uuid}`)).toBe('true');
    await end(b);
  });

  it('a third takes one of the two away: the one left alone goes', async () => {
    const [a, b] = await bridged();
    const c = await lab.leg();
    await control.api(`uuid_bridge ${a.uuid} ${c.uuid}`);
    expect((await b.call.ended()).by).toBe('them');
    await talk(a, c);
    await end(a, c);
  });

  it('both hang up at the same moment', async () => {
    const [a, b] = await bridged();
    await Promise.all([a.call.bye(), b.call.bye()]);
    await lab.idle();
  });
});

describe('uuid_transfer', () => {
  it('-both park inline takes both out, as drachtio-fsmrf unbridges, and they can be bridged again', async () => {
    const [a, b] = await bridged();
    const parked = Promise.all([a.app.event('CHANNEL_PARK'), b.app.event('CHANNEL_PARK')]);
    expect(await control.api(`uuid_transfer ${a.uuid} -both park inline`)).toBe('+OK\n');
    await parked;
    expect(a.app.frames.some((f) => f.get('Event-Name') === 'CHANNEL_UNBRIDGE')).toBe(true);
    await control.api(`uuid_bridge ${b.uuid} ${a.uuid}`);
    await talk(a, b);
    await end(a, b);
  });

  it('-bleg sends the partner elsewhere and lets this one go', async () => {
    const [a, b] = await bridged();
    expect(await control.api(`uuid_transfer ${a.uuid} -bleg 'set:x=1,park' inline`)).toBe('+OK\n');
    expect((await a.call.ended()).by).toBe('them');
    expect(await control.api(`uuid_getvar ${b.uuid} x`)).toBe('1');
    await end(b);
  });

  it('a plan that is through hangs up', async () => {
    const leg = await lab.leg();
    await control.api(`uuid_transfer ${leg.uuid} 'set:x=1,sleep:10' inline`);
    expect((await leg.call.ended()).by).toBe('them');
    await lab.idle();
  });

  it('without inline it goes back to the application it came from', async () => {
    const leg = await lab.leg();
    const again = lab.nextSocket();
    expect(await control.api(`uuid_transfer ${leg.uuid} 1234 XML default`)).toBe('+OK\n');
    (await again).destroy();
    expect((await leg.call.ended()).by).toBe('them');
    await lab.idle();
  });

  it.each<[args: string, answer: RegExp]>([['nobody park inline', /^-ERR No such channel/], ['nobody', /^-USAGE/], ['', /^-USAGE/]])('%j', async (args, answer) => {
    expect(await control.api(`uuid_transfer ${args}`)).toMatch(answer);
  });
});

it('uuid_park takes one out of a bridge', async () => {
  const [a, b] = await bridged();
  const parked = a.app.event('CHANNEL_PARK');
  expect(await control.api(`uuid_park ${a.uuid}`)).toBe('+OK\n');
  await parked;
  expect((await b.call.ended()).by).toBe('them');
  expect(await control.api('uuid_park nobody')).toMatch(/^-ERR/);
  expect(await control.api('uuid_park')).toMatch(/^-USAGE/);
  await end(a);
});

describe('commands on a bridged channel', () => {
  it('a prompt to one side, then they talk on', async () => {
    const [a, b] = await bridged();
    await talk(a, b);
    const heard = a.call.media.heard(500);
    await a.app.execute('playback', 'hello.wav');
    await heard;
    await talk(a, b);
    await end(a, b);
  });

  it('digits are events and reach the partner', async () => {
    const [a, b] = await bridged();
    await talk(a, b);
    const event = a.app.event('DTMF');
    await a.call.media.digits('5', { durationMs: 80 });
    expect((await event).get('DTMF-Digit')).toBe('5');
    await b.call.media.heardDigits('5');
    await end(a, b);
  });
});

describe('an application that dies while its channel is bridged', () => {
  it('the call goes on; when it ends nothing is left, park_after_bridge or not', async () => {
    const [a, b] = await bridged();
    await control.api(`uuid_setvar ${b.uuid} park_after_bridge true`);
    a.app.socket.destroy();
    b.app.socket.destroy();
    await talk(a, b);
    await a.call.bye();
    expect((await b.call.ended()).by).toBe('them');
    await lab.idle();
  });
});

describe('hold', () => {
  it('the partner hears music, then the other again; events and states say so (P26, P28)', async () => {
    const [a, b] = await bridged();
    await talk(a, b);
    const held = a.app.event('CHANNEL_HOLD');
    expect(await a.call.hold()).toBe(200);
    await held;
    b.call.media.reset();
    await b.call.media.until('music', 5_000, (r) => r.packets > 20);
    expect(a.app.frames.filter((f) => f.get('Event-Name') === 'CHANNEL_CALLSTATE').at(-1)?.get('Channel-Call-State')).toBe('HELD');
    const back = a.app.event('CHANNEL_UNHOLD');
    expect(await a.call.resume()).toBe(200);
    await back;
    await talk(a, b);
    await end(a, b);
  });

  it('hold_music names what is heard, a missing file does not mean silence', async () => {
    const [a, b] = await bridged();
    await control.api(`uuid_setvar ${b.uuid} hold_music tone_stream://%(1000,0,1100);loops=-1`);
    await a.call.hold();
    await b.call.media.heard(1100);
    await a.call.resume();
    await control.api(`uuid_setvar ${b.uuid} hold_music nothere.wav`);
    await a.call.hold();
    b.call.media.reset();
    await b.call.media.until('something', 5_000, (r) => r.packets > 20);
    await a.call.resume();
    await talk(a, b);
    await end(a, b);
  });

  it('held first, bridged later: the partner hears music from the start', async () => {
    const [a, b] = await pair();
    await a.call.hold();
    await control.api(`uuid_bridge ${a.uuid} ${b.uuid}`);
    await b.call.media.until('music', 5_000, (r) => r.packets > 20);
    await a.call.resume();
    await talk(a, b);
    await end(a, b);
  });
});

describe('no more RTP', () => {
  it('X-Media-Timeout ends the call with MEDIA_TIMEOUT', async () => {
    const leg = await lab.leg({ headers: [['X-Media-Timeout', '400']] });
    leg.call.media.tone(440);
    leg.call.media.stop();
    const ended = await leg.call.ended(10_000);
    expect(ended.by).toBe('them');
    expect(leg.call.requests.at(-1)?.headers.find(([n]) => n === 'Reason')?.[1]).toBe('SIP;cause=804;text="MEDIA_TIMEOUT"');
    await within(3_000, 'the end', leg.app.closed);
    expect(leg.app.frames.find((f) => f.get('Event-Name') === 'CHANNEL_HANGUP')?.get('Hangup-Cause')).toBe('MEDIA_TIMEOUT');
    await lab.idle();
  });

  it('may be set and taken back during the call, and rests on hold', async () => {
    const leg = await lab.leg();
    leg.call.media.tone(440);
    await leg.app.execute('set', 'media_timeout=300');
    await leg.call.hold();
    await leg.app.execute('sleep', '900');
    expect(await control.api(`uuid_exists ${leg.uuid}`)).toBe('true');
    await control.api(`uuid_setvar ${leg.uuid} media_timeout 0`);
    await leg.call.resume();
    leg.call.media.stop();
    await leg.app.execute('sleep', '900');
    expect(await control.api(`uuid_exists ${leg.uuid}`)).toBe('true');
    await control.api(`uuid_setvar ${leg.uuid} media_timeout 200`);
    expect((await leg.call.ended(10_000)).by).toBe('them');
    await lab.idle();
  });
});
