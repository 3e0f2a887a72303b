import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { damageIn, openStore, schemaOf, snapshot, type Store } from './index.js';
import { migrations } from './migrations.js';

let dir = '';
let store: Store;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strowger-snapshot-'));
  store = await openStore({ path: join(dir, 'a.db') });
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

describe('a snapshot', () => {
  it('holds what was committed, also what only stands in the log, in one file', async () => {
    store.setMeta('before', '1');
    await snapshot(store.path, join(dir, 'b.db'));
    store.setMeta('after', '1');
    expect(readdirSync(dir).filter((name) => name.startsWith('b.'))).toEqual(['b.db']);
    expect(damageIn(join(dir, 'b.db'))).toEqual([]);
    const copy = await openStore({ path: join(dir, 'b.db') });
    expect([copy.getMeta('before'), copy.getMeta('after')]).toEqual(['1', undefined]);
    await copy.close();
  });

  it('knows what its database has been through', async () => {
    await snapshot(store.path, join(dir, 'b.db'));
    expect(schemaOf(join(dir, 'b.db'))).toEqual({ applied: Object.keys(migrations), unknown: [], behind: false });
  });

  it('is none of a file that is no database', async () => {
    writeFileSync(join(dir, 'c.db'), 'x'.repeat(5_000));
    await expect(snapshot(join(dir, 'c.db'), join(dir, 'd.db'))).rejects.toMatchObject({ code: 'store.corrupt' });
    await expect(snapshot(join(dir, 'none.db'), join(dir, 'd.db'))).rejects.toThrow();
  });
});
