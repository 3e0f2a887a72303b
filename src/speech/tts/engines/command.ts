import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ms } from '../../../base/index.js';
import { TtsFailed } from '../errors.js';
import { sha256 } from '../files.js';
import type { TtsEngine, Utterance } from '../ports.js';
import { createLanes } from './lanes.js';

export interface CommandVoice {
  /** Program and arguments, no shell. `{text}`, `{lang}`, `{voice}`, `{rate}` and `{out}` are filled in; without `{text}` it is written to its input, without `{out}` the WAV is read from its output. */
  readonly command: readonly string[];
  readonly voice: string | undefined;
  readonly rate: number;
  readonly timeoutMs: Ms;
}

const LARGEST_WAV = 50_000_000;
/** Programs at a time: there are calls besides. */
const WIDTH = 2;
/** What a program may know of us: our tokens stand in the environment, too. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'LD_LIBRARY_PATH', 'CUDA_VISIBLE_DEVICES', 'OMP_NUM_THREADS'];

/** A voice that a program is. */
export function commandEngine({ command, voice, rate, timeoutMs }: CommandVoice): TtsEngine {
  const [program = ''] = command;
  const name = `the program ${program}`;
  const lanes = createLanes(WIDTH);
  const running = new Set<ChildProcess>();
  let closed = false;

  const once = async (what: Utterance, out: string): Promise<Uint8Array> => {
    const values: Readonly<Record<string, string>> = { text: what.text, lang: what.lang, voice: voice ?? '', rate: String(Math.round((rate * what.rate) / 100)), out };
    const fill = (argument: string): string => argument.replace(/\{(text|lang|voice|rate|out)\}/g, (_, key: string) => values[key] ?? '');
    // A text that begins with a dash must not become an option.
    const args = command.slice(1).map((argument) => (/^\{text\}/.test(argument) && what.text.startsWith('-') ? ` ${fill(argument)}` : fill(argument)));
    const printed = await run({ program, args, input: command.some((a) => a.includes('{text}')) ? '' : `${what.text}\n`, timeoutMs, name, running });
    return command.some((a) => a.includes('{out}')) ? readOut(out, name) : printed;
  };
  return {
    name,
    identity: sha256('command', ...command, voice ?? '', String(rate)),
    say: (what, urgent) =>
      lanes.run(urgent, async () => {
        if (closed) throw new TtsFailed(`${name} is no longer asked`);
        const folder = await mkdtemp(join(tmpdir(), 'strowger-voice-'));
        try {
          return await once(what, join(folder, 'out.wav'));
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }),
    close() {
      closed = true;
      running.forEach(kill);
      return Promise.resolve();
    },
  };
}

async function readOut(path: string, name: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_WAV) throw new TtsFailed(`${name} wrote ${size} bytes, more than a prompt can have`);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof TtsFailed) throw cause;
    throw new TtsFailed(`${name} ended well but left no file`, { hint: 'does it write to {out}?', cause });
  }
}

interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly input: string;
  readonly timeoutMs: Ms;
  readonly name: string;
  readonly running: Set<ChildProcess>;
}

/** Always settles: what goes on too long or says too much is killed, with whatever it started. */
function run({ program, args, input, timeoutMs, name, running }: Run): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const env = Object.fromEntries(PASSED_ON.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])));
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true, windowsHide: true });
    running.add(child);
    const out: Buffer[] = [];
    let size = 0;
    let complaint = '';
    let fault: string | undefined;
    const stop = (why: string): void => {
      fault ??= why;
      kill(child);
    };
    const timer = setTimeout(() => stop(`took longer than ${timeoutMs} ms`), timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_WAV) stop('says more than a prompt can have');
      else out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => (complaint = `${complaint}${chunk.toString('utf8')}`.slice(-300)));
    child.stdin.on('error', () => undefined); // it need not listen
    child.stdin.end(input);
    const settle = (why: string | undefined, cause?: Error): void => {
      clearTimeout(timer);
      running.delete(child);
      if (why === undefined) resolve(Buffer.concat(out));
      else reject(new TtsFailed(`${name} ${why}${complaint.trim() === '' ? '' : `: ${complaint.trim()}`}`, { cause }));
    };
    child.once('error', (error) => settle(`cannot be run (${error.message})`, error));
    child.once('close', (code, signal) => settle(fault ?? (code === 0 ? undefined : `ended with ${signal ?? code ?? 'nothing'}`)));
  });
}

/** The whole process group: a wrapper script leaves nothing behind. */
function kill(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // no group of its own, or gone already
  }
}
