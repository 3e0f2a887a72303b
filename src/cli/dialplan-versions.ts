import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { ConfigFaults, formatFault, readSettings } from '../config/index.js';
import { BadDialplanName, createArchive, createDialplanDesk, loadDialplans, NoSuchDialplan, NoSuchVersion, type DialplanDesk, type DialplanVersion } from '../ivr/index.js';
import { openStore } from '../store/index.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import type { Io, Text } from './io.js';
import { houseOf, foundHere, knownOf } from './known.js';
import { readOptions } from './options.js';

const PUBLISH = 'dialplan publish FILE [--as NAME] [--comment TEXT] [--json]';
const ROLLBACK = 'dialplan rollback NAME [--to VERSION] [--comment TEXT] [--json]';
const VERSIONS = 'dialplan versions [NAME] [--json]';
const DIFF = 'dialplan diff NAME [FROM] [TO]';

/** Checks a file and puts it into the folder of dialplans, where a running application finds it; exit code 1 when it has faults. */
export async function dialplanPublish(args: readonly string[], io: Io): Promise<ExitCode> {
  const { as, comment, json, rest: [file, ...more] } = readOptions(args, { as: 'value', comment: 'value', json: 'flag' }, PUBLISH);
  if (file === undefined || more.length > 0) throw wrong('one file is needed', PUBLISH);
  const path = resolve(io.cwd, file);
  if (!existsSync(path)) throw wrong(`there is no ${path}`, PUBLISH);
  return withDesk(io, PUBLISH, (desk) => {
    const name = as ?? basename(path);
    const { version } = desk.add(name, readFileSync(path, 'utf8'), change(comment));
    const { live } = desk.publish(name, version, 100, change(comment));
    tell(io, json, live, { en: `${name}: version ${live.version} is in service for the next call`, 'zh-CN': `${name}：版本 ${live.version} 已发布，下一通来电起生效` });
  });
}

/** Back to what callers had before, or to any version. */
export async function dialplanRollback(args: readonly string[], io: Io): Promise<ExitCode> {
  const { to, comment, json, rest: [name, ...more] } = readOptions(args, { to: 'value', comment: 'value', json: 'flag' }, ROLLBACK);
  if (name === undefined || more.length > 0) throw wrong('one dialplan is needed', ROLLBACK);
  return withDesk(io, ROLLBACK, (desk) => {
    const { live } = to === undefined ? desk.rollback(name, change(comment)) : desk.publish(name, numberOf(to, ROLLBACK), 100, change(comment));
    const back = live.restores ?? live.version;
    tell(io, json, live, { en: `${name}: version ${live.version} is in service, which is version ${back} again`, 'zh-CN': `${name}：版本 ${live.version} 已生效，内容同版本 ${back}` });
  });
}

export async function dialplanVersions(args: readonly string[], io: Io): Promise<ExitCode> {
  const { json, rest: [name, ...more] } = readOptions(args, { json: 'flag' }, VERSIONS);
  if (more.length > 0) throw wrong('one dialplan at most', VERSIONS);
  return withDesk(io, VERSIONS, (desk) => {
    const live = new Map(desk.list().map((view) => [view.name, view.live.version]));
    const all = (name === undefined ? [...live.keys()] : [name]).flatMap((file) => desk.versions(file, 1_000));
    if (json) io.out(JSON.stringify(all.map((v) => ({ ...shown(v), live: live.get(v.file) === v.version }))));
    else for (const v of all) io.out(`${live.get(v.file) === v.version ? '*' : ' '} ${v.file} ${v.version}  ${new Date(v.at).toISOString()}  ${v.by}${v.restores === null ? '' : `  = ${v.restores}`}${v.comment === null ? '' : `  ${v.comment}`}`);
  });
}

/** Two versions; left out, the one in service and the one before it. */
export async function dialplanDiff(args: readonly string[], io: Io): Promise<ExitCode> {
  const { rest: [name, from, to, ...more] } = readOptions(args, {}, DIFF);
  if (name === undefined || more.length > 0) throw wrong('a dialplan and two versions at most', DIFF);
  return withDesk(io, DIFF, (desk) => {
    const last = to === undefined ? desk.get(name).live.version : numberOf(to, DIFF);
    io.out(desk.diff(name, from === undefined ? Math.max(1, last - 1) : numberOf(from, DIFF), last).trimEnd());
  });
}

const wrong = (what: string, usage: string): WrongUse => new WrongUse(what, { hint: `usage: strowger ${usage}` });
const change = (comment: string | undefined) => ({ by: `cli:${userInfo().username}`, ...(comment === undefined ? {} : { comment }) });
const shown = ({ file, version, hash, at, by, comment, restores, published_at }: DialplanVersion) =>
  ({ file, version, hash, at: new Date(at).toISOString(), by, comment, restores, published_at: published_at === null ? null : new Date(published_at).toISOString() });

function tell(io: Io, json: boolean, version: DialplanVersion, text: Text): void {
  io.out(json ? JSON.stringify(shown(version)) : text[io.lang]);
}

function numberOf(text: string, usage: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw wrong(`"${text}" is not a version`, usage);
  return Number(text);
}

/** Works on the folder and the database themselves, whether the application runs or not. @throws ConfigFaults, StoreError */
async function withDesk(io: Io, usage: string, work: (desk: DialplanDesk) => void): Promise<ExitCode> {
  const settings = readSettings(io.env);
  const dir = settings.folders.dialplans;
  const store = await openStore({ path: join(settings.folders.data, 'strowger.db') });
  try {
    const archive = createArchive(store);
    const dialplans = loadDialplans({ dir, known: { ...knownOf(await houseOf(settings, io)), ...foundHere(settings, dir, io.env) }, archive });
    work(createDialplanDesk({ dir, archive, dialplans }));
    return 0;
  } catch (error) {
    if (error instanceof NoSuchDialplan || error instanceof NoSuchVersion || error instanceof BadDialplanName) throw wrong(error.message, usage);
    if (!(error instanceof ConfigFaults)) throw error;
    for (const fault of error.faults) io.err(formatFault(fault));
    return 1;
  } finally {
    await store.close();
  }
}
