import { expect, it } from 'vitest';
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

it('a reader that gives up is a fault of the file, and the file is not read a second time in our own thread', async () => {
  const shelf = createShelf({ read: async () => ({ ok: false, faults: [{ file: '', line: 1, column: 1, code: 'dialplan.too_much', message: 'it takes longer than 20 s to read', hint: undefined }] }) });
  await shelf.ahead([good]);
  expect(shelf.take(good)).toMatchObject({ ok: false, faults: [{ file: '/plans/main.yaml', code: 'dialplan.too_much' }] });
});
