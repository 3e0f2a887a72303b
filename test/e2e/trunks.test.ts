import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { createPhone, type Phone } from '../kit/phone.js';
import { freePorts } from '../kit/ports.js';
import { startSipp, type Sipp } from '../kit/sipp.js';
import { answering, call, refused, refusing, ringingForEver } from '../kit/sipp/scenarios.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { ended, newest } from './talk.js';

let strowger: Strowger;
let ports: { carrier: number; dead: number; second: number; account: number };
const running: Sipp[] = [];
const from = [['+8613900000001', '']];
const sipp = async (options: Parameters<typeof startSipp>[0]): Promise<Sipp> => {
  const one = await startSipp(options);
  running.push(one);
  return one;
};

beforeAll(async () => {
  const [carrier = 0, dead = 0, second = 0, account = 0] = await freePorts(4);
  ports = { carrier, dead, second, account };
  const config = mkdtempSync(join(tmpdir(), 'strowger-config-'));
  writeFileSync(join(config, 'trunks.yaml'), `
trunks:
  - name: carrier-a
    peers: [127.0.0.1/32]
    hosts:
      - { uri: "sip:127.0.0.1:${dead}", priority: 1 }
      - { uri: "sip:127.0.0.1:${second}", priority: 2 }
    health: { interval_seconds: 0 }
    numbers: { "+867551234xxxx": { entry: "4000" }, "+8675599990001": { extension: "1201" } }
    outbound: [ { pattern: "+86x.", priority: 1, caller_id: "+8675512340000" } ]
    emergency: true
    max_calls: 2
  - name: carrier-b
    register: { username: me, password: "\${CARRIER_B_PASSWORD}", expires_seconds: 30, retry_seconds: 1 }
    hosts: [ { uri: "sip:127.0.0.1:${account}" } ]
    health: { interval_seconds: 1, timeout_seconds: 1, down_after: 1, up_after: 1 }
`);
  strowger = await startStrowger({ agents: 1, config, env: { CARRIER_B_PASSWORD: 'carrier-secret' } });
});
afterAll(() => strowger.stop());
beforeEach(() => onTestFailed(() => console.error(strowger.output())));
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

describe('a carrier known by its address', () => {
  it('sends a call in on a DID, and the caller hears the menu', async () => {
    const carrier = await sipp({ scenario: call({ challenge: false, talkMs: 1_500 }), target: strowger.sip, port: ports.carrier, to: '+8675512345678', calls: 1, rows: from });
    const result = await carrier.result;
    expect([result.succeeded, result.failed, result.errors]).toEqual([1, 0, '']);
    const { body } = await strowger.api<{ items: { id: string; direction: string; to: string }[] }>('/v1/calls?direction=inbound');
    expect(body.items.map((c) => c.to)).toEqual(['+8675512345678']);
    expect((await ended(strowger, body.items[0]!.id)).cause).toBe('completed');
  });

  it('reaches the extension a DID leads to', async () => {
    const phone = await strowger.phone('1201');
    const carrier = await sipp({ scenario: call({ challenge: false, talkMs: 500 }), target: strowger.sip, port: ports.carrier, to: '+8675599990001', calls: 1, rows: from });
    const offered = await phone.nextCall(20_000);
    offered.ring();
    offered.answer();
    expect((await carrier.result).succeeded).toBe(1);
    expect((await offered.ended(5_000)).by).toBe('them');
    await phone.close();
  });

  it('is told 404 for a number that is none of ours', async () => {
    const carrier = await sipp({ scenario: refused(404), target: strowger.sip, port: ports.carrier, to: '+8610555', calls: 1, rows: from });
    expect((await carrier.result).succeeded).toBe(1);
  });
});

describe('a call out', () => {
  let phone: Phone;
  beforeEach(async () => void (phone = await strowger.phone('1202')));
  afterEach(() => phone.close());

  it('leaves by the second host within 4 s when the first is dead, with the trunk\'s caller ID', async () => {
    const carrier = await sipp({ scenario: answering({ ringMs: 200 }), port: ports.second, calls: 1 });
    const out = await phone.call('+8613800138000');
    await out.ringing(4_000);
    await out.answered(5_000);
    expect(await out.bye()).toBe(200);
    expect((await carrier.result).succeeded).toBe(1);
    const cdr = await ended(strowger, (await newest(strowger, '1202')).id);
    expect([cdr.direction, cdr.cause]).toEqual(['outbound', 'completed']);
    const attempts = cdr.timeline.filter((t) => t.type === 'trunk.attempt').map((t) => `${String(t.data['host']).split(':').at(-1)} ${String(t.data['outcome'])}`);
    expect(attempts).toEqual([`${ports.dead} tried`, `${ports.dead} next`, `${ports.second} tried`, `${ports.second} answered`]);
  });

  it('is busy when the person called is, and does not ask another host', async () => {
    const carrier = await sipp({ scenario: refusing(486), port: ports.second, calls: 1 });
    const out = await phone.call('+8613800138001');
    expect((await out.ended(8_000)).status).toBe(486);
    await carrier.result;
    expect((await ended(strowger, (await newest(strowger, '1202')).id)).cause).toBe('busy');
  });

  it('is cancelled at the carrier when the caller cancels', async () => {
    const carrier = await sipp({ scenario: ringingForEver(), port: ports.second, calls: 1 });
    const out = await phone.call('+8613800138002');
    await out.ringing(5_000);
    out.cancel();
    expect((await out.ended(5_000)).status).toBe(487);
    expect((await carrier.result).succeeded).toBe(1);
    expect((await ended(strowger, (await newest(strowger, '1202')).id)).cause).toBe('cancelled');
  });

  it('abroad is refused until it is allowed', async () => {
    const out = await phone.call('+442071838750');
    expect((await out.ended(3_000)).status).toBe(403);
  });

  it('to an emergency number passes', async () => {
    const carrier = await sipp({ scenario: answering({}), port: ports.second, calls: 1 });
    const out = await phone.call('110');
    await out.answered(8_000);
    expect(await out.bye()).toBe(200);
    expect((await carrier.result).succeeded).toBe(1);
  });
});

describe('a trunk that registers', () => {
  /** A carrier that answers 200 to whatever is no call: OPTIONS and REGISTER. */
  const carrier = (): Promise<Phone> => createPhone({ server: strowger.sip, user: 'carrier', port: ports.account });
  const registers = (phone: Phone): number => phone.log.filter((m) => m.kind === 'request' && m.method === 'REGISTER').length;
  const health = (of: string): Promise<unknown> =>
    strowger.when<{ items: { name: string; health: string; registered: boolean | null }[] }>('/v1/trunks', 20_000, (b) => b.items.some((t) => t.name === 'carrier-b' && t.health === of && t.registered === (of === 'up')));

  it('registers, and again after its registrar restarted', async () => {
    const first = await carrier();
    await health('up');
    expect(registers(first)).toBeGreaterThan(0);
    await first.close();
    await strowger.when<{ items: { name: string; health: string }[] }>('/v1/trunks', 20_000, (b) => b.items.some((t) => t.name === 'carrier-b' && t.health === 'down'));
    const second = await carrier();
    await health('up');
    await expect.poll(() => registers(second), { timeout: 20_000 }).toBeGreaterThan(0);
    await second.close();
  });
});

describe('a stranger', () => {
  it('gets no further than a challenge, whatever he dials', async () => {
    const stranger = await createPhone({ server: strowger.sip, user: 'mallory', address: '127.0.0.2' });
    for (const number of ['4000', '1001', '+8613800138000']) {
      const out = await stranger.call(number);
      expect([401, 403, 407]).toContain((await out.ended(5_000)).status);
    }
    await stranger.close();
    const { body } = await strowger.api<{ items: { from: string }[] }>('/v1/calls?limit=100');
    expect(body.items.filter((c) => c.from === 'mallory')).toEqual([]);
  });
});
