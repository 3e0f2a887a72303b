import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigFaults, formatFault, readSettings, type Settings } from '../config/index.js';
import { checkDialplans, checkScripts, type DialplanFault, type Known } from '../ivr/index.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import type { Io } from './io.js';
import { houseOf, foundHere, knownOf } from './known.js';
import { readOptions } from './options.js';

const USAGE = 'dialplan check [FILE|FOLDER…] [--json]';

/** Exit code 1 when a dialplan would be refused; warnings are shown but refuse nothing. */
export async function dialplanCheck(args: readonly string[], io: Io): Promise<ExitCode> {
  const { json, rest } = readOptions(args, { json: 'flag' }, USAGE);
  const settings = readSettings(io.env);
  const known = await knownQuietly(settings, io);
  const places = rest.length > 0 ? rest.map((place) => resolve(io.cwd, place)) : [settings.folders.dialplans];
  const scripts = await Promise.all([...new Set(places.map(folderOf))].map((folder) => checkScripts(join(folder, 'scripts'))));
  const faults = [...places.flatMap((place) => check(place, { ...known, ...foundHere(settings, folderOf(place), io.env) })), ...scripts.flat()];
  if (json) io.out(JSON.stringify(faults.map(({ file, line, column, code, message, hint, severity }) => ({ file, line, column, code, message, hint: hint ?? null, severity }))));
  else report(faults, io);
  return faults.some((fault) => fault.severity === 'error') ? 1 : 0;
}

const folderOf = (place: string): string => (existsSync(place) && statSync(place).isDirectory() ? place : dirname(place));

function check(place: string, known: Known): readonly DialplanFault[] {
  if (!existsSync(place)) throw new WrongUse(`there is no ${place}`, { hint: `usage: strowger ${USAGE}` });
  if (statSync(place).isDirectory()) return checkDialplans(place, known);
  if (!/\.ya?ml$/.test(place)) throw new WrongUse(`${place} is not a .yaml file`, { hint: `usage: strowger ${USAGE}` });
  // Read with its neighbours: an entry that another file has already is a fault of this one.
  return checkDialplans(dirname(place), known).filter((fault) => resolve(fault.file) === place);
}

/** A configuration with faults of its own only costs the check whether queues and extensions exist. */
async function knownQuietly(settings: Settings, io: Io): Promise<Known> {
  try {
    return knownOf(await houseOf(settings, io));
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    io.err(io.lang === 'en' ? 'The configuration has faults (strowger doctor): queues and extensions are not checked.' : '配置有错误（见 strowger doctor）：未检查队列和分机。');
    return {};
  }
}

function report(faults: readonly DialplanFault[], io: Io): void {
  for (const fault of faults) io.out(`${fault.severity}: ${formatFault(fault)}`);
  const errors = faults.filter((fault) => fault.severity === 'error').length;
  io.out(io.lang === 'en' ? `${errors} errors, ${faults.length - errors} warnings` : `${errors} 个错误，${faults.length - errors} 个警告`);
}
