import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, Secret, type Config } from '../../config/index.js';
import { createEvents, type Events, type Fact } from '../../events/index.js';
import { openStore, type Store } from '../../store/index.js';

/** A configuration from the text of its files, with three agents and two phones of the demo (password `pw`). */
export function configOf(files: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}): Config {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-sip-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    return loadConfig(dir, { env, demo: { agents: 3, phones: 2, password: new Secret('pw') } });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export interface House {
  readonly store: Store;
  readonly events: Events;
  /** Every fact since the house was built. */
  readonly facts: Fact[];
  readonly lines: string[];
  readonly log: { info(f: object, m: string): void; warn(f: object, m: string): void; error(f: object, m: string): void };
}
export async function house(): Promise<House> {
  const lines: string[] = [];
  const say = (_fields: object, message: string): void => void lines.push(message);
  const log = { info: say, warn: say, error: say };
  const store = await openStore({ path: ':memory:' });
  const events = createEvents({ store, log });
  const facts: Fact[] = [];
  events.subscribe('*', (f) => void facts.push(f));
  return { store, events, facts, lines, log };
}
