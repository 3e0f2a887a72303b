import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeWav } from '../../audio/index.js';
import { readSettings } from '../../config/index.js';
import { startSupervisor, type Supervisor } from '../../supervisor/index.js';
import type { ExitCode } from '../command.js';
import { WrongUse } from '../errors.js';
import { isLang, type Io, type Lang } from '../io.js';
import { readOptions } from '../options.js';
import { ownCommand } from '../own-command.js';
import { shipped } from '../shipped.js';
import { createClient } from './client.js';
import { follow, lineOf } from './follow.js';
import { judge, sparkline } from './picture.js';
import { AGENT_HZ, CALLER_HZ, play, type Outcome } from './scenario.js';
import { fill, words } from './words.js';

const USAGE = 'demo [--lang zh-CN|en] [--json]';
const LONGEST_MS = 60_000;
const secret = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64url');

/** `strowger demo`: a whole call on a machine where nothing is set up. Exit code 0 only if everything shown is right. */
export async function demo(args: readonly string[], io: Io): Promise<ExitCode> {
  const { lang = io.lang, json } = readOptions(args, { lang: 'value', json: 'flag' }, USAGE);
  if (!isLang(lang)) throw new WrongUse(`"${lang}" is not a language of the demo`, { hint: `usage: strowger ${USAGE}` });
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1_000).toFixed(1);
  const tell = (line: string) => { if (!json) io.out(line); };
  const say = (what: keyof typeof words, values: Readonly<Record<string, string>> = {}) => tell(`${seconds().padStart(5)} s  ${fill(words[what][lang], values)}`);
  const folder = mkdtempSync(join(tmpdir(), 'strowger-demo-'));
  const logFile = join(folder, 'log.jsonl');
  let good = false;
  try {
    say('starting');
    const outcome = await inside(folder, logFile, io, say, (line) => tell(`${seconds().padStart(5)} s    ${line}`));
    const recording = join(folder, `${outcome.call.id}.wav`);
    writeFileSync(recording, outcome.wav);
    const report = verdicts(outcome, performance.now() - startedAt, lang);
    good = report.every((check) => check.ok);
    if (json) io.out(JSON.stringify({ ok: good, call: outcome.call, recording, checks: report }));
    else show(outcome, recording, report, tell, lang);
    return good ? 0 : 1;
  } finally {
    if (good) rmSync(logFile, { force: true });
    else io.err(fill(words.bad[lang], { log: logFile }));
    rmSync(join(folder, 'data'), { recursive: true, force: true });
  }
}

type Say = Parameters<typeof play>[0]['say'];

async function inside(folder: string, logFile: string, io: Io, say: Say, tell: (line: string) => void): Promise<Outcome> {
  const [token, password] = [secret(), secret()];
  const foreign = Object.entries(io.env).filter(([name]) => !name.startsWith('STROWGER_'));
  const env = {
    ...Object.fromEntries(foreign),
    STROWGER_SIP_ADDRESS: '127.0.0.1', STROWGER_SIP_PORT: '0', STROWGER_HTTP_ADDRESS: '127.0.0.1', STROWGER_HTTP_PORT: '0',
    STROWGER_DATA: join(folder, 'data'), STROWGER_CONFIG: shipped('config'), STROWGER_DIALPLANS: shipped('dialplans'),
    STROWGER_ADMIN_TOKEN: token, STROWGER_DEMO_PASSWORD: password, STROWGER_DEMO_AGENTS: '1', STROWGER_DEMO_PHONES: '1',
  };
  mkdirSync(join(folder, 'data'));
  const log = openSync(logFile, 'a');
  const over = new AbortController();
  let supervisor: Supervisor | undefined;
  const before = performance.now();
  try {
    supervisor = await startSupervisor(readSettings(env), { run: ownCommand(), env, stderr: log });
    const { sip, http } = supervisor;
    const base = `http://127.0.0.1:${http.port}`;
    say('running', { s: ((performance.now() - before) / 1_000).toFixed(1), sip: `127.0.0.1:${sip.port}`, http: base });
    const client = createClient(base, token);
    const followed = follow(client, over.signal, (entry) => tell(lineOf(entry)));
    const outcome = await play({ server: { host: '127.0.0.1', port: sip.port }, password, client, say }).finally(() => over.abort());
    await followed;
    return outcome;
  } finally {
    over.abort();
    await supervisor?.stop();
    closeSync(log);
  }
}

type Check = { readonly name: string; readonly ok: boolean; readonly text: string };

function verdicts({ call, wav, agentHears, callerHears }: Outcome, tookMs: number, lang: Lang): readonly Check[] {
  const { left, right } = judge(decodeWav(wav), { left: CALLER_HZ, right: AGENT_HZ });
  const check = (name: keyof typeof words, ok: boolean, values: Readonly<Record<string, string>> = {}): Check => ({ name, ok, text: fill(words[name][lang], values) });
  return [
    check('agentHears', agentHears),
    check('callerHears', callerHears),
    check('leftOnly', left.ok, { db: left.separationDb.toFixed(0) }),
    check('rightOnly', right.ok, { db: right.separationDb.toFixed(0) }),
    check('completed', call.cause === 'completed' && call.queue === 'support' && call.agent === '1001'),
    check('inTime', tookMs < LONGEST_MS, { s: (tookMs / 1_000).toFixed(1) }),
  ];
}

function show({ wav }: Outcome, recording: string, checks: readonly Check[], tell: (line: string) => void, lang: Lang): void {
  const { channels, rateHz } = decodeWav(wav);
  const empty = new Int16Array(0);
  tell(`\n${words.recording[lang]}: ${recording}  (${words.picture[lang]})`);
  tell(`  ${words.left[lang]} │${sparkline(channels[0] ?? empty, rateHz)}│`);
  tell(`  ${words.right[lang]} │${sparkline(channels[1] ?? empty, rateHz)}│`);
  tell(`\n${words.checks[lang]}:`);
  for (const { ok, text } of checks) tell(`  ${ok ? '✓' : '✗'} ${text}`);
  if (checks.every((check) => check.ok)) tell(`\n${words.good[lang]}`);
}
