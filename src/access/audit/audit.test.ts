import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../store/index.js';
import { createAnchors, readAnchors } from './anchors.js';
import { createAudit, type Audit } from './audit.js';
import { redacted } from './redact.js';
import { verifyAudit } from './verify.js';

let folder: string;
let store: Store;
let audit: Audit;
let clock = 0;
const log = { error: () => undefined };
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'strowger-audit-'));
  store = await openStore({ path: join(folder, 'strowger.db') });
  clock = 0;
  audit = createAudit({ store, folder, log, now: () => (clock += 1_000) });
  for (let i = 1; i <= 6; i += 1) audit.append({ actor: 'admin', actorName: 'admin', action: 'team.create', object: `t${i}`, outcome: 'done', after: { i }, source: '::1' });
  await settle();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});
const found = () => verifyAudit(store, folder).faults.map(({ code, seq }) => `${code} ${seq}`);
/** As somebody with the database in hand would: past the triggers. */
const tamper = (statement: string): void => {
  for (const text of ['drop trigger audit_is_written_once', 'drop trigger audit_is_kept', statement]) store.change({ compile: () => CompiledQuery.raw(text) });
};

it('is whole as it was written, its key readable by us alone', () => {
  expect(verifyAudit(store, folder)).toEqual({ rows: 6, faults: [] });
  for (const file of ['audit.key', 'audit.anchors']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
});

it('is append-only for our own code', () => {
  expect(() => store.change(store.db.updateTable('audit').set({ actor: 'x' }))).toThrow('append-only');
  expect(() => store.change(store.db.deleteFrom('audit'))).toThrow('append-only');
});

describe('shows', () => {
  it.each<[what: string, statement: string, faults: string[]]>([
    ['a changed row', `update audit set after = '{"i":9}' where seq = 3`, ['audit.altered 3']],
    ['another actor', `update audit set actor = 'usr_x' where seq = 6`, ['audit.altered 6']],
    ['a removed row', 'delete from audit where seq = 3', ['audit.removed 3']],
    ['removed first rows', 'delete from audit where seq < 3', ['audit.removed 1']],
    ['a cut tail', 'delete from audit where seq > 4', ['audit.cut 5']],
    ['an emptied table', 'delete from audit', ['audit.cut 1']],
    ['an added row', `insert into audit select 7, at, actor, actor_name, action, object, outcome, before, after, source, request, hash from audit where seq = 6`, ['audit.altered 7']],
    ['rows that changed places', `update audit set seq = case seq when 2 then 300 else 2 end where seq in (2, 3)`, ['audit.altered 2', 'audit.removed 3', 'audit.removed 7']],
  ])('%s', (_what, statement, faults) => {
    tamper(statement);
    expect(found().sort()).toEqual(faults.sort());
  });

  it('another database in the place of this one, and a file of anchors that is gone or not ours', async () => {
    const other = await openStore({ path: ':memory:' });
    const twin = createAudit({ store: other, log, now: () => 5 });
    for (let i = 0; i < 8; i += 1) twin.append({ actor: 'admin', actorName: 'admin', action: 'x', object: 'x', outcome: 'done', source: 'x' });
    expect(verifyAudit(other, folder).faults.length).toBeGreaterThanOrEqual(6);
    await other.close();
    appendFileSync(join(folder, 'audit.anchors'), '{"kind":"cut","seq":6,"hash":"x","mac":"y"}\n');
    expect(found()).toEqual(['audit.anchor_forged 0']);
    writeFileSync(join(folder, 'audit.anchors'), '');
    expect(found()).toEqual(['audit.no_anchors 0']);
  });
});

it('goes on after a restart, after a row that was rolled back, and in the transaction of its change', async () => {
  expect(() => store.transaction(() => {
    audit.append({ actor: 'a', actorName: 'a', action: 'x', object: 'x', outcome: 'done', source: 'x' });
    throw new Error('no');
  })).toThrow('no');
  await settle();
  createAudit({ store, folder, log }).append({ actor: 'a', actorName: 'a', action: 'x', object: 'x', outcome: 'done', source: 'x' });
  await settle();
  expect(verifyAudit(store, folder)).toEqual({ rows: 7, faults: [] });
});

it('is cut to its age with a signed mark: what was cut by nobody else is still seen', async () => {
  expect(audit.cut(4_000)).toBe(3);
  expect(verifyAudit(store, folder)).toEqual({ rows: 3, faults: [] });
  expect(audit.cut(1e9)).toBe(2); // the newest stays
  audit.append({ actor: 'a', actorName: 'a', action: 'x', object: 'x', outcome: 'done', source: 'x' });
  await settle();
  expect(verifyAudit(store, folder)).toEqual({ rows: 2, faults: [] });
  tamper('delete from audit where seq = 6');
  expect(found()).toEqual(['audit.removed 6']);
});

it('thins its anchors, but for those that prove something', () => {
  const path = join(folder, 'thin');
  const anchors = createAnchors(path, Buffer.alloc(32), (seq) => seq !== 13, { most: 25, kept: 10 });
  anchors.add({ kind: 'cut', seq: 1, hash: 'h1' });
  for (let seq = 2; seq <= 26; seq += 1) anchors.add({ kind: 'head', seq, hash: `h${seq}` });
  expect(readAnchors(path).map((anchor) => anchor?.seq)).toEqual([1, 10, 13, 20, 26]);
});

it('never keeps a value whose key is named like a secret', () => {
  const word = fc.constantFrom('password', 'new_password', 'client_secret', 'token', 'csrf_token', 'recovery_codes', 'Authorization', 'code');
  fc.assert(fc.property(word, fc.string({ minLength: 8 }).map((s) => `s3cret${s}`), (key, value) => {
    expect(JSON.stringify(redacted({ a: [{ [key]: value, n: 1 }], [key]: { deep: value } }))).not.toContain('s3cret');
  }));
  expect(redacted({ url: '/files/file_1?token=123.abc&x=1' })).toEqual({ url: '/files/file_1?token=***&x=1' });
  expect(redacted({ password_set: true, name: 'x' })).toEqual({ password_set: true, name: 'x' });
});
