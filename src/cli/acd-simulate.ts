import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readScenario, replayLog, simulateScenario, type Simulated } from '../acd/index.js';
import { ConfigFaults, loadConfig, readSettings } from '../config/index.js';
import { replayLines, scenarioLines } from './acd-report.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import type { Io } from './io.js';
import { readOptions } from './options.js';

const USAGE = 'acd simulate SCENARIO.yaml [--seed N] [--json] | acd simulate --replay FILE [--config FOLDER] [--day 2026-11-20] [--time-zone ZONE] [--seed N] [--json]';
const KINDS = { json: 'flag', seed: 'value', replay: 'value', config: 'value', day: 'value', 'time-zone': 'value' } as const;

/** Runs a scenario, or the log of a day, through the queue engine and prints the figures; exit code 1 when the scenario has faults. */
export async function acdSimulate(args: readonly string[], io: Io): Promise<ExitCode> {
  const options = readOptions(args, KINDS, USAGE);
  const seed = wholeNumber(options.seed);
  const [file, ...more] = options.rest;
  if (more.length > 0) throw wrong('one scenario at most');
  if (options.replay !== undefined) {
    if (file !== undefined) throw wrong('--replay takes the contacts from a log: no scenario beside it');
    replayed(options, options.replay, seed, io);
  } else {
    if (file === undefined) throw wrong('a scenario is needed, or --replay with a log');
    if (options.config !== undefined || options.day !== undefined || options['time-zone'] !== undefined) throw wrong('--config, --day and --time-zone belong to --replay');
    scenario(resolve(io.cwd, file), seed, options.json, io);
  }
  return Promise.resolve(0);
}

const wrong = (what: string): WrongUse => new WrongUse(what, { hint: `usage: strowger ${USAGE}` });

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const n = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(n)) throw wrong(`--seed ${text} is not a whole number`);
  return n;
}

/** @throws ConfigFaults with every fault of the file */
function scenario(file: string, seed: number | undefined, json: boolean, io: Io): void {
  if (!existsSync(file)) throw wrong(`there is no ${file}`);
  const read = readScenario(file, readFileSync(file, 'utf8'));
  if (!read.ok) throw new ConfigFaults(read.faults);
  const done = simulateScenario(read.value, seed);
  if (json) io.out(JSON.stringify(asJson(done)));
  else for (const line of scenarioLines(done, io.lang)) io.out(line);
}

const asJson = (done: Simulated): object => (done.form === 'simple' ? done.outcome : { seed: done.seed, ...done.outcome });

interface ReplayOptions {
  readonly json: boolean;
  readonly config: string | undefined;
  readonly day: string | undefined;
  readonly 'time-zone': string | undefined;
}
function replayed(options: ReplayOptions, log: string, seed: number | undefined, io: Io): void {
  const file = resolve(io.cwd, log);
  if (!existsSync(file)) throw wrong(`there is no ${file}`);
  if (options.day !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(options.day)) throw wrong(`--day ${options.day} is not a date as 2026-11-20`);
  const done = replayLog({ log: file, day: options.day, zone: zoneOf(options['time-zone']), seed: seed ?? 1, config: configIn(options.config, io) });
  if (options.json) io.out(JSON.stringify(done));
  else for (const line of replayLines(done, io.lang)) io.out(line);
}

function zoneOf(zone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', zone === undefined ? {} : { timeZone: zone }).resolvedOptions().timeZone;
  } catch (cause) {
    throw new WrongUse(`there is no time zone ${String(zone)}`, { hint: 'as Asia/Shanghai', cause });
  }
}

/** The queues and agents of a folder. @throws ConfigFaults */
function configIn(folder: string | undefined, io: Io): ReturnType<typeof loadConfig> | undefined {
  if (folder === undefined) return undefined;
  const dir = resolve(io.cwd, folder);
  if (!existsSync(dir)) throw wrong(`there is no ${dir}`);
  const settings = readSettings(io.env);
  return loadConfig(dir, { realm: settings.realm, env: io.env });
}
