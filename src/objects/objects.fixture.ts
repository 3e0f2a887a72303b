import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { hoursForm, loadConfig, secretLookup, Secret, type Config } from '../config/index.js';
import { createEvents, type Fact } from '../events/index.js';
import { openStore, type Store } from '../store/index.js';
import { createObjects, type ObjectsOptions } from './service.js';
import { rulesWith } from './kinds.js';
import type { Form, Objects } from './ports.js';
import { ownExtensions } from './rows.js';
import { openSecrets, secretFileIn } from './secrets.js';

export const TRUNK = `trunks:
  - name: carrier-a
    register: { username: me, password: "\${CARRIER}" }
    hosts: [ { uri: "sip:a.example" } ]
    numbers: { "+867551234xxxx": { entry: "4000" } }
    outbound: [ { pattern: "+86x." } ]
`;

/** Files, a database and a folder of data on disk; whoever must hear of changes only takes notes. */
export async function building(files: Record<string, string> = {}, more: Partial<ObjectsOptions> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-objects-'));
  const write = (some: Record<string, string>): void => Object.entries(some).forEach(([name, text]) => writeFileSync(join(dir, name), text));
  write({ 'secrets.env': 'CARRIER=of-the-file\nPHONE=of-the-phone\n', ...files });
  let store: Store = await openStore({ path: join(dir, 'strowger.db') });
  const facts: Fact[] = [];
  const logged: string[] = [];
  const applied: string[] = [];
  const calendars = new Map<string, Form>();
  const read = (): Config => loadConfig(dir, { demo: { agents: 1, phones: 0, password: new Secret('demo') }, extensions: ownExtensions(store) });
  const open = (): Objects => {
    const log = { info: () => undefined, warn: (_about: object, text: string) => void logged.push(text), error: (_about: object, text: string) => void logged.push(text) };
    const events = createEvents({ store, log });
    events.subscribe('*', (fact) => void facts.push(fact));
    return createObjects({
      files: read(), fileCalendars: () => calendars, rules: rulesWith(z.object(hoursForm.shape)), store, events, log, realm: 'strowger', now: () => 1_000,
      secrets: openSecrets(secretFileIn(join(dir, 'data'))), lookup: () => secretLookup(dir, {}), onChanged: (_laid, { kind, id, action }) => void applied.push(`${action} ${kind} ${id}`), ...more,
    });
  };
  return {
    objects: open(), write, read, facts, logged, applied, calendars, open,
    secretFile: () => readFileSync(secretFileIn(join(dir, 'data')), 'utf8'), secretMode: () => statSync(secretFileIn(join(dir, 'data'))).mode & 0o777,
    /** Everything that is in the database, as text. */
    database: () => ['strowger.db', 'strowger.db-wal'].map((name) => readFileSync(join(dir, name), 'latin1')).join(''),
    store: () => store,
    /** As after kill -9: the same disk, nothing else. */
    async reopened() {
      await store.close();
      store = await openStore({ path: join(dir, 'strowger.db') });
      return open();
    },
    async leave() {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
export type Building = Awaited<ReturnType<typeof building>>;
