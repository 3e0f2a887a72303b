import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { ended, talking } from './talk.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'strowger-backup-'));
const at = (...names: string[]): string => join(dir, ...names);
let house: Strowger;
let call = '';
let recording = Buffer.alloc(0);
beforeAll(async () => {
  cpSync(join(root, 'config'), at('config'), { recursive: true });
  cpSync(join(root, 'dialplans'), at('dialplans'), { recursive: true });
  writeFileSync(at('config/secrets.env'), 'CARRIER=hush\n', { mode: 0o600 });
  house = await startStrowger({ data: at('data'), config: at('config'), dialplans: at('dialplans'), agents: 2, phones: 1 });
  const talk = await talking(house);
  call = talk.id;
  talk.caller.hangUp();
  await ended(house, call);
  await until('the recording', 5_000, async () => {
    const answer = await house.raw(`/v1/calls/${call}/recording`);
    recording = Buffer.from(await answer.arrayBuffer());
    return answer.status === 200;
  });
});
afterAll(() => rmSync(dir, { recursive: true }));

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
type Said = { readonly code: number; readonly out: Record<string, unknown>; readonly error: { readonly code: string; readonly message: string } };
const folders = (name: string) => ({ STROWGER_DATA: at(name, 'data'), STROWGER_CONFIG: at(name, 'config'), STROWGER_DIALPLANS: at(name, 'dialplans') });
const strowger = (args: readonly string[], env: Record<string, string>): Promise<Said> => new Promise((resolve) => {
  execFile(process.execPath, [join(root, 'bin/strowger.js'), ...args, '--json'], { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
    const out = (stdout.startsWith('{') ? JSON.parse(stdout) : { stdout, stderr }) as Record<string, unknown>;
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, error: (out['error'] ?? {}) as Said['error'] });
  });
});

it('is made while users are being made, and holds everything that was acknowledged before', async () => {
  const made: string[] = [];
  const state = { over: false };
  const writing = Promise.all([1, 2, 3].map(async (writer) => {
    for (let i = 0; !state.over; i += 1) {
      const answer = await house.api<{ id: string }>('/v1/users', { method: 'POST', body: JSON.stringify({ login: `u${writer}-${i}`, name: 'U' }) });
      if (answer.status === 201) made.push(answer.body.id);
    }
  }));
  await until('some users', 20_000, () => Promise.resolve(made.length >= 20));
  const before = [...made];
  const said = await strowger(['backup', at('copy')], folders(''));
  const during = made.length - before.length;
  state.over = true;
  await writing;
  expect(said).toMatchObject({ code: 0, out: { faults: [], skipped: [] } });
  expect(during).toBeGreaterThan(0); // nobody waited for it
  const file = new BetterSqlite3(at('copy/data/strowger.db'), { readonly: true });
  const users = (file.prepare('select id from users').all() as { id: string }[]).map(({ id }) => id);
  file.close();
  expect(before.filter((id) => !users.includes(id))).toEqual([]);
  expect(statSync(at('copy')).mode & 0o777).toBe(0o700);
  expect(statSync(at('copy/config/secrets.env')).mode & 0o777).toBe(0o600);
  expect(readdirSync(at('copy/data')).filter((name) => ['run', 'prompts', 'strowger.db-wal'].includes(name))).toEqual([]);
});

it('is never written over another, nor into what it copies', async () => {
  expect(await strowger(['backup', at('copy')], folders(''))).toMatchObject({ code: 1, error: { code: 'backup.in_the_way' } });
  expect(await strowger(['backup', at('data/copies')], folders(''))).toMatchObject({ code: 1, error: { code: 'backup.within' } });
});

it('does not come back over an installation that runs', async () => {
  expect(await strowger(['restore', at('copy'), '--replace'], folders(''))).toMatchObject({ code: 1, error: { code: 'supervisor.already_running' } });
  expect((await house.api(`/v1/calls/${call}`)).status).toBe(200);
});

it('comes back elsewhere, whole, and works', async () => {
  await house.stop({ keepData: true });
  const said = await strowger(['restore', at('copy')], folders('new'));
  expect(said).toMatchObject({ code: 0, out: { audit: { faults: [] } } });
  expect((said.out['audit'] as { rows: number }).rows).toBeGreaterThan(20);
  expect(await strowger(['audit', 'verify'], folders('new'))).toMatchObject({ code: 0 });
  rmSync(at('data/recordings'), { recursive: true }); // nothing may still look there
  const again = await startStrowger({ data: at('new/data'), config: at('new/config'), dialplans: at('new/dialplans'), agents: 2, phones: 1 });
  try {
    expect((await again.api<{ cause: string }>(`/v1/calls/${call}`)).body.cause).toBe('completed');
    const answer = await again.raw(`/v1/calls/${call}/recording`);
    expect([answer.status, Buffer.from(await answer.arrayBuffer()).equals(recording), recording.length > 10_000]).toEqual([200, true, true]);
    expect(readFileSync(at('new/config/secrets.env'), 'utf8')).toBe('CARRIER=hush\n');
  } finally {
    await again.stop({ keepData: true });
  }
});

it('keeps aside what was there, and only when told to', async () => {
  expect(await strowger(['restore', at('copy')], folders('new'))).toMatchObject({ code: 1, error: { code: 'backup.would_replace' } });
  appendFileSync(at('new/config/system.yaml'), '# mine\n');
  const { code, out } = await strowger(['restore', at('copy'), '--replace'], folders('new'));
  expect(code).toBe(0);
  expect(readFileSync(join(String(out['aside']), 'config/system.yaml'), 'utf8')).toMatch(/# mine\n$/);
  expect(existsSync(join(String(out['aside']), 'data/strowger.db'))).toBe(true);
  expect(readFileSync(at('new/config/system.yaml'), 'utf8')).not.toContain('# mine');
});

it('is refused where a byte differs, a file is missing, a path leads out or the schema is newer: before anything is touched', async () => {
  const refused = async (name: string, spoil: (folder: string) => void): Promise<string> => {
    cpSync(at('copy'), at(name), { recursive: true });
    spoil(at(name));
    mkdirSync(at(`${name}-to`));
    const { error } = await strowger(['restore', at(name)], folders(`${name}-to`));
    expect(existsSync(at(`${name}-to`, 'data'))).toBe(false);
    return error.code;
  };
  const manifest = (folder: string, change: (text: string) => string): void => writeFileSync(join(folder, 'manifest.json'), change(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  expect(await refused('byte', (folder) => appendFileSync(join(folder, 'data/audit.key'), ' '))).toBe('backup.damaged');
  expect(await refused('missing', (folder) => rmSync(join(folder, 'dialplans/main.yaml')))).toBe('backup.damaged');
  expect(await refused('out', (folder) => manifest(folder, (text) => text.replace('"data/audit.key"', '"data/../../audit.key"')))).toBe('backup.not_one');
  expect(await refused('newer', (folder) => {
    const file = new BetterSqlite3(join(folder, 'data/strowger.db'));
    file.prepare("insert into kysely_migration (name, timestamp) values ('9999_tomorrow', '2030-01-01T00:00:00.000Z')").run();
    file.close();
    const size = statSync(join(folder, 'data/strowger.db')).size;
    manifest(folder, (text) => text.replace(/("path": "data\/strowger.db",\s+"bytes": )\d+(,\s+"sha256": ")[0-9a-f]+/, `$1${size}$2${sha256(join(folder, 'data/strowger.db'))}`));
  })).toBe('backup.newer');
  expect(await refused('none', (folder) => rmSync(join(folder, 'manifest.json')))).toBe('backup.not_one');
});
