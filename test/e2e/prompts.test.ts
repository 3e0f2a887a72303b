import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { dominantTone, levelDb } from '../kit/listen.js';
import { writeTone } from '../kit/material.js';
import type { Call, Phone } from '../kit/phone.js';
import { recognise } from '../kit/recognise.js';
import { decode } from '../kit/rtp/law.js';
import { startStrowger, type Strowger, type StrowgerOptions } from '../kit/strowger.js';
import { until } from '../kit/wait.js';

let strowger: Strowger;
const open: Phone[] = [];
const folder = mkdtempSync(join(tmpdir(), 'strowger-prompts-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
afterEach(async () => {
  await Promise.all(open.splice(0).map((phone) => phone.close()));
});

function running(options: StrowgerOptions): void {
  beforeAll(async () => void (strowger = await startStrowger({ agents: 1, ...options })));
  afterAll(() => strowger.stop());
}
async function phone(user: string): Promise<Phone> {
  onTestFailed(() => console.error(strowger.output()));
  const one = await strowger.phone(user);
  open.push(one);
  return one;
}
async function dial(number: string, user = '1201'): Promise<Call> {
  const call = await (await phone(user)).call(number);
  await call.answered(30_000);
  return call;
}
/** Nothing has been played for two seconds, after something was. */
const falls = ({ media }: Call): Promise<void> =>
  until('the end of what is played', 60_000, () => performance.now() - (media.reception().lastAt ?? Infinity) > 2_000);
const count = (text: string, words: string): number => text.split(words).length - 1;

function write(name: string, text: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
}

// The recogniser knows few words: the notice is in such as it knows.
describe('as shipped, the caller hears', () => {
  write('shipped/recordings.yaml', 'recording: { notice: { zh-CN: 请等一下。, en: Please wait a moment. } }\n');
  write('shipped/queues.yaml', 'queues: [{ name: support, announce_position_seconds: 3 }]\n');
  running({ config: join(folder, 'shipped') });

  it('greeting and question in Chinese and in English', async () => {
    const call = await dial('4000');
    await falls(call);
    const heard = call.media.samples();
    expect(recognise(heard, 'zh')).toMatch(/^您好.*中文请.*人工请按零/);
    expect(recognise(heard, 'en')).toMatch(/hello .*f(or|our) english press two f(or|our) the operator press zero$/);
    await call.bye();
  });

  it('once, in both languages, that the call is recorded; the agent is joined after that', async () => {
    const agent = await phone('1001');
    const call = await dial('4000');
    await call.media.packets(20, 30_000);
    await call.media.digits('2');
    call.media.reset();
    const offered = await agent.nextCall(30_000);
    offered.answer();
    offered.media.tone(660);
    await call.media.heard(660, 10_000);
    await call.media.packets(call.media.reception().packets + 50);
    const heard = call.media.samples();
    expect([count(recognise(heard, 'zh'), '请等一下'), count(recognise(heard, 'en'), 'please wait a moment')]).toEqual([1, 1]);
    await offered.bye();
    await call.ended();
  });

  it('his place in the queue, in the language he chose, again and again', async () => {
    const [first, second] = [await dial('4000', '1202'), await dial('4000', '1203')];
    for (const [one, waiting] of [[first, 1], [second, 2]] as const) {
      await one.media.packets(20, 30_000);
      await one.media.digits('2');
      await strowger.when<{ waiting: number }>('/v1/queues/support', 30_000, (q) => q.waiting === waiting);
      one.media.reset();
    }
    await Promise.all([first, second].map((one) => one.media.packets(700, 40_000)));
    const [next, number] = [first, second].map((one) => recognise(one.media.samples(), 'en'));
    expect(next).toMatch(/you are next .*please hold.*you are next .*please hold/);
    expect(number).toMatch(/you are number two .*please hold/);
    expect(recognise(first.media.samples(), 'zh')).not.toMatch(/您/);
    await Promise.all([first.bye(), second.bye()]);
  });
});

describe('of a dialplan and settings of one\'s own', () => {
  write('own/recordings.yaml', 'recording: { notice: false }\n');
  write('own/queues.yaml', 'queues: [{ name: support, announce_position_seconds: 0 }]\n');
  write('own/dialplans/main.yaml', `
version: 1
entries: [ { number: "5000", flow: greeting }, { number: "5001", flow: waiting } ]
flows:
  greeting:
    - say: { en: Long tone. }
    - ask: { prompt: { en: Other tone. }, keys: { "1": chosen }, tries: 1, timeout: 5 }
    - hang_up: {}
  chosen: [ { say: { en: Last tone. } }, { hang_up: {} } ]
  waiting: [ { queue: { name: support } } ]
`);
  mkdirSync(join(folder, 'own/dialplans/prompts/en'), { recursive: true });
  for (const [name, hz, seconds] of [['long', 700, 20], ['other', 900, 20], ['last', 1100, 1]] as const) writeTone(join(folder, `own/dialplans/prompts/en/${name}-tone.wav`), hz, seconds);
  running({ config: join(folder, 'own'), dialplans: join(folder, 'own/dialplans') });

  /** Presses 1 while `hz` plays; how long after the end of the key it was still heard, in ms. */
  async function interrupt(call: Call, hz: number): Promise<number> {
    await call.media.heard(hz, 10_000);
    let last = 0;
    call.media.onPayload((payload, now) => {
      if (dominantTone(decode(payload, 'ulaw')) === hz) last = now;
    });
    await call.media.digits('1', { durationMs: 100, gapMs: 20 });
    const end = performance.now() - 80; // the end is said three times, then comes the gap of one frame
    await call.media.heard(1_100, 10_000);
    return last - end;
  }

  it('a key stops a greeting or a question within 100 ms', async () => {
    const late: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const call = await dial('5000');
      late.push(await interrupt(call, 700));
      expect((await call.ended()).by).toBe('them');
    }
    late.sort((a, b) => a - b);
    expect(late[2], `ms after the end of the key: ${late.map(Math.round).join()}`).toBeLessThanOrEqual(100);
    expect(late[4]).toBeLessThanOrEqual(1_000);
  });

  it('no notice is given where none is wanted: the music begins at once', async () => {
    const call = await dial('5001');
    await call.media.packets(250, 20_000);
    const heard = call.media.samples();
    expect(levelDb(heard, 0, 8_000)).toBeGreaterThan(-45);
    expect(recognise(heard, 'en')).not.toMatch(/this call is/);
    await call.bye();
  });
});
