import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** The demo as a newcomer starts it, in a folder of its own. */
async function demo(...args: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, ['bin/strowger.js', 'demo', ...args], { env: { ...process.env, STROWGER_DATA: mkdtempSync(join(tmpdir(), 'strowger-demo-')) } });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, out };
}

it('shows a whole call with its recording in under a minute, in English', async () => {
  const began = performance.now();
  const { code, out } = await demo('--lang', 'en');
  expect([code, out]).toEqual([0, expect.stringContaining('.wav')]);
  expect(performance.now() - began).toBeLessThan(60_000);
});

it('speaks Chinese to those who read Chinese', async () => {
  const { code, out } = await demo('--lang', 'zh-CN');
  expect([code, out]).toEqual([0, expect.stringMatching(/[一-鿿]{4}/)]);
});
