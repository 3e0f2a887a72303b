import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join, resolve } from 'node:path';
import { verifyAudit } from '../../access/index.js';
import { readSettings } from '../../config/index.js';
import { damageIn, openStore, schemaOf, settle, snapshot } from '../../store/index.js';
import type { ExitCode } from '../command.js';
import { WrongUse } from '../errors.js';
import type { Io } from '../io.js';
import { readOptions } from '../options.js';
import { copied, measured } from './copy.js';
import { BackupRefused } from './errors.js';
import { MANIFEST, type Manifest } from './manifest.js';
import { AUDIT, DATABASE, filesOf, isEmpty, ownFolder, placesOf, within, type Place } from './places.js';
import { versionOf } from './version.js';

const USAGE = 'backup FOLDER [--json]';

/** Copies everything this installation is made of into a new folder, while it runs; exit code 1 where what was copied has faults. @throws BackupRefused, StoreError */
export async function backup(args: readonly string[], io: Io): Promise<ExitCode> {
  const { json, rest: [into, ...more] } = readOptions(args, { json: 'flag' }, USAGE);
  if (into === undefined || more.length > 0) throw new WrongUse('backup takes the folder that is to be made', { hint: `usage: strowger ${USAGE}` });
  const places = placesOf(readSettings(io.env));
  const target = resolve(io.cwd, into);
  await checkTarget(target, places);
  setPriority(constants.priority.PRIORITY_LOW); // calls come first
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await ownFolder(unfinished);
  const made = await fill(unfinished, places);
  await rename(unfinished, target); // before that nobody takes it for whole
  const { manifest, faults } = made;
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  if (json) io.out(JSON.stringify({ folder: target, files: manifest.files.length, bytes, skipped: manifest.skipped, faults }));
  else for (const line of said(io.lang, target, manifest, bytes, faults)) io.out(line);
  return faults.length > 0 ? 1 : 0;
}

async function checkTarget(target: string, places: readonly Place[]): Promise<void> {
  const around = places.find(({ folder }) => within(target, folder));
  if (around) throw new BackupRefused('backup.within', `${target} lies within ${around.folder}, which is to be copied`, 'name a folder elsewhere, best on another disk');
  if (!(await isEmpty(target)) || (await stat(target).then((found) => !found.isDirectory(), () => false))) throw new BackupRefused('backup.in_the_way', `${target} is there already`, 'name a new folder: a backup is never written over another');
}

async function fill(folder: string, places: readonly Place[]): Promise<{ readonly manifest: Manifest; readonly faults: readonly string[] }> {
  const [files, skipped]: [Manifest['files'], string[]] = [[], []];
  const data = places.find(({ name }) => name === 'data')?.folder ?? '';
  const { faults, migrations } = await copyDatabase(data, join(folder, 'data'));
  for (const name of [DATABASE, ...AUDIT]) {
    const found = await measured(join(folder, 'data', name));
    if (found) files.push({ path: `data/${name}`, ...found, mode: 0o600 });
  }
  // Afterwards: whatever the database names has a file by now, or had one and lost it since.
  for (const place of places) {
    const found = await filesOf(place);
    skipped.push(...found.skipped.map((name) => `${place.name}/${name}`));
    for (const name of found.files) {
      const copy = await copied(join(place.folder, name), join(folder, place.name, name));
      if (copy) files.push({ path: `${place.name}/${name}`, ...copy });
    }
  }
  const manifest: Manifest = { format: 1, strowger: versionOf(), made_at: new Date().toISOString(), data, migrations: [...migrations], files, skipped };
  await writeFile(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600, flush: true });
  return { manifest, faults };
}

/**
 * The anchors of the audit log first: no row they name is missing in a database that is copied later. Old rows may be taken out by rule just between the two; then
 * it is done once more.
 */
async function copyDatabase(data: string, into: string, tries = 3): Promise<{ readonly faults: readonly string[]; readonly migrations: readonly string[] }> {
  const from = join(data, DATABASE);
  if (!(await measured(from).then((found) => found !== undefined && found.bytes > 0))) throw new BackupRefused('backup.no_database', `there is no ${from}`, 'STROWGER_DATA says where the data folder is');
  await ownFolder(into);
  const copy = join(into, DATABASE);
  await rm(copy, { force: true });
  for (const name of AUDIT) await copied(join(data, name), join(into, name));
  await snapshot(from, copy);
  const { applied, behind, unknown } = schemaOf(copy);
  // An older or newer database is copied as it is, and looked through by the version that wrote it.
  const faults = [...damageIn(copy), ...(behind || unknown.length > 0 ? [] : await auditFaults(copy, into))];
  return faults.length > 0 && tries > 1 ? copyDatabase(data, into, tries - 1) : { faults, migrations: applied };
}

async function auditFaults(path: string, folder: string): Promise<readonly string[]> {
  const store = await openStore({ path });
  try {
    return verifyAudit(store, folder).faults.map(({ code, message }) => `${code}: ${message}`);
  } finally {
    await store.close();
    settle(path);
  }
}

function said(lang: Io['lang'], target: string, { files, skipped }: Manifest, bytes: number, faults: readonly string[]): string[] {
  const mb = (bytes / 1_048_576).toFixed(1);
  return [
    lang === 'en' ? `${target}: ${files.length} files, ${mb} MB; database and audit log ${faults.length > 0 ? 'have faults:' : 'are whole'}` : `${target}：${files.length} 个文件，${mb} MB；数据库和审计日志${faults.length > 0 ? '有问题：' : '完整'}`,
    ...faults.map((fault) => `  ${fault}`),
    ...(skipped.length > 0 ? [lang === 'en' ? `  left out, neither files nor folders: ${skipped.join(', ')}` : `  未包含（既非文件也非文件夹）：${skipped.join('、')}`] : []),
  ];
}
