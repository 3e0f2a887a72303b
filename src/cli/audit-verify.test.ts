import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAudit } from '../access/index.js';
import { openStore } from '../store/index.js';
import { auditVerify } from './audit-verify.js';
import { WrongUse } from './errors.js';
import { terminal } from './terminal.fixture.js';

let data: string;
beforeEach(() => void (data = mkdtempSync(join(tmpdir(), 'strowger-verify-'))));
afterEach(() => rmSync(data, { recursive: true }));

async function written(...then: readonly string[]): Promise<void> {
  const store = await openStore({ path: join(data, 'strowger.db') });
  const audit = createAudit({ store, folder: data, log: { error: () => undefined } });
  for (const object of ['a', 'b', 'c']) audit.append({ actor: 'admin', actorName: 'admin', action: 'x', object, outcome: 'done', source: '::1' });
  await new Promise<void>((resolve) => setImmediate(resolve));
  for (const text of then) store.change({ compile: () => CompiledQuery.raw(text) });
  await store.close();
}

it('says that the log is whole', async () => {
  await written();
  const t = terminal({ env: { STROWGER_DATA: data } });
  expect([await auditVerify([], t.io), t.text()]).toEqual([0, 'the audit log is whole: 3 rows']);
});

it('says what is wrong, in the language of the reader and as JSON, and exits with 1', async () => {
  await written('drop trigger audit_is_kept', 'delete from audit where seq = 3');
  const [zh, json] = [terminal({ env: { STROWGER_DATA: data }, lang: 'zh-CN' }), terminal({ env: { STROWGER_DATA: data } })];
  expect([await auditVerify([], zh.io), await auditVerify(['--json'], json.io)]).toEqual([1, 1]);
  expect(zh.text()).toContain('审计日志有 1 处问题');
  expect(json.json()).toMatchObject({ rows: 2, faults: [{ code: 'audit.cut', seq: 3 }] });
});

it('wants a data folder', async () => {
  await expect(auditVerify([], terminal({ env: { STROWGER_DATA: data } }).io)).rejects.toThrow(WrongUse);
});
