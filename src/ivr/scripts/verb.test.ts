import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf, type WrittenStep } from '../machine/caller.js';
import { readTemplate, type Plan } from '../machine/index.js';
import type { QueueEnd, Verbs } from '../ports.js';
import { runFlow } from '../run.js';
import { loadScripts } from './library.js';
import { createScriptRunner, type ScriptRunner } from './runner.js';
import { withScripts } from './verb.js';

const scratch = mkdtempSync(join(tmpdir(), 'script-verbs-'));
let runner: ScriptRunner;
beforeAll(async () => {
  const worker = join(scratch, 'worker.mjs');
  await build({ entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))], outfile: worker, bundle: true, format: 'esm', platform: 'node' });
  runner = createScriptRunner({ worker: pathToFileURL(worker) });
});
afterAll(async () => {
  await runner.close();
  rmSync(scratch, { recursive: true });
});

const script: WrittenStep = { do: 'script', name: 'try', args: {}, into: 'answer' };
const say = (text: string): WrittenStep => {
  const read = readTemplate(text);
  if (!read.ok) throw new Error(read.message);
  return { do: 'say', prompt: { en: read.text } };
};
const night: Plan = { ...planOf({ main: [script, say('After: $answer')], night: [say('Good night.')], operator: [say('A person.')] }), person: 'operator' };

/** A caller in a flow whose first step is the script; `keys` are pressed one by one as something is played that ends in a question mark. */
async function call(body: string, { keys = '', queue = 'completed' }: { readonly keys?: string; readonly queue?: QueueEnd } = {}): Promise<{ readonly heard: readonly string[]; readonly end: string; readonly facts: readonly string[] }> {
  const dir = mkdtempSync(join(scratch, 'scripts-'));
  writeFileSync(join(dir, 'try.ts'), `import { dialplan } from 'strowger/dialplan';\nexport const main = dialplan(async (call) => {\n${body}\n});\n`);
  const library = await loadScripts({ dir, out: join(dir, 'out') });
  const heard: string[] = [];
  const facts: string[] = [];
  const listeners = new Set<(key: string) => void>();
  const left = keys.split('');
  const verbs: Verbs = {
    signal: new AbortController().signal,
    async play(prompts) {
      const text = prompts.map((p) => ('text' in p ? p.text : p.file)).join(' ');
      heard.push(text);
      await Promise.resolve();
      const key = text.endsWith('?') ? left.shift() : undefined;
      if (key !== undefined) for (const pressed of listeners) pressed(key);
      return 'ended';
    },
    keys: (pressed) => (listeners.add(pressed), () => void listeners.delete(pressed)),
    queue: ({ names }) => (heard.push(`queue ${names.join()}`), Promise.resolve(queue)),
    callback: () => Promise.resolve('booked'),
    dial: () => Promise.resolve('completed'),
    transfer: () => Promise.resolve('completed'),
    listen: () => () => undefined,
    record: () => Promise.resolve({ how: 'recorded', ms: 1_000, path: 'a.wav' }),
    hangUp: (cause) => (heard.push(`hang up ${cause}`), Promise.resolve()),
  };
  const end = await runFlow(withScripts(
    { plan: night, flow: 'main', language: 'en', verbs, subject: 'call:7', publish: (type, _subject, data) => facts.push(`${type} ${JSON.stringify(data)}`), log: { error: () => undefined } },
    { library, runner }, { id: '7', from: '1201', to: '4000' }, { info: (_fields, line) => heard.push(`log: ${line}`) },
  ));
  return { heard, end, facts };
}

describe('a script in a flow', () => {
  it('asks as a step of YAML does, with its own labels, and the flow goes on with its answer', async () => {
    const { heard, end } = await call(
      `const way = await call.ask({ prompt: { en: 'One or two?' }, keys: { '1': 'first', '2': 'second' } });
       console.log('took', way);
       return way;`, { keys: '2' },
    );
    expect([heard, end]).toEqual([['One or two?', 'log: took second', 'After: second', 'hang up completed'], 'hung_up']);
  });

  it('repeats a question for nonsense, as a step does, and says that nobody answered', async () => {
    const { heard } = await call(`return await call.ask({ prompt: { en: 'One?' }, keys: { '1': 'first' }, tries: 2, otherwise: 'nobody' });`, { keys: '77' });
    expect(heard.filter((text) => text === 'One?')).toHaveLength(2);
    expect(heard).toContain('After: nobody');
  });

  it('knows what its steps have set', async () => {
    const { heard } = await call(`await call.set({ variables: { tier: 'gold' } }); await call.say({ en: 'You are $tier.' }); return call.variables.tier;`);
    expect(heard.slice(0, 2)).toEqual(['You are gold.', 'After: gold']);
  });

  it('sends the caller on in the language that was chosen in it', async () => {
    const { heard } = await call(`await call.language('zh-CN'); await call.goto('night');`);
    expect(heard[0]).toBe('Good night.');
  });

  it('is left for a person at the key 0', async () => {
    const { heard } = await call(`await call.ask({ prompt: { en: 'One?' }, keys: { '1': 'first' } }); await call.say({ en: 'never' });`, { keys: '0' });
    expect(heard).toEqual(['One?', 'A person.', 'hang up completed']);
  });

  it('does one thing at a time, however many it begins', async () => {
    const { heard } = await call(`await Promise.all([call.say({ en: 'a' }), call.queue({ name: 'support' }), call.say({ en: 'b' })]);`);
    expect(heard.slice(0, 3)).toEqual(['a', 'queue support', 'b']);
  });

  it('hangs up, and nothing follows', async () => {
    expect((await call(`await call.hang_up({});`)).heard[0]).toBe('hang up completed');
  });

  it('that writes a step wrongly is told what and what was meant', async () => {
    const { heard } = await call(`try { await call.ask({ prompt: { en: 'One?' }, kyes: { '1': 'first' } } as never); } catch (error) { return error.message; }`);
    expect(heard[0]).toContain('keys');
  });

  it('whose step fails may go on; if it does not, the flow\'s last resort serves the caller', async () => {
    expect((await call(`return await call.queue({ name: 'support' }).catch(() => 'no queue');`, { queue: 'failed' })).heard).toContain('After: no queue');
    const { end, facts } = await call(`await call.queue({ name: 'support' });`, { queue: 'failed' });
    expect([end, facts.some((fact) => fact.startsWith('call.flow_failed') && fact.includes('queue_failed'))]).toEqual(['failed', true]);
  });

  it('tells nobody of the small flows that its steps are made of', async () => {
    const { facts } = await call(`await call.say({ en: 'a' });`);
    expect(facts.filter((fact) => fact.startsWith('call.flow_entered'))).toEqual(['call.flow_entered {"flow":"main"}']);
  });
});
