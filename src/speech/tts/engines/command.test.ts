import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TtsEngine } from '../ports.js';
import { commandEngine, type CommandVoice } from './command.js';

let dir = '';
let engine: TtsEngine;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'command-voice-'))));
afterEach(async () => {
  await engine.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A voice written in JavaScript; its arguments are process.argv from 2 on with `node -e`'s own left out. */
const script = (code: string, args: readonly string[] = [], options: Partial<CommandVoice> = {}): TtsEngine =>
  (engine = commandEngine({ command: [process.execPath, '-e', code, '--', ...args], voice: undefined, rate: 100, timeoutMs: 5_000, ...options }));
const say = async (text: string, rate = 100): Promise<string> => Buffer.from(await engine.say({ text, lang: 'zh-CN', rate }, true)).toString('utf8');
const ARGS = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';

describe('a voice that is a program', () => {
  it('is given what it asks for, and nothing goes through a shell', async () => {
    script(ARGS, ['{text}', '--lang={lang}', '{voice}', '{rate}'], { voice: 'xiaoyi', rate: 110 });
    expect(JSON.parse(await say('$(touch x); `id` "quoted"', 80))).toEqual(['$(touch x); `id` "quoted"', '--lang=zh-CN', 'xiaoyi', '88']);
  });

  it('reads the text from its input where it does not ask for it', async () => {
    script('process.stdin.pipe(process.stdout)');
    expect(await say('您好')).toBe('您好\n');
  });

  it('writes into a file of its own where it asks for one, which does not stay', async () => {
    script('require("node:fs").writeFileSync(process.argv[1], process.argv[1])', ['{out}']);
    const path = await say('a');
    expect(path).toMatch(/out\.wav$/);
    expect(existsSync(join(path, '..'))).toBe(false);
  });

  it('is never made to take a text for an option', async () => {
    script(ARGS, ['{text}']);
    expect(JSON.parse(await say('--output=/etc/passwd'))).toEqual([' --output=/etc/passwd']);
  });

  it('does not see our environment', async () => {
    vi.stubEnv('STROWGER_ADMIN_TOKEN', 'very secret');
    script('process.stdout.write(JSON.stringify(Object.keys(process.env)))');
    expect(JSON.parse(await say('a'))).not.toContain('STROWGER_ADMIN_TOKEN');
    vi.unstubAllEnvs();
  });

  it.each<[what: string, code: string, args: string[], fault: RegExp]>([
    ['fails', 'process.stderr.write("no such model"); process.exit(3)', [], /ended with 3: no such model/], ['leaves no file', '0', ['{out}'], /left no file/],
    ['hangs', 'setInterval(() => 0, 1000)', [], /took longer than 1500 ms/], ['never stops talking', 'const b = Buffer.alloc(1e6); const w = () => { while (process.stdout.write(b)); process.stdout.once("drain", w) }; w()', [], /more than a prompt can have|longer than/],
  ])('that %s is an error that says so', async (_what, code, args, fault) => {
    script(code, args, { timeoutMs: 1_500 });
    await expect(say('a')).rejects.toMatchObject({ code: 'tts.failed', message: expect.stringMatching(fault) });
  });

  it('that is not there is an error that names it', async () => {
    engine = commandEngine({ command: ['no-such-program-anywhere'], voice: undefined, rate: 100, timeoutMs: 1_000 });
    await expect(say('a')).rejects.toThrow(/no-such-program-anywhere cannot be run/);
  });

  it('takes what it started with it when it is stopped', async () => {
    const pid = join(dir, 'pid');
    script(`const c = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"]); require("node:fs").writeFileSync(${JSON.stringify(pid)}, String(c.pid)); setInterval(() => 0, 1000)`, [], { timeoutMs: 1_000 });
    await expect(say('a')).rejects.toThrow(/longer than/);
    const grandchild = Number(readFileSync(pid, 'utf8'));
    await vi.waitFor(() => expect(isAlive(grandchild)).toBe(false));
  });

  it('sounds different with another voice, pace or command', () => {
    const of = (options: Partial<CommandVoice>): string => commandEngine({ command: ['say'], voice: undefined, rate: 100, timeoutMs: 1, ...options }).identity;
    expect(new Set([of({}), of({ voice: 'a' }), of({ rate: 90 }), of({ command: ['say', '-v'] })]).size).toBe(4);
    expect(of({ timeoutMs: 2 })).toBe(of({}));
    script('0');
  });
});

/** A process that ended but was not yet collected by its parent counts as gone. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
