import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, secretLookup, type Config } from '../config/index.js';
import { createEvents, type Events } from '../events/index.js';
import { createLive, type Live } from '../insight/index.js';
import { createObjects, ObjectsRefused, openSecrets, secretFileIn, type Objects } from '../objects/index.js';
import { openStore, type Store } from '../store/index.js';
import { objectRules, objectsFollowers } from './objects.js';

const FILE = 'alerts:\n  - { name: of-file, figure: waiting, queue: nights, above: 10 }\n';
const me = { by: 'api:admin' };
const crowded = { name: 'crowded', figure: 'waiting', queue: 'support', above: 0 };
let [dir, store, events, objects, live] = ['', {} as Store, {} as Events, {} as Objects, {} as Live];
let [waiting, queues, pass] = [0, ['support'], (): void => undefined];

/** Files, a database, the objects of the API and the live figures, as the application joins them. */
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strowger-alerts-'));
  writeFileSync(join(dir, 'alerts.yaml'), FILE);
  [waiting, queues] = [0, ['support']];
  const log = { warn: () => undefined, error: () => undefined };
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log });
  let config: Config = loadConfig(dir);
  const settings = { wouldKnow: () => undefined, config: () => ({ queues: queues.map((name) => ({ name })) }) };
  const follow = objectsFollowers({ queues: { settings, adopt: (next) => void (config = next), tellDialplans: () => undefined }, dialplans: () => { throw new Error('no dialplan is asked about alerts'); }, say: () => undefined });
  objects = createObjects({
    files: config, fileCalendars: () => new Map(), rules: objectRules, store, events, log, realm: 'strowger', secrets: openSecrets(secretFileIn(dir)), lookup: () => secretLookup(dir, {}),
    wouldTake: (next, changed) => follow.wouldTake(next, changed), onChanged: (laid, changed) => follow.onChanged(laid, changed),
  });
  live = createLive({
    store, events, log, zone: () => 'UTC', alerts: () => config.alerts, queues: () => queues.map((id) => ({ id, name: id, waiting, longestWaitMs: 0, agents: {}, handled: {} })),
    every: (run) => (pass = run, () => undefined),
  });
});
afterEach(async () => {
  live.close();
  await store.close();
  rmSync(dir, { recursive: true });
});
const told = (): unknown[] => events.of('queue:support').map(({ type, data }) => [type, (data as { why?: string }).why]);
const faults = (work: () => unknown): unknown => {
  try {
    work();
    return 'taken';
  } catch (error) {
    if (!(error instanceof ObjectsRefused)) throw error;
    return error.faults.map(({ pointer, message, hint }) => [pointer, message, hint]);
  }
};

describe('an alert of the API', () => {
  it('is judged from the next second on; changed or removed while it is raised, it is cleared', () => {
    waiting = 3;
    pass();
    expect(live.alerts()).toEqual([]);
    objects.create('alert', crowded, me);
    pass();
    expect(live.alerts()).toMatchObject([{ alert: 'crowded', queue: 'support', threshold: 0, value: 3 }]);
    objects.patch('alert', 'crowded', { above: 5 }, me);
    pass();
    expect([live.alerts(), told()]).toEqual([[], [['alert.raised', undefined], ['alert.cleared', 'changed']]]);
    objects.patch('alert', 'crowded', { above: 2 }, me);
    pass();
    objects.remove('alert', 'crowded', me);
    pass();
    expect([live.alerts(), told().slice(2)]).toEqual([[], [['alert.raised', undefined], ['alert.cleared', 'changed']]]);
  });

  it('that is taken over from the files as it is stays raised', () => {
    queues.push('nights');
    waiting = 11;
    pass();
    objects.adopt('alert', 'of-file', me);
    pass();
    expect([live.alerts().map(({ alert }) => alert), events.of('queue:nights').map(({ type }) => type)]).toEqual([['of-file'], ['alert.raised']]);
  });

  it('names a queue that is there, of the files or of the API', () => {
    expect(faults(() => objects.create('alert', { ...crowded, queue: 'suport' }, me))).toEqual([['/alert-rules/crowded/queue', 'there is no queue "suport"', 'did you mean "support"?']]);
    expect(faults(() => objects.create('alert', { ...crowded, queue: 'x' }, me))).toEqual([['/alert-rules/crowded/queue', 'there is no queue "x"', 'GET /v1/queues lists them']]);
    expect(objects.list('alert').map(({ id }) => id)).toEqual(['of-file']);
    queues.push('returns');
    objects.create('alert', { ...crowded, queue: 'returns' }, me);
    objects.patch('alert', 'crowded', { queue: null }, me); // all of them
    expect(faults(() => objects.patch('alert', 'crowded', { queue: 'retruns' }, me))).toEqual([['/alert-rules/crowded/queue', 'there is no queue "retruns"', 'did you mean "returns"?']]);
    expect(objects.get('alert', 'crowded').form['queue']).toBe('all');
  });

  it('may be given back or removed when its queue is gone; a file may name one that is not there yet', () => {
    expect(faults(() => objects.adopt('alert', 'of-file', me))).toEqual([['/alert-rules/of-file/queue', 'there is no queue "nights"', 'GET /v1/queues lists them']]);
    queues.push('nights');
    objects.adopt('alert', 'of-file', me);
    objects.create('alert', { ...crowded, queue: 'nights' }, me);
    queues = ['support'];
    expect(objects.release('alert', 'of-file', me).owner).toBe('file');
    objects.remove('alert', 'crowded', me);
    expect(objects.list('alert').map(({ id }) => id)).toEqual(['of-file']);
  });
});
