import { describe, expect, it } from 'vitest';
import { StrowgerError } from '../base/index.js';
import type { Command } from './command.js';
import { commands, later } from './commands.js';
import type { Io, Lang } from './io.js';
import { run } from './run.js';

const terminal = (lang: Lang = 'en') => {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = { out: (line) => void out.push(line), err: (line) => void err.push(line), env: {}, cwd: '.', lang };
  return { io, out, err, run: (line: string, table?: readonly Command[]) => run(line.split(' ').filter(Boolean), io, '1.2.3', table) };
};
class Broken extends StrowgerError {
  readonly code = 'test.broken';
}
const command = (name: string, body: (args: readonly string[], io: Io) => Promise<0 | 1 | 2 | undefined>): Command => ({
  name, usage: `${name} [--json]`, summary: { en: `does ${name}`, 'zh-CN': `做 ${name}` }, load: async () => body,
});

describe('a command line', () => {
  it('reaches the command with what follows its name', async () => {
    const { run: go, out } = terminal();
    const code = await go('trunk test carrier-a --json', [command('trunk test', async (args, io) => {
      io.out(args.join('|'));
      return 1;
    })]);
    expect([code, out]).toEqual([1, ['carrier-a|--json']]);
  });

  it.each(later)('says of "%s" that it is not available yet, and that this is wrong use', async (name) => {
    const { run: go, err } = terminal();
    expect(await go(name)).toBe(2);
    expect(err.join('\n')).toContain(`"strowger ${name}" is not available yet`);
  });

  it('names the usage when only half of a command is typed', async () => {
    const { run: go, err } = terminal();
    expect(await go('trunk')).toBe(2);
    expect(err.join('\n')).toContain('usage: strowger trunk test');
  });

  it.each(['fly', 'fly high'])('refuses "%s"', async (line) => {
    const { run: go, err } = terminal();
    expect(await go(line)).toBe(2);
    expect(err.join('\n')).toContain('there is no command "fly"');
  });
});

describe('help', () => {
  it('lists what there is, in the language of the terminal, without what is hidden or not there yet', async () => {
    const { run: go, out } = terminal('zh-CN');
    expect(await go('help')).toBe(0);
    const text = out.join('\n');
    expect(text).toContain('启动全部');
    expect(text).not.toMatch(/^ {2}app /m);
    for (const name of later) expect(text).not.toContain(name);
  });

  it('comes with exit code 2 when nothing is typed', async () => expect(await terminal().run('')).toBe(2));

  it('shows the options of one command', async () => {
    const { run: go, out } = terminal();
    expect(await go('dialplan check --help')).toBe(0);
    expect(out.join('\n')).toContain('strowger dialplan check [FILE…] [--json]');
  });

  it('has every command in both languages', () => {
    for (const c of commands) expect([c.summary.en, c.summary['zh-CN']].every((text) => text.length > 3)).toBe(true);
  });
});

it('prints its version', async () => {
  const { run: go, out } = terminal();
  expect([await go('--version'), out]).toEqual([0, ['1.2.3']]);
});

describe('an expected error', () => {
  const table = [command('break', async () => { throw new Broken('it broke', { hint: 'mend it' }); })];

  it('becomes a line with what to do, and exit code 1', async () => {
    const { run: go, err } = terminal();
    expect(await go('break', table)).toBe(1);
    expect(err).toEqual(['strowger: it broke\n  → mend it']);
  });

  it('becomes one JSON document where JSON was asked for', async () => {
    const { run: go, out, err } = terminal();
    expect(await go('break --json', table)).toBe(1);
    expect(JSON.parse(out.join(''))).toEqual({ error: { code: 'test.broken', message: 'it broke', hint: 'mend it' } });
    expect(err).toEqual([]);
  });
});

it('does not hide a bug behind a friendly line', async () => {
  const bug = [command('break', async () => { throw new TypeError('undefined is not a function'); })];
  await expect(terminal().run('break', bug)).rejects.toThrow(TypeError);
});
