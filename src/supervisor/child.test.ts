import { expect, it, vi } from 'vitest';
import { keepAlive, type ChildDeps } from './child.js';
import { ChildFailed } from './errors.js';
import type { Log } from './log.js';

const setUp = (script: string, over: Partial<ChildDeps> = {}) => {
  const seen: string[] = [];
  const log: Log = {
    info: () => undefined, warn: () => undefined, fatal: () => undefined, child: () => log,
    error: (_: unknown, text?: string) => void seen.push(text ?? ''),
  };
  const child = keepAlive({ name: 'edge', file: process.execPath, args: ['-e', script], env: process.env }, {
    files: { write: (_, pid) => seen.push(pid > 0 ? 'wrote' : 'no pid'), remove: () => seen.push('removed') }, log,
    onReady: () => seen.push('ready'), onMessage: (_, message) => seen.push(`message ${JSON.stringify(message)}`),
    onDeath: () => seen.push('died'), onLine: (_, line) => seen.push(`line ${line}`), ...over,
  });
  return { child, seen };
};
const forever = 'setInterval(() => {}, 1e6);';
const soon = (check: () => void) => vi.waitFor(check, { timeout: 8_000, interval: 10 });

it('is ready with the first READY; what it prints afterwards is passed on', async () => {
  const { child, seen } = setUp(`${forever} console.log('READY'); console.log('token: x'); console.log('READY')`);
  await child.ready;
  await soon(() => expect(seen).toEqual(['wrote', 'ready', 'line token: x', 'line READY']));
  await child.stop('SIGKILL');
  expect(seen.slice(-2)).toEqual(['removed', 'died']);
});

it('has failed when it ends before it was ready', async () => {
  const { child } = setUp('process.exit(7)');
  await expect(child.ready).rejects.toThrow(ChildFailed);
  await expect(child.ready).rejects.toThrow('exit code 7');
  await child.ended;
});

it('has failed when the program does not exist', async () => {
  const { child } = setUp('');
  await child.ended;
  const missing = keepAlive({ name: 'edge', file: '/nowhere/node', args: [], env: {} }, {
    files: { write: () => undefined, remove: () => undefined }, log: { info: vi.fn(), warn: vi.fn(), error: vi.fn(), fatal: vi.fn(), child: vi.fn().mockReturnThis() },
    onReady: vi.fn(), onMessage: vi.fn(), onDeath: vi.fn(), onLine: vi.fn(),
  });
  await expect(missing.ready).rejects.toThrow('ENOENT');
});

it('is killed when it stays silent', async () => {
  const { child, seen } = setUp(forever, { readyMs: 50 });
  await expect(child.ready).rejects.toThrow('ended by SIGKILL');
  expect(seen).toContain('no READY in time, killing it');
});

it('is killed when it does not stop in time', async () => {
  const { child } = setUp(`${forever} process.on('SIGTERM', () => {}); console.log('READY')`);
  await child.ready;
  await child.stop('SIGTERM', 50);
});

it('stays ended when it is stopped during the pause before a restart', async () => {
  const { child, seen } = setUp("console.log('READY'); setTimeout(() => process.exit(1), 20)");
  await soon(() => expect(seen.filter((s) => s === 'died').length).toBeGreaterThanOrEqual(3)); // the third pause is 250 ms
  await child.stop('SIGTERM');
  const deaths = seen.filter((s) => s === 'died').length;
  await child.stop('SIGTERM');
  expect(seen.filter((s) => s === 'died')).toHaveLength(deaths);
});

it('takes messages, and swallows those for nobody', async () => {
  const { child, seen } = setUp("process.on('message', (m) => process.send({ echo: m })); console.log('READY')");
  await child.ready;
  child.send({ hello: 1 });
  await soon(() => expect(seen).toContain('message {"echo":{"hello":1}}'));
  await child.stop('SIGKILL');
  child.send({ hello: 2 });
});
