import { readSettings, type Config } from '../config/index.js';
import { loadDialplans } from '../ivr/index.js';
import { explain, type Caller, type Resolution } from '../sip/index.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import type { Io } from './io.js';
import { houseOf, knownOf } from './known.js';
import { readOptions } from './options.js';

const USAGE = 'numbers explain NUMBER [--from EXTENSION | --trunk NAME] [--json]';

/** Says where a dialled number leads, with every trunk host believed up; exit code 1 when it would be refused. */
export async function numbersExplain(args: readonly string[], io: Io): Promise<ExitCode> {
  const { json, from, trunk, rest } = readOptions(args, { json: 'flag', from: 'value', trunk: 'value' }, USAGE);
  const [number] = rest;
  if (number === undefined || rest.length > 1) throw new WrongUse('one number is needed', { hint: `usage: strowger ${USAGE}` });
  const settings = readSettings(io.env);
  const config = await houseOf(settings, io);
  const entries = loadDialplans({ dir: settings.folders.dialplans, known: knownOf(config) }).entries();
  const caller = callerOf(config, from, trunk);
  const { resolution, steps } = explain(number, caller, { config, entries, up: () => true, random: () => 0 });
  if (json) io.out(JSON.stringify({ number, from: nameOf(caller), resolution: shown(resolution), steps }));
  else for (const line of [`${nameOf(caller)} → ${number}`, ...steps.map((step) => `  ${step}`)]) io.out(line);
  return resolution.to === 'refused' ? 1 : 0;
}

function callerOf(config: Config, from: string | undefined, name: string | undefined): Caller {
  if (name !== undefined) {
    const trunk = config.trunks.find((t) => t.name === name);
    if (!trunk) throw new WrongUse(`there is no trunk "${name}"`, { hint: `trunks: ${config.trunks.map((t) => t.name).join(', ') || 'none'}` });
    return { kind: 'trunk', trunk, from: '' };
  }
  const extension = from === undefined ? config.extensions[0] : config.extensions.find((e) => e.number === from);
  if (!extension) throw new WrongUse(from === undefined ? 'there is no extension to call from' : `there is no extension "${from}"`, { hint: 'see extensions.yaml and STROWGER_DEMO_PHONES' });
  return { kind: 'extension', extension };
}

const nameOf = (caller: Caller): string => (caller.kind === 'trunk' ? `trunk ${caller.trunk.name}` : `extension ${caller.extension.number}`);

/** Only what a reader needs: no credentials, and a name where the plan holds a whole object. */
function shown(r: Resolution): object {
  switch (r.to) {
    case 'extension': return { to: r.to, extension: r.extension.number, did: r.did ?? null };
    case 'outbound': return { to: r.to, number: r.number, emergency: r.emergency, attempts: r.attempts.map(({ label, uri, callerId }) => ({ by: label, uri, caller_id: callerId })) };
    case 'entry': return { to: r.to, entry: r.number, did: r.did ?? null };
    case 'feature': return { to: r.to, feature: r.feature };
    case 'refused': return { to: r.to, status: r.status, why: r.why };
  }
}
