import { StrowgerError } from '../base/index.js';
import type { Command, ExitCode } from './command.js';
import { commands as all, later } from './commands.js';
import { WrongUse } from './errors.js';
import type { Io } from './io.js';

/** Runs one command line (without `node` and the script) and says with which code to exit. Expected errors become text. */
export async function run(argv: readonly string[], io: Io, version: string, commands: readonly Command[] = all): Promise<ExitCode> {
  if (argv[0] === '--version' || argv[0] === '-v') {
    io.out(version);
    return 0;
  }
  if (argv.length === 0 || argv[0] === 'help' || argv[0] === '--help' || argv[0] === '-h') {
    help(commands, io);
    return argv.length === 0 ? 2 : 0;
  }
  try {
    const { command, args } = find(argv, commands);
    if (args.includes('--help')) {
      io.out(`strowger ${command.usage}\n  ${command.summary[io.lang]}`);
      return 0;
    }
    return await (await command.load())(args, io);
  } catch (error) {
    if (!(error instanceof StrowgerError)) throw error;
    report(error, argv.includes('--json'), io);
    return error instanceof WrongUse ? 2 : 1;
  }
}

function find(argv: readonly string[], commands: readonly Command[]): { command: Command; args: readonly string[] } {
  const [one = '', two = ''] = argv;
  const pair = `${one} ${two}`;
  const command = commands.find((c) => c.name === pair) ?? commands.find((c) => c.name === one);
  if (command) return { command, args: argv.slice(command.name.split(' ').length) };
  if (later.includes(pair) || later.includes(one)) {
    throw new WrongUse(`"strowger ${later.includes(pair) ? pair : one}" is not available yet in this version`, { hint: 'strowger help lists what is' });
  }
  const family = commands.filter((c) => c.name.startsWith(`${one} `)).map((c) => c.usage);
  throw new WrongUse(`there is no command "${one}${family.length > 0 && two ? ` ${two}` : ''}"`, {
    hint: family.length > 0 ? `usage: strowger ${family.join(' | strowger ')}` : 'strowger help lists them',
  });
}

function help(commands: readonly Command[], io: Io): void {
  const shown = commands.filter((c) => !c.hidden);
  const width = Math.max(...shown.map((c) => c.name.length));
  io.out(io.lang === 'en' ? 'Usage: strowger COMMAND …  (--help after a command shows its options)' : '用法：strowger 命令 …（命令后加 --help 查看选项）');
  for (const c of shown) io.out(`  ${c.name.padEnd(width)}  ${c.summary[io.lang]}`);
}

function report(error: StrowgerError, json: boolean, io: Io): void {
  if (json) return io.out(JSON.stringify(asJson(error)));
  io.err(`strowger: ${error.message}${error.hint === undefined ? '' : `\n  → ${error.hint}`}`);
}

const asJson = (error: StrowgerError) => ({ error: { code: error.code, message: error.message, hint: error.hint ?? null } });
