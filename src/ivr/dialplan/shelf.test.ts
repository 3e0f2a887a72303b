import { expect, it } from 'vitest';
import type { Known } from './check/index.js';
import { readText } from './folder.js';
import { readHere } from './reader.fixture.js';
import { createShelf, type Shelf } from './shelf.js';

const flows = (count: number): string =>
  `version: 1\nentries:\n  - { number: "4000", flow: f0 }\nflows:\n${Array.from({ length: count }, (_, i) => `  f${i}: [ { say: { zh-CN: 你好, en: Hello ${i}. } }, { goto: { flow: f${(i + 1) % count} } } ]\n`).join('')}`;
const good = { name: '/plans/main.yaml', text: 'version: 1\nentries:\n  - { number: "4000", flow: main }\nflows:\n  main: [ { say: { en: Hello. } } ]\n' };
const bad = { name: '/plans/main.yaml', text: good.text.replace('say', 'sya') };
const reading = () => {
  const read: string[] = [];
  const shelf = createShelf({ read: async (text) => (read.push(text), readHere(text)) });
  return { read, shelf };
};
const faultsOf = (shelf: Shelf, one: typeof good) => {
  const taken = shelf.take(one);
  return taken.ok ? [...taken.faults.first, ...taken.faults.middle, ...taken.faults.last] : taken.faults;
};

it('what was worked out ahead is the same as what is worked out at once, faults and places included', async () => {
  for (const one of [good, bad]) {
    const { shelf } = reading();
    await shelf.ahead([one]);
    expect(faultsOf(shelf, one)).toEqual(faultsOf(createShelf(), one));
  }
  expect(faultsOf(createShelf(), bad)).toMatchObject([{ file: '/plans/main.yaml', line: 5, column: 13, code: 'dialplan.unknown_step' }]);
});

it('a text is read once, however often it is taken', async () => {
  const { read, shelf } = reading();
  await shelf.ahead([good]);
  await shelf.ahead([good]);
  expect(read).toEqual([good.text]);
  expect(shelf.take(good)).toBe(shelf.take(good));
});

it('keeps the last few texts of a file, and those that serve longest', async () => {
  const { read, shelf } = reading();
  const version = (n: number) => ({ ...good, text: good.text.replace('Hello', `Hello ${n}`) });
  await shelf.ahead([version(0)]);
  for (let n = 1; n < 6; n += 1) {
    shelf.take(version(0));
    await shelf.ahead([version(n)]);
  }
  read.length = 0;
  await shelf.ahead([version(0), version(1)]);
  expect(read).toEqual([version(1).text]);
});

it('works in slices: whoever waits for the event loop gets it', async () => {
  let clock = 0;
  const shelf = createShelf({ read: readHere, sliceMs: 4, now: () => (clock += 1) });
  let turns = 0;
  let done = false;
  const count = (): void => {
    turns += 1;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  await shelf.ahead([{ name: '/plans/many.yaml', text: flows(200) }]);
  done = true;
  expect(turns).toBeGreaterThan(40);
});

it('pauses after every step, in every check', async () => {
  const turnsFor = async (count: number): Promise<number> => {
    const shelf = createShelf({ read: readHere, sliceMs: 0, now: () => 0, around: () => ({ known, calendars: new Map() }) });
    let turns = 0;
    let done = false;
    const turn = (): void => {
      turns += 1;
      if (!done) setImmediate(turn);
    };
    setImmediate(turn);
    await shelf.ahead([{ name: '/plans/many.yaml', text: flows(count) }]);
    done = true;
    return turns;
  };
  // A flow has two steps and one exit. Each is: compiled (2), left (2 + 1), dead steps (1), markup (2), languages (2), targets (2), tickets (2), queues' flows (2), variables (2 + 2), dead flows (1 + 1 + 1).
  expect(((await turnsFor(60)) - (await turnsFor(20))) / 40).toBe(23);
});

/** Of every check one that finds something. */
const faulty = {
  name: '/plans/faulty.yaml',
  text: `version: 1
entries:
  - { number: "4000", flow: main, hours: holidays }
  - { number: "4000", flow: main, hours: holidays }
  - { number: "4001", flow: nowhere }
flows:
  main:
    - say: { en: "<speak>Hello <b>you</b></speak>" }
    - say: { en: "Dear $nobody", zh-CN: 您好 }
    - play: { file: silence.wav }
    - http: { url: "https://example.test/", headers: { Authorization: "\${SECRET}" }, save: { a: "$.a" } }
    - ask: { prompt: { en: Yes }, keys: { "1": round }, intents: { buying: gone } }
    - queue: { name: sale }
    - hang_up: {}
    - say: { en: Never. }
  round: [ { goto: round } ]
  lost: [ { hang_up: {} } ]
`,
};
const known: Known = { queues: ['sales'], extensions: [], intents: ['buy'], speech: [], queueFlows: { sale: ['after'] }, secrets: () => false, sounds: () => false };

it('what was worked out ahead against queues and the rest is what is worked out at once', async () => {
  const shelf = createShelf({ read: readHere, sliceMs: 0, around: () => ({ known, calendars: new Map() }) });
  await shelf.ahead([faulty]);
  const { faults } = readText(faulty.name, faulty.text, known, new Map(), shelf);
  expect(faults).toEqual(readText(faulty.name, faulty.text, known, new Map()).faults);
  expect([...new Set(faults.map((f) => f.code.replace('dialplan.', '')))].sort()).toEqual([
    'bad_markup', 'duplicate_entry', 'endless_loop', 'intents_need_speech', 'missing_calendar', 'missing_flow', 'missing_intent', 'missing_language', 'missing_queue', 'missing_queue_flow', 'missing_secret', 'missing_sound',
    'unknown_variable', 'unreachable_flow', 'unreachable_step',
  ]);
});

it('is not worked out twice, unless something else is known', async () => {
  let asked = 0;
  const counted = (queue: string): Known => ({ queues: Object.assign([queue], { includes: (name: string) => (asked += 1) > 0 && name === queue }) });
  const before = counted('sales');
  const shelf = createShelf({ read: readHere, around: () => ({ known: before, calendars: new Map() }) });
  const one = { name: '/plans/one.yaml', text: good.text.replace('[ {', '[ { queue: { name: sales } }, {') };
  const codes = (now: Known, calendars = new Map()) => readText(one.name, one.text, now, calendars, shelf).faults.map((f) => f.code).filter((code) => code !== 'dialplan.missing_language');
  await shelf.ahead([one]);
  expect(asked).toBeGreaterThan(0);
  asked = 0;
  expect([codes(before), asked]).toEqual([[], 0]);
  expect(codes(counted('support'))).toEqual(['dialplan.missing_queue']);
  asked = 0;
  codes(before, new Map([['office', {} as never]]));
  expect(asked).toBeGreaterThan(0);
});

it('a reader that gives up is a fault of the file, and the file is not read a second time in our own thread', async () => {
  const shelf = createShelf({ read: async () => ({ ok: false, faults: [{ file: '', line: 1, column: 1, code: 'dialplan.too_much', message: 'it takes longer than 20 s to read', hint: undefined }] }) });
  await shelf.ahead([good]);
  expect(shelf.take(good)).toMatchObject({ ok: false, faults: [{ file: '/plans/main.yaml', code: 'dialplan.too_much' }] });
});
