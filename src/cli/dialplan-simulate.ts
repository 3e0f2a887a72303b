import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readSettings, type Settings } from '../config/index.js';
import { createSentences, runTests, testFiles } from '../ivr/index.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import type { Io } from './io.js';
import { readOptions } from './options.js';
import { reportTests, testsJson } from './simulate-report.js';
import { talk } from './simulate-talk.js';

const USAGE = 'dialplan simulate [TESTS…] [--json] | dialplan simulate --to 4000 [--from +8613800138000] [--at 2026-11-20T10:00:00+08:00] [--dialplan FILE] [--doubles TESTS.yaml] [--tags a,b]';
const KINDS = { json: 'flag', to: 'value', from: 'value', at: 'value', dialplan: 'value', doubles: 'value', tags: 'value' } as const;

/** Runs conversation tests, or, with `--to`, is the call. Exit code 1 when a conversation did not go as it should. */
export async function dialplanSimulate(args: readonly string[], io: Io, typed?: AsyncIterable<string>): Promise<ExitCode> {
  const options = readOptions(args, KINDS, USAGE);
  const settings = readSettings(io.env);
  if (options.to !== undefined) {
    if (options.json || options.rest.length > 0) throw wrong('--to is a conversation: no tests and no --json beside it');
    return talk({ ...options, to: options.to }, settings, io, typed);
  }
  const only = (['from', 'at', 'dialplan', 'doubles', 'tags'] as const).find((name) => options[name] !== undefined);
  if (only !== undefined) throw wrong(`--${only} belongs to --to`);
  return tests(placesOf(options.rest, settings, io), options.json, io);
}

const wrong = (what: string): WrongUse => new WrongUse(what, { hint: `usage: strowger ${USAGE}` });

/** A folder stands for the tests in it; a dialplan's folder for those in its `tests`. */
function placesOf(written: readonly string[], { folders }: Settings, io: Io): string[] {
  const places = written.length > 0 ? written.map((place) => resolve(io.cwd, place)) : [folders.dialplans];
  return places.map((place) => {
    if (!existsSync(place)) throw wrong(`there is no ${place}`);
    const inside = join(place, 'tests');
    return basename(place) !== 'tests' && existsSync(inside) ? inside : place;
  });
}

async function tests(places: readonly string[], json: boolean, io: Io): Promise<ExitCode> {
  if (places.flatMap(testFiles).length === 0) throw wrong(`there are no tests in ${places.join(', ')}`);
  const began = performance.now();
  const result = await runTests({ places, understanding: createSentences() });
  const took = performance.now() - began;
  if (json) io.out(JSON.stringify(testsJson(result, took)));
  else reportTests(result, took, io);
  return result.faults.length > 0 || result.cases.some((one) => one.faults.length > 0) ? 1 : 0;
}
