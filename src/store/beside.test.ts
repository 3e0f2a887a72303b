import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { beside, type Beside } from './beside.js';

/** Echoes; `hang` thinks for ever, `die` ends its thread, `fail` could not read. Each thread leaves a line in the file that it was given for a database. */
const ECHO = `
import { appendFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
appendFileSync(workerData.path, 'started\\n');
parentPort.on('message', ({ id, question }) => {
  if (question === 'hang') for (;;);
  if (question === 'die') process.exit(1);
  parentPort.postMessage(question === 'fail' ? { id, failed: { code: 'store.locked', message: 'no', hint: 'end it' } } : { id, answer: question + '!' });
});`;
let [dir, started] = ['', ''];
let thread: Beside<string, string>;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'beside-'));
  started = join(dir, 'started');
  writeFileSync(started, '');
  writeFileSync(join(dir, 'echo.mjs'), ECHO);
  thread = open();
});
afterEach(async () => {
  await thread.close();
  rmSync(dir, { recursive: true });
});
const open = (limitMs?: number): Beside<string, string> => beside(pathToFileURL(join(dir, 'echo.mjs')), started, limitMs);
const threads = (): number => readFileSync(started, 'utf8').split('\n').length - 1;
const busy = { code: 'store.busy' };
/** What became of each, once all are settled. */
const outcomes = async (asked: readonly Promise<string>[]): Promise<string[]> => (await Promise.allSettled(asked)).map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code: string }).code));

it('each question has its answer, from one thread, and what the thread could not read keeps its code', async () => {
  expect(await outcomes(['a', 'fail', 'b'].map((one) => thread.ask(one)))).toEqual(['a!', 'store.locked', 'b!']);
  expect(threads()).toBe(1);
});

it('one that thinks too long is ended, whoever waited for it is told, and the next question has another thread', async () => {
  await thread.close();
  thread = open(300);
  expect(await outcomes(['a', 'hang', 'b'].map((one) => thread.ask(one)))).toEqual(['a!', 'store.busy', 'store.busy']);
  expect([await thread.ask('c'), threads()]).toEqual(['c!', 2]);
});

it('a thread that dies leaves nobody without an answer', async () => {
  expect(await outcomes(['a', 'die', 'b'].map((one) => thread.ask(one)))).toEqual(['a!', 'store.busy', 'store.busy']);
  expect(await thread.ask('c')).toBe('c!');
});

it('closing ends the thread in the middle of a question, answers everybody, and starts no other', async () => {
  await thread.ask('a');
  const asked = ['hang', 'b'].map((one) => thread.ask(one));
  const told = outcomes(asked);
  await thread.close();
  expect(await told).toEqual(['store.busy', 'store.busy']);
  await expect(thread.ask('c')).rejects.toMatchObject(busy);
  await thread.close();
  expect(threads()).toBe(1);
});

it('closed before its thread runs, it answers everybody too', async () => {
  const told = outcomes([thread.ask('a')]);
  await thread.close();
  expect(await told).toEqual([expect.stringMatching(/^(a!|store\.busy)$/)]);
});

it('takes so many questions at once and no more', async () => {
  await thread.ask('a');
  const asked = Array.from({ length: 201 }, (_, i) => thread.ask(String(i)));
  expect((await outcomes(asked)).filter((one) => one === 'store.busy')).toHaveLength(1);
  await vi.waitFor(async () => expect(await thread.ask('b')).toBe('b!'));
});
