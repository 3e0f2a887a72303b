import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AlreadyRunning, DataFolderUnusable } from './errors.js';
import { claim, isOurs } from './run-files.js';

let data: string;
const started: ChildProcess[] = [];
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'run-files-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(data, { recursive: true });
});
const file = (name: string) => join(data, 'run', `${name}.pid`);
const leave = (name: string, text: string): void => {
  mkdirSync(join(data, 'run'), { recursive: true });
  writeFileSync(file(name), text);
};
/** A living process that ends when it is told, in the given way. */
const bystander = async (script = 'setInterval(() => {}, 1e6)'): Promise<number> => {
  const child = spawn(process.execPath, ['-e', script]);
  started.push(child);
  await once(child, 'spawn');
  return child.pid ?? 0;
};
/** The folder of a supervisor that died and left one child behind; only that child is "ours". */
const livingOnes = (...pids: number[]) => (pid: number): boolean => {
  if (!pids.includes(pid)) return false;
  const child = started.find((c) => c.pid === pid);
  return child?.exitCode === null && child.signalCode === null;
};

it('writes the supervisor\'s own process ID', async () => {
  await claim(data);
  expect(readFileSync(file('supervisor'), 'utf8')).toBe(`${process.pid}\n`);
});

it('refuses a folder that a living supervisor holds, and names it', async () => {
  const pid = await bystander();
  leave('supervisor', `${pid}\n`);
  const refused = claim(data, { ours: livingOnes(pid) });
  await expect(refused).rejects.toThrow(AlreadyRunning);
  await expect(refused).rejects.toThrow(`process ${pid}`);
});

it('names a folder that cannot be written, and what to set', async () => {
  writeFileSync(join(data, 'file'), '');
  const refused = claim(join(data, 'file', 'below'));
  await expect(refused).rejects.toThrow(DataFolderUnusable);
  await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(join(data, 'file', 'below')), hint: expect.stringContaining('STROWGER_DATA') });
});

it.each([['999999999\n', 'a process that has ended'], ['', 'an empty file'], ['nonsense', 'a broken file']])('takes over from %j: %s', async (text) => {
  leave('supervisor', text);
  await claim(data);
  expect(readFileSync(file('supervisor'), 'utf8')).toBe(`${process.pid}\n`);
});

it('does not mistake a stranger that got the old process ID for a supervisor', async () => {
  const pid = await bystander();
  expect(isOurs(pid)).toBe(false);
  leave('supervisor', `${pid}`);
  await claim(data);
});

it('waits for a child of a killed supervisor to end by itself', async () => {
  const pid = await bystander('setTimeout(() => process.exit(0), 200)');
  leave('edge', `${pid}`);
  await claim(data, { graceMs: 10_000, ours: livingOnes(pid) });
  expect(started[0]?.exitCode).toBe(0);
  expect(existsSync(file('edge'))).toBe(false);
});

it('kills a left-over child that does not notice', async () => {
  const pid = await bystander();
  leave('media', `${pid}`);
  await claim(data, { graceMs: 50, ours: livingOnes(pid) });
  expect(started[0]?.signalCode).toBe('SIGKILL');
});

it('removes a file only for the process that wrote it last', async () => {
  const files = await claim(data);
  files.write('app', 41);
  files.write('app', 42);
  files.remove('app', 41);
  expect(readFileSync(file('app'), 'utf8')).toBe('42\n');
  files.remove('app', 42);
  expect(existsSync(file('app'))).toBe(false);
});
