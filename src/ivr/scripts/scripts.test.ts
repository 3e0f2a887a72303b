import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ScriptEnd } from '../ports.js';
import { loadScripts, type ScriptLibrary } from './library.js';
import type { StepAnswer } from './protocol.js';
import { createScriptRunner, type ScriptRunner } from './runner.js';

const scratch = mkdtempSync(join(tmpdir(), 'scripts-'));
const worker = join(scratch, 'worker.mjs');
const limits = { busyMs: 400, graceMs: 300, memoryMb: 48, most: 3 };
let runner: ScriptRunner;
let dir: string;
beforeAll(async () => {
  await build({ entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))], outfile: worker, bundle: true, format: 'esm', platform: 'node' });
});
beforeEach(() => {
  dir = mkdtempSync(join(scratch, 'dialplan-'));
  runner = createScriptRunner({ worker: pathToFileURL(worker), limits });
});
afterEach(() => runner.close());
afterAll(() => rmSync(scratch, { recursive: true }));

const load = (files: Readonly<Record<string, string>>): Promise<ScriptLibrary> => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return loadScripts({ dir, out: join(dir, 'compiled') });
};
const HEAD = `import { dialplan, isGone, isStepFailed } from 'strowger/dialplan';\n`;
interface Seen {
  readonly end: ScriptEnd;
  readonly steps: readonly unknown[];
  readonly printed: readonly string[];
}
type Answer = (step: Readonly<Record<string, unknown>>) => Partial<StepAnswer> | Promise<Partial<StepAnswer>>;
async function play(body: string, answer: Answer = () => ({}), signal = new AbortController().signal, by = runner): Promise<Seen> {
  const library = await load({ 'try.ts': `${HEAD}export const main = dialplan(async (call) => {\n${body}\n});\n` });
  expect(library.faults()).toEqual([]);
  const steps: unknown[] = [];
  const printed: string[] = [];
  const end = await by.run({
    entry: library.find('try')?.entry ?? '', exported: 'main', signal, print: (line) => void printed.push(line),
    call: { id: 'c1', from: '+8613800138000', to: '4000', language: 'en', args: { order: 'A1' }, variables: { tier: 'gold' } },
    step: async (written) => {
      steps.push(written);
      return { to: undefined, language: 'en', variables: {}, ...(await answer(written)) };
    },
  });
  return { end, steps, printed };
}
const why = ({ end }: Seen): string => (end.how === 'failed' ? end.why : `not failed but ${end.how}`);

describe('a script', () => {
  it('does steps as YAML writes them, knows what they came to, and answers with a value', async () => {
    const { end, steps } = await play(
      `await call.say({ en: 'Hello' });
       const way = await call.ask({ prompt: { en: 'One or two?' }, keys: { '1': 'first', '2': 'second' } });
       await call.collect({ into: 'digits', prompt: 'Number?', max: 4 } as never);
       return { way, digits: call.variables.digits, from: call.from, order: call.args.order };`,
      (step) => ('ask' in step ? { to: 'second' } : 'collect' in step ? { variables: { digits: '4711' } } : {}),
    );
    expect(steps.slice(0, 2)).toEqual([{ say: { en: 'Hello' } }, { ask: { prompt: { en: 'One or two?' }, keys: { 1: 'first', 2: 'second' } } }]);
    expect(end).toEqual({ how: 'returned', value: { way: 'second', digits: '4711', from: '+8613800138000', order: 'A1' } });
  });

  it('sends the caller to a flow, and nothing that follows is done', async () => {
    const { end, steps } = await play(`await call.goto('night'); await call.say('never');`);
    expect([end, steps]).toEqual([{ how: 'flow', flow: 'night' }, []]);
  });

  it('may catch a step that failed; if it does not, the script has failed with it', async () => {
    const broken: Answer = () => { throw new Error('the queue is full'); };
    const caught = await play(`try { await call.queue({ name: 'support' }); } catch (error) { return isStepFailed(error) && error.message; }`, broken);
    expect(caught.end).toEqual({ how: 'returned', value: 'the queue is full' });
    expect(why(await play(`await call.queue({ name: 'support' });`, broken))).toContain('the queue is full');
  });

  it('is told when the caller hangs up, and may finish what it has begun', async () => {
    const call = new AbortController();
    const { end, steps } = await play(
      `try { await call.queue({ name: 'support' }); } catch (error) { return isGone(error) ? 'gone while waiting' : 'other'; }`,
      () => { call.abort(); return new Promise(() => undefined); }, call.signal,
    );
    expect([end, steps]).toEqual([{ how: 'returned', value: 'gone while waiting' }, [{ queue: { name: 'support' } }]]);
  });

  it('what it prints goes to the call\'s log', async () => {
    expect((await play(`console.log('looking up', call.args.order);`)).printed).toEqual(['looking up A1']);
  });
});

describe('an accident in a script ends one call\'s script:', () => {
  it('an exception, with the line of the source', async () => {
    expect(why(await play(`const nobody = undefined as unknown as { name: string };\nreturn nobody.name;`))).toMatch(/TypeError[^]*try\.ts:4/);
  });
  it('an exception nobody waits for', async () => {
    expect(why(await play(`setTimeout(() => { throw new Error('later'); }, 1); await new Promise(() => undefined);`))).toContain('later');
  });
  it('an endless loop', async () => {
    expect(why(await play(`for (;;);`))).toContain('an endless loop?');
  });
  it('a leak', async () => {
    const patient = createScriptRunner({ worker: pathToFileURL(worker), limits: { ...limits, busyMs: 30_000 } }); // collecting rubbish is not looping
    const leak = `const kept: string[][] = []; for (;;) { kept.push(Array.from({ length: 1e5 }, (_, i) => String(i))); await new Promise(setImmediate); }`;
    expect(why(await play(leak, undefined, undefined, patient))).toContain('more than 48 MB');
    await patient.close();
  });
  it('an exit', async () => {
    expect(why(await play(`process.exit(3);`))).toContain('ended its thread (3)');
  });
  it('one that goes on after the caller has gone', async () => {
    const call = new AbortController();
    const seen = await play(`await call.say('hello').catch(() => undefined); await new Promise(() => setInterval(() => undefined, 10));`, () => { call.abort(); return new Promise(() => undefined); }, call.signal);
    expect(why(seen)).toBe('the caller has hung up');
  });
  it('a value as large as a file', async () => {
    expect(why(await play(`return 'x'.repeat(100_000);`))).toContain('at most 65536');
  });
  it('and the next script runs as if nothing had been', async () => {
    await play(`for (;;);`);
    expect((await play(`return 1;`)).end).toEqual({ how: 'returned', value: 1 });
    expect(runner.running()).toBe(0);
  });
  it('more scripts at once than the machine is to bear are refused', async () => {
    const calls = [1, 2, 3].map(() => new AbortController());
    const begun = calls.map((call) => play(`await call.queue({ name: 'q' }).catch(() => undefined);`, () => new Promise(() => undefined), call.signal));
    await expect.poll(() => runner.running()).toBe(3);
    expect(why(await play(`return 1;`))).toBe('3 scripts run already');
    for (const call of calls) call.abort();
    await Promise.all(begun);
  });
});

describe('the scripts of a folder', () => {
  it('are compiled with what they import', async () => {
    const library = await load({ 'main.ts': `import { twice } from './lib/twice.js';\nexport const main = async () => twice(2);` }).catch(() => undefined);
    expect(library?.faults()).toMatchObject([{ code: 'script.broken', line: 1, message: expect.stringContaining('./lib/twice.js') as string }]);
  });
  it('that do not compile are faults with file, line and column, and the last good version stays', async () => {
    const library = await load({ 'order.ts': `export const main = async () => 1;` });
    const good = library.find('order');
    writeFileSync(join(dir, 'order.ts'), 'export const main = async () => {\n  return 1 +;\n};');
    expect(await library.reload()).toMatchObject([{ file: join(dir, 'order.ts'), line: 2, column: 13, code: 'script.broken', severity: 'error' }]);
    expect(library.find('order')).toEqual(good);
    writeFileSync(join(dir, 'order.ts'), 'export const main = async () => 2;');
    expect(await library.reload()).toEqual([]);
    expect([library.find('order') === good, existsSync(fileURLToPath(good!.entry))]).toEqual([false, true]);
  });
  it('without a main function are refused, with a hint', async () => {
    expect((await load({ 'order.ts': 'export const other = 1;' })).faults()).toMatchObject([{ code: 'script.no_main', hint: expect.stringContaining('dialplan(async') as string }]);
  });
  it('two of one name are a fault; a folder that is not there has none', async () => {
    expect((await load({ 'a.ts': 'export const main = 1;', 'a.js': 'export const main = 1;' })).faults().map((f) => f.code)).toEqual(['script.duplicate']);
    expect((await loadScripts({ dir: join(dir, 'nowhere'), out: dir })).names()).toEqual([]);
  });
});
