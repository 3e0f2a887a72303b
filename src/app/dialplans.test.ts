import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queueForm, toQueue, type Config } from '../config/index.js';
import type { Dialplans } from '../ivr/index.js';
import { dialplanDoor, knownTo, openDialplans } from './dialplans.js';
import type { Ground } from './rooms.js';

let folder: string;
let opened: Dialplans | undefined;
const published: string[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'strowger-dialplans-'))));
afterEach(() => {
  opened?.close();
  rmSync(folder, { recursive: true });
  published.length = 0;
});

const config = (...queues: object[]): Config =>
  ({ queues: queues.map((q) => toQueue(queueForm.parse(q))), extensions: [{ number: '1001' }], trunks: [{ name: 'carrier-a' }], tickets: { types: [] } }) as unknown as Config;
function open(now: Config, text: string): { readonly ground: Ground; readonly dialplans: Dialplans } {
  writeFileSync(join(folder, 'main.yaml'), text);
  const log = { error: () => undefined, warn: () => undefined };
  const ground = { settings: { folders: { dialplans: folder } }, live: { now: () => now }, objects: { now: () => ({ calendars: new Map() }) }, events: { publish: (type: string) => void published.push(type) }, log } as unknown as Ground;
  opened = openDialplans(ground);
  return { ground, dialplans: opened };
}
const waiting = 'version: 1\nentries: [{ number: "4000", flow: main }]\nflows:\n  main: [{ queue: { name: support } }, { hang_up: {} }]\n  night: [{ hang_up: {} }]\n';

describe('dialplans and queues', () => {
  it('know each other: queues, phones, and the flows to which queues send callers', () => {
    expect(knownTo(config({ name: 'support', on: { closed: { flow: 'night' } } }))).toMatchObject({ queues: ['support'], extensions: ['1001'], trunks: ['carrier-a'], queueFlows: { support: ['night'] } });
  });

  it('a dialplan that names a queue which is not there is refused, and that is published', () => {
    const { dialplans } = open(config({ name: 'sales' }), waiting);
    expect(dialplans.faults().map((f) => f.code)).toContain('dialplan.missing_queue');
    expect(published).toEqual(['dialplan.refused', 'dialplan.loaded']);
  });

  it('what would be wrong with the dialplans is found before the queues are changed', () => {
    const { ground, dialplans } = open(config({ name: 'support', on: { closed: { flow: 'night' } } }), waiting);
    const door = dialplanDoor(ground, () => dialplans);
    expect(published).toEqual(['dialplan.loaded']);
    expect([...door.flows()].sort()).toEqual(['main', 'night']);
    expect(door.faults({ queues: ['support'], queueFlows: { support: ['night'] } })).toEqual([]);
    expect(door.faults({ queues: ['sales'], queueFlows: {} }).map((f) => f.code)).toEqual(['dialplan.missing_queue']);
    expect(door.faults({ queues: ['support'], queueFlows: { support: ['holiday'] } }).map((f) => f.code)).toEqual(['dialplan.missing_queue_flow']);
    expect(dialplans.entries()).toEqual(['4000']);
  });
});
