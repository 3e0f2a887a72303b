import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, talking } from '../../test/e2e/talk.js';
import { startStrowger, type Strowger } from '../../test/kit/strowger.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let house: Strowger;
let dir: string;
beforeAll(async () => {
  // Inside the repository, so that `strowger-client` is found.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  dir = mkdtempSync(join(root, 'node_modules/.cache/examples-'));
  house = await startStrowger({ agents: 2, phones: 1 });
  const { caller, id } = await talking(house, '1201', '1002');
  caller.hangUp();
  await ended(house, id);
});
afterAll(async () => {
  await house.stop();
  rmSync(dir, { recursive: true });
});

/** The examples of a document, with the address of this house. */
const examples = (file: string, language: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code.replaceAll('http://127.0.0.1:8080', house.base));
const env = () => ({ ...process.env, TOKEN: house.token, LANG: 'C.UTF-8' });
/** @throws where the program fails */
const output = async (command: string, ...args: string[]): Promise<string> => (await run(command, args, { cwd: dir, env: env(), timeout: 60_000 })).stdout;

async function typescript(code: string, name: string): Promise<string> {
  const file = join(dir, `${name}.mjs`);
  writeFileSync(file, (await transform(code, { loader: 'ts', format: 'esm', target: 'node20' })).code);
  return output(process.execPath, file);
}

describe.each([['docs/app-developer.md', '1'], ['docs/app-developer.zh-CN.md', '2']])('the examples of %s', (file, nth) => {
  it('in curl', async () => {
    const [code = ''] = examples(file, 'sh');
    const said = await output('bash', '-euc', code.replace('order-A1', `order-${nth}`).replaceAll('+8613800138000', `+861380013800${nth}`)); // a number belongs to one customer
    for (const part of ['"longest_wait_ms"', '"passed":true', '"subject":"Where is order A1?"', '"cause":"completed"']) expect(said).toContain(part);
  });

  it('in TypeScript', async () => {
    const [code = ''] = examples(file, 'ts');
    expect(await typescript(code, `app-${file.length}`)).toMatch(/^\d+ \d+\n0 flow\n[^]*\nqueue welcome\/1 [^]*1001 offline\n1002 available\n[^]*register/);
  });

  it('conversations of an app, in curl', async () => {
    const [, code = ''] = examples(file, 'sh');
    const said = await output('bash', '-euc', code.replaceAll('M-1', `M-${nth}-1`).replace('chat-1', `chat-${nth}`));
    for (const part of ['"channel":"app"', '"state":"queued"', '"position":1', '"text":"It is A1"', '"end_why":"visitor"']) expect(said).toContain(part);
  });

  it('conversations of an app, in TypeScript', async () => {
    const [, code = ''] = examples(file, 'ts');
    expect(await typescript(code.replaceAll('M-2', `M-${nth}-2`), `talk-${file.length}`)).toBe('queued 1 null\nvisitor Where is my order?\nvisitor It is A1\nended visitor\n');
  });

  it('conversations of an app, in Python', async () => {
    const [, code = ''] = examples(file, 'python');
    expect(await output('python3', '-c', code.replaceAll('M-3', `M-${nth}-3`))).toBe('201 queued\n200 True 1\n1 我的订单在哪里？\n');
  });

  it('in Python', async () => {
    const [code = ''] = examples(file, 'python');
    expect(await output('python3', '-c', code)).toMatch(/ 张伟\n[^]*queue \['[^]*'\]\n[^]*register/);
  });
});

it.each(['client/README.md', 'client/README.zh-CN.md'])('the example of %s', async (file) => {
  const [code = ''] = examples(file, 'ts');
  expect(await typescript(code, `readme-${file.length}`)).toMatch(/call_\w+ \S+ completed\n\d+ call:call_\w+ completed/);
});
