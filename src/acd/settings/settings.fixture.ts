import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, Secret, type Config } from '../../config/index.js';
import { openStore, type Store } from '../../store/index.js';
import type { AcdSetup, Preview } from '../engine/index.js';
import type { DialplanDoor } from './ports.js';
import { createAcdSettings } from './service.js';

export const quiet: Preview = { waiting: 0, gaining: { contacts: 0, agents: 0 }, losing: { contacts: 0, agents: 0 }, stranded: 0, dismissed: 0, moved: 0 };

/** Files, a database and a clock in the test's hand, and a queue room that only notes what it is told. */
export async function office(files: Record<string, string> = {}, start = '2026-11-20T02:00:00Z', dialplans?: DialplanDoor) {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-settings-'));
  const write = (some: Record<string, string>): void => Object.entries(some).forEach(([name, text]) => writeFileSync(join(dir, name), text));
  write({ 'system.yaml': 'time_zone: Asia/Shanghai\n', ...files });
  const read = (): Config => loadConfig(dir, { demo: { agents: 2, phones: 0, password: new Secret('x') } });
  const store = await openStore({ path: join(dir, 'strowger.db') });
  const opened: Store[] = [store];
  const clock = manualClock(Date.parse(start));
  const configured: AcdSetup[] = [];
  const facts: string[] = [];
  const errors: string[] = [];
  const open = (on: Store = store) =>
    createAcdSettings({
      config: read(), store: on, clock, read,
      acd: () => ({ configure: (setup) => void configured.push(setup), preview: (setup) => ({ ...quiet, waiting: setup.queues.length }) }),
      events: { publish: (type, subject, data) => (facts.push(`${type} ${subject} ${JSON.stringify(data)}`), undefined as never) },
      log: { info: () => undefined, error: (_about, message) => void errors.push(message) },
      ...(dialplans ? { dialplans: () => dialplans } : {}),
    });
  return {
    open, write, clock, configured, facts, errors,
    /** As after a restart: the same disk, nothing else. */
    async reopen() {
      const again = await openStore({ path: join(dir, 'strowger.db') });
      opened.push(again);
      return open(again);
    },
    async leave() {
      await Promise.all(opened.map((s) => s.close()));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
export type Office = Awaited<ReturnType<typeof office>>;

/** Time stands still until it is told to pass; then what was armed happens in order. */
function manualClock(start: number) {
  let now = start;
  let armed: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => now - start,
    wall: () => now,
    after(ms: number, run: () => void) {
      const timer = { at: now + ms, run };
      armed.push(timer);
      return () => void (armed = armed.filter((t) => t !== timer));
    },
    armed: () => armed.length,
    to(iso: string): void {
      for (;;) {
        const [next] = armed.filter((t) => t.at <= Date.parse(iso)).sort((a, b) => a.at - b.at);
        if (!next) break;
        armed = armed.filter((t) => t !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = Date.parse(iso);
    },
  };
}
