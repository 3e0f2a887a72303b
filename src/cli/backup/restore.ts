import { cp, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { verifyAudit } from '../../access/index.js';
import { readSettings } from '../../config/index.js';
import { openStore, schemaOf, type Store } from '../../store/index.js';
import { claim } from '../../supervisor/index.js';
import type { ExitCode } from '../command.js';
import { WrongUse } from '../errors.js';
import type { Io } from '../io.js';
import { readOptions } from '../options.js';
import { copied } from './copy.js';
import { BackupRefused } from './errors.js';
import { damagedIn, readManifest, type Manifest } from './manifest.js';
import { ASIDE, DATABASE, isEmpty, isFolder, leftOut, ownFolder, placesOf, type Place } from './places.js';

const USAGE = 'restore FOLDER [--replace] [--json]';

/**
 * Puts a backup in the place of this installation, which must not run. What is there already is kept aside within the data folder, and only touched with --replace.
 * Exit code 1 where the audit log that comes back has faults. @throws BackupRefused, AlreadyRunning, StoreError
 */
export async function restore(args: readonly string[], io: Io): Promise<ExitCode> {
  const { json, replace, rest: [from, ...more] } = readOptions(args, { json: 'flag', replace: 'flag' }, USAGE);
  if (from === undefined || more.length > 0) throw new WrongUse('restore takes the folder of a backup', { hint: `usage: strowger ${USAGE}` });
  const folder = resolve(io.cwd, from);
  const places = placesOf(readSettings(io.env));
  const manifest = await checked(folder);
  const data = places.find(({ name }) => name === 'data')?.folder ?? '';
  const lock = await claim(data); // nothing starts on it meanwhile
  try {
    const aside = await clear(places, data, replace);
    for (const { path } of manifest.files) await copied(join(folder, path), pathIn(places, path));
    const { rows, faults } = await settled(data, manifest);
    if (json) io.out(JSON.stringify({ files: manifest.files.length, made_at: manifest.made_at, aside, audit: { rows, faults } }));
    else for (const line of said(io.lang, manifest, aside, rows, faults)) io.out(line);
    return faults.length > 0 ? 1 : 0;
  } finally {
    lock.remove('supervisor', process.pid);
  }
}

/** Everything that can be known beforehand, before anything is touched. @throws BackupRefused */
async function checked(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  const damaged = await damagedIn(folder, manifest);
  if (damaged.length > 0) throw new BackupRefused('backup.damaged', `${damaged.length} file(s) of this backup are missing or not as they were made: ${damaged.slice(0, 5).join(', ')}`, 'take another backup; nothing has been changed here');
  const { unknown } = schemaOf(join(folder, 'data', DATABASE));
  if (unknown.length > 0) throw new BackupRefused('backup.newer', `this backup is of a newer version (${manifest.strowger}): its database knows ${unknown.join(', ')}`, 'restore it with that version or a later one; nothing has been changed here');
  return manifest;
}

const pathIn = (places: readonly Place[], path: string): string => {
  const [name = '', ...rest] = path.split('/');
  return join(places.find((place) => place.name === name)?.folder ?? '', ...rest);
};

/** Moves aside what is there. @returns where to; undefined where nothing was. @throws BackupRefused backup.would_replace */
async function clear(places: readonly Place[], data: string, replace: boolean): Promise<string | undefined> {
  const full: Place[] = [];
  for (const place of places) if (!(await isEmpty(place.folder)) && (place.name !== 'data' || (await readdir(place.folder)).some((entry) => entry !== 'run'))) full.push(place);
  if (full.length === 0) return undefined;
  if (!replace) throw new BackupRefused('backup.would_replace', `there is something already in ${full.map(({ folder }) => folder).join(', ')}`, 'add --replace: it is kept aside, within the data folder; or set STROWGER_DATA, STROWGER_CONFIG and STROWGER_DIALPLANS');
  const aside = join(data, `${ASIDE}${new Date().toISOString().replace(/[:.]/g, '-')}`);
  for (const place of full) {
    await ownFolder(join(aside, place.name));
    for (const entry of await readdir(place.folder)) {
      if (place.name === 'data' && (entry === 'run' || entry.startsWith(ASIDE))) continue;
      if (place.name === 'data' && leftOut(place, entry) && !entry.startsWith(DATABASE) && !entry.startsWith('audit.')) await rm(join(place.folder, entry), { recursive: true });
      else await moved(join(place.folder, entry), join(aside, place.name, entry));
    }
  }
  return aside;
}

/** Also from one disk to another. */
async function moved(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await cp(from, to, { recursive: true, preserveTimestamps: true });
    await rm(from, { recursive: true });
  }
}

/** The database names recordings by where they lay; they lie here now. Tables are brought up to date as at a start. */
async function settled(data: string, manifest: Manifest): Promise<ReturnType<typeof verifyAudit>> {
  if (!(await isFolder(data))) await ownFolder(data);
  const store = await openStore({ path: join(data, DATABASE), synchronous: 'full' });
  try {
    rebase(store, join(manifest.data, 'recordings/'), join(data, 'recordings/'));
    return verifyAudit(store, data);
  } finally {
    await store.close();
  }
}

function rebase(store: Store, from: string, to: string): void {
  if (from === to) return;
  store.transaction(() => {
    for (const { id, path } of store.run(store.db.selectFrom('recordings').select(['id', 'path'])))
      if (path.startsWith(from)) store.change(store.db.updateTable('recordings').set({ path: to + path.slice(from.length) }).where('id', '=', id));
  });
}

function said(lang: Io['lang'], { files, made_at }: Manifest, aside: string | undefined, rows: number, faults: ReturnType<typeof verifyAudit>['faults']): string[] {
  const en = lang === 'en';
  return [
    en ? `restored ${files.length} files of ${made_at}` : `已恢复 ${made_at} 的 ${files.length} 个文件`,
    ...(aside === undefined ? [] : [en ? `what was there before lies in ${aside}` : `原有内容保存在 ${aside}`]),
    faults.length === 0 ? (en ? `the audit log is whole: ${rows} rows` : `审计日志完整：${rows} 行`) : en ? `the audit log has ${faults.length} fault(s):` : `审计日志有 ${faults.length} 处问题：`,
    ...faults.map(({ code, message }) => `  ${code}: ${message}`),
  ];
}
