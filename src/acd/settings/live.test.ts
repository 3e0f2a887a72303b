import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { loadConfig, Secret } from '../../config/index.js';
import { openStore } from '../../store/index.js';
import { agentId, contactId, dovecote, memoryJournal, queueId, testClock } from '../office.fixture.js';
import { createAcd } from '../service.js';
import { createAcdSettings } from './service.js';

const leaving: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(leaving.splice(0).map((leave) => leave()));
});
const by = { by: 'api:admin' };
const support = queueId('support');

/** Settings and queue room as the application joins them; Friday, 10:00 in Shanghai. */
async function house(files: Record<string, string> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-live-'));
  for (const [name, text] of Object.entries({ 'system.yaml': 'time_zone: Asia/Shanghai\n', ...files })) writeFileSync(join(dir, name), text);
  const store = await openStore({ path: ':memory:' });
  const clock = testClock(Date.parse('2026-11-20T02:00:00Z'));
  const cote = dovecote();
  const log = { info: () => undefined, error: (about: object, message: string) => expect.fail(`${message} ${JSON.stringify(about)}`) };
  const config = loadConfig(dir, { demo: { agents: 2, phones: 0, password: new Secret('x') } });
  const settings = createAcdSettings({ config, store, clock, log, events: { publish: () => undefined as never }, acd: () => acd });
  const acd = createAcd({ setup: settings.setup(), carriers: { voice: cote.carrier }, clock, log, timeZone: 'Asia/Shanghai', journal: memoryJournal(), publish: () => false });
  acd.resume();
  settings.start();
  leaving.push(async () => {
    settings.close();
    acd.close();
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const join1 = (id: string, attributes = {}): void => {
    cote.birds.add(contactId(id));
    acd.enqueue({ id: contactId(id), queues: [support], channel: 'voice', subject: `call:${id}`, attributes });
  };
  return { settings, acd, clock, did: cote.did, join: join1, come: (...ids: string[]) => ids.forEach((id) => acd.reachable(agentId(id), true)) };
}
const language = { 'queues.yaml': 'queues: [{ name: support, announce_position_seconds: 0, rules: [{ when: { language: zh-CN }, require: { chinese: 5 } }] }]' };

it('a change is previewed, then matches those who wait at once', async () => {
  const h = await house(language);
  h.come('1001', '1002');
  for (const id of ['c1', 'c2', 'c3']) h.join(id, { language: 'zh-CN' });
  expect([h.did, h.acd.why(contactId('c1')).waitsFor]).toEqual([[], 'able_agent']);
  expect(h.settings.previewQueue(support, { rules: [] })).toMatchObject({ waiting: 3, gaining: { contacts: 3, agents: 2 }, losing: { contacts: 0 } });
  expect(h.did).toEqual([]);
  h.settings.patchQueue(support, { rules: [] }, by);
  expect(h.did).toEqual(['offer 1001←c1', 'offer 1002←c2']);
});

it('an agent who learns Chinese gets the caller who waits for it', async () => {
  const h = await house(language);
  h.come('1001', '1002');
  h.join('c1', { language: 'zh-CN' });
  h.settings.patchAgent(agentId('1002'), { skills: { chinese: 6 } }, by);
  expect(h.did).toEqual(['offer 1002←c1']);
});

it('opening hours turn newcomers away and let those who wait wait on', async () => {
  const h = await house({ 'queues.yaml': 'queues: [{ name: support, announce_position_seconds: 0, hours: { weekly: { mon-fri: "09:00-18:00" } }, on: { closed: { extension: "1001" } } }]' });
  h.clock.advance(7.99 * 3_600_000);
  h.join('before');
  h.clock.advance(60_000);
  h.join('after');
  expect([h.did, h.acd.queue(support).mode, h.acd.contacts(support).map((c) => c.id)]).toEqual([['divert after extension closed'], 'closed', ['before']]);
});

it('a set-up for emergencies sends away all who wait', async () => {
  const h = await house({
    'queues.yaml': 'queues: [{ name: support, announce_position_seconds: 0, on: { emergency: { number: "+861" } } }]', 'setups.yaml': 'setups: [{ name: alarm, queues: { support: { mode: emergency } } }]',
  });
  h.join('c1');
  h.join('c2');
  h.settings.switchSetup('alarm', true, by);
  expect(h.did).toEqual(['divert c1 number emergency', 'divert c2 number emergency']);
  h.settings.switchSetup('alarm', null, by);
  h.join('c3');
  expect(h.acd.contacts(support)).toHaveLength(1);
});

it('a queue made at run time works like any other, and lets go of its callers when it is removed', async () => {
  const h = await house();
  h.come('1001');
  h.settings.addQueue({ name: 'vip', announce_position_seconds: 0 }, by);
  h.acd.enqueue({ id: contactId('v1'), queues: [queueId('vip')], channel: 'voice', subject: 'call:v1' });
  expect(h.did).toEqual([]);
  h.settings.patchAgent(agentId('1001'), { queues: ['support', 'vip'] }, by);
  expect(h.did).toEqual(['offer 1001←v1']);
  h.settings.removeQueue(queueId('vip'), by);
  expect(h.did.slice(1)).toEqual(['withdraw 1001←v1 queue_removed', 'dismiss v1']);
  expect(h.acd.agent(agentId('1001'))).toMatchObject({ state: 'available', queues: ['support'] });
});

it('a version is gone back to for those who wait as well', async () => {
  const h = await house(language);
  h.come('1001', '1002');
  h.settings.patchQueue(support, { rules: [], skills: { chinese: 9 } }, by);
  h.join('c1');
  h.settings.restore(0, by);
  expect(h.did).toEqual(['offer 1001←c1']);
});
