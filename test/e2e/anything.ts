import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attack, type AttackOptions } from '../kit/openapi/attack.js';
import { askEachOnce } from './each-once.js';
import { furnish } from './furnished.js';
import { NEVER } from './right-bodies.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';

/** One of each kind that chance hardly ever makes, also after all has been removed. No name in here leads anywhere. */
const EXIST: readonly (readonly [path: string, body: object])[] = [
  ['/v1/customers', { name: '张伟' }], ['/v1/tickets', { type: 'question', subject: 'Where is it?' }], ['/v1/keys', { name: 'site', permissions: { 'queues.read': 'all' } }],
  ['/v1/webhooks', { url: 'http://127.0.0.9:9/hook', types: ['call.*'] }], ['/v1/users', { login: 'lin', name: 'Lin', roles: ['agent'] }], ['/v1/teams', { name: 'Night' }],
  ['/v1/trunks', { name: 'carrier', peers: ['127.0.0.9/32'], hosts: [{ uri: 'sip:127.0.0.9:9' }] }], ['/v1/routes', { trunk: 'carrier', pattern: '+86x.' }], ['/v1/numbers', { trunk: 'carrier', number: '+8675512340000', entry: '4000' }],
  ['/v1/calendars', { name: 'shop', weekly: { 'mon-fri': '09:00-18:00' } }], ['/v1/alert-rules', { name: 'crowded', figure: 'waiting', above: 50 }], ['/v1/queues', { name: 'billing' }], ['/v1/roles', { names: { 'zh-CN': '文员', en: 'Clerk' }, permissions: { 'calls.read': 'own' } }],
];

/** Asks the built program everything that its document says can be asked, rightly and wrongly. STROWGER_TEST_SEED says how. */
export function asksAnything({ seed, ...how }: AttackOptions): void {
  const config = mkdtempSync(join(tmpdir(), 'strowger-anything-'));
  let house: Strowger;
  beforeAll(async () => {
    cpSync(new URL('../../config', import.meta.url), config, { recursive: true });
    writeFileSync(join(config, 'system.yaml'), 'api: { requests_per_second: 100000, burst: 100000 }\n');
    house = await startStrowger({ config, agents: 3, phones: 3, env: { STROWGER_ALLOW_HOSTS: '127.0.0.9' } });
  });
  afterAll(async () => {
    await house.stop();
    rmSync(config, { recursive: true });
  });

  it('whatever is asked, every reply is one that the document promises', async () => {
    const pid = house.pid('app');
    // First everything once as it should be, of things that are there; what is refused stands in the list with its reason, and nothing else stands there.
    const furnished = await furnish(house, { login: 'mei', agent: '1002' });
    const once = await askEachOnce(house, furnished);
    await furnished.visitor.close();
    console.log(`${once.operations.length - once.refused.size} of ${once.operations.length} operations succeeded at the first go`);
    expect(once.faults).toEqual([]);
    expect([...once.refused].filter(([name]) => !(name in NEVER)), 'neither answered with success nor listed').toEqual([]);
    expect(Object.keys(NEVER).filter((name) => !once.refused.has(name)), 'listed, though it succeeds').toEqual([]);
    for (const [path, body] of EXIST) expect([path, [201, 409]]).toEqual([path, expect.arrayContaining([(await house.api(path, { method: 'POST', body: JSON.stringify(body) })).status])]);
    const { requests, operations, answered, faults, succeeded } = await attack(house, { seed, ...how });
    console.log(`seed ${seed}: ${requests} requests to ${operations} operations, ${succeeded.size} of them succeeded at least once; ${[...answered].sort().map(([status, n]) => `${status}: ${n}`).join(', ')}`);
    expect(faults, `seed ${seed}`).toEqual([]);
    expect(house.output().split('\n').filter((line) => line.includes('a request failed by our fault'))).toEqual([]);
    // Chance makes enough right requests, too.
    expect([requests > operations, succeeded.size > 40]).toEqual([true, true]);
    expect([house.pid('app'), (await fetch(`${house.base}/healthz`)).status]).toEqual([pid, 200]);
  }, how.ms + 300_000); // the first round asks everything, also on a busy machine
}
