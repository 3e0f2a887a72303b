import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { createPhone, type Phone } from '../kit/phone.js';
import { freePorts } from '../kit/ports.js';
import { startSipp, type Sipp } from '../kit/sipp.js';
import { call } from '../kit/sipp/scenarios.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { folder } from './house.js';

interface Shown { readonly owner: string; readonly version: number | null; readonly registered?: boolean | null; readonly health?: string; readonly settings: Record<string, unknown> }
let strowger: Strowger;
let config: string;
let ports: { carrier: number; account: number; other: number };
const open: (Phone | Sipp)[] = [];
const keep = <T extends Phone | Sipp>(one: T): T => (open.push(one), one);

beforeAll(async () => {
  const [carrier = 0, account = 0, other = 0] = await freePorts(3);
  ports = { carrier, account, other };
  config = folder({ 'trunks.yaml': 'trunks: []\n', 'secrets.env': 'OF_FILE=of-the-file\n' });
  strowger = await startStrowger({ agents: 1, config });
});
afterAll(() => strowger.stop());
beforeEach(() => onTestFailed(() => console.error(strowger.output())));
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => ('stop' in one ? one.stop() : one.close())));
});

const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = { 'if-match': '*' }): Promise<{ status: number; body: Shown & { code?: string }; etag: string }> => {
  const response = await strowger.raw(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Shown, etag: response.headers.get('etag') ?? '' };
};
/** Answers 200 to whatever is no call, and takes calls. */
const carrierAt = async (port: number): Promise<Phone> => keep(await createPhone({ server: strowger.sip, user: 'carrier', port }));
const expiries = (phone: Phone): (string | undefined)[] => phone.log.flatMap((m) => (m.kind === 'request' && m.method === 'REGISTER' ? [m.headers.find(([name]) => name.toLowerCase() === 'expires')?.[1]] : []));
const trunk = () => ({
  name: 'carrier-x', peers: ['127.0.0.1/32'], register: { username: 'me', password: 'told-by-api', expires_seconds: 300 },
  hosts: [{ uri: `sip:127.0.0.1:${ports.account}` }], health: { interval_seconds: 1, timeout_seconds: 1 },
});

describe('a trunk that is made by API while a call is up', () => {
  it('registers, brings a call in on a new number, takes one out, and says goodbye when it is removed; the call goes on', async () => {
    const [near, far, carrier] = [keep(await strowger.phone('1201')), keep(await strowger.phone('1202')), await carrierAt(ports.account)];
    const talk = await near.call('1202');
    (await far.nextCall()).answer();
    await talk.answered();

    const made = await send('POST', '/v1/trunks', trunk());
    expect([made.status, made.body.owner, JSON.stringify(made.body).includes('told-by-api')]).toEqual([201, 'api', false]);
    await strowger.when<Shown>('/v1/trunks/carrier-x', 20_000, (t) => t.registered === true && t.health === 'up');
    expect(expiries(carrier)[0]).toBe('300');
    const number = await send('POST', '/v1/numbers', { trunk: 'carrier-x', number: '+8675588880001', extension: '1001' });
    expect([number.status, (await send('POST', '/v1/routes', { trunk: 'carrier-x', pattern: '+86x.' })).status]).toEqual([201, 201]);

    const agent = keep(await strowger.phone('1001'));
    const sipp = keep(await startSipp({ scenario: call({ challenge: false, talkMs: 300 }), target: strowger.sip, port: ports.carrier, to: '+8675588880001', calls: 1, rows: [['+8613900000001', '']] }));
    (await agent.nextCall(20_000)).answer();
    expect((await sipp.result).succeeded).toBe(1);

    const out = await agent.call('+8613800138000');
    const arrived = await carrier.nextCall(10_000);
    arrived.answer();
    await out.answered(5_000);
    expect(await out.bye()).toBe(200);

    expect((await send('DELETE', '/v1/trunks/carrier-x')).status).toBe(422); // its number and route refer to it
    for (const path of ['/v1/numbers/carrier-x:+8675588880001', '/v1/routes/carrier-x:+86x.', '/v1/trunks/carrier-x']) expect((await send('DELETE', path)).status).toBe(204);
    await expect.poll(() => expiries(carrier).at(-1), { timeout: 5_000 }).toBe('0');
    expect((await send('GET', '/v1/trunks/carrier-x')).status).toBe(404);
    expect(await talk.bye()).toBe(200);
  });
});

describe('an extension that is made by API', () => {
  it('registers at once with its password; removed, nobody is registered there any more', async () => {
    expect((await send('POST', '/v1/extensions', { number: '2001', password: 'open-sesame' })).status).toBe(201);
    const phone = keep(await createPhone({ user: '2001', password: 'open-sesame', server: strowger.sip, domain: '127.0.0.1' }));
    await phone.register();
    const caller = keep(await strowger.phone('1203'));
    const out = await caller.call('2001');
    (await phone.nextCall()).answer();
    await out.answered();
    expect((await send('DELETE', '/v1/extensions/2001')).status).toBe(204);
    expect(await out.bye()).toBe(200); // the conversation was not touched
    await expect(phone.register()).rejects.toThrow();
    expect((await (await caller.call('2001')).ended(5_000)).status).toBe(404);
  });
});

describe('twenty who change the same', () => {
  it('for the same state: one wins, and what he wrote outlives kill -9', async () => {
    const { etag } = await send('POST', '/v1/trunks', { ...trunk(), name: 'raced', register: undefined });
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => send('PATCH', '/v1/trunks/raced', { max_calls: i + 1 }, { 'if-match': etag })));
    expect([all.filter((r) => r.status === 200).length, all.filter((r) => r.status === 412).length]).toEqual([1, 19]);
    const won = all.find((r) => r.status === 200)?.body.settings['max_calls'];
    const before = strowger.pid('app');
    strowger.kill('app');
    await expect.poll(() => strowger.pid('app'), { timeout: 20_000 }).not.toBe(before);
    const again = await strowger.when<Shown>('/v1/trunks/raced', 20_000, (t) => t.owner === 'api');
    expect(again.settings['max_calls']).toBe(won);
    expect((await send('DELETE', '/v1/trunks/raced')).status).toBe(204);
  });
});

describe('a trunk of the files', () => {
  it('is there after a reload without a restart, and refuses changes until it is adopted', async () => {
    const carrier = await carrierAt(ports.other);
    writeFileSync(join(config, 'trunks.yaml'), `trunks:\n  - name: of-file\n    register: { username: us, password: "\${OF_FILE}", expires_seconds: 60 }\n    hosts: [ { uri: "sip:127.0.0.1:${ports.other}" } ]\n`);
    expect((await send('POST', '/v1/config/reload', undefined, {})).status).toBe(200);
    await strowger.when<Shown>('/v1/trunks/of-file', 20_000, (t) => t.owner === 'file' && t.registered === true);
    expect((await send('PATCH', '/v1/trunks/of-file', { max_calls: 1 })).body.code).toBe('objects.owned_by_file');
    expect((await send('POST', '/v1/trunks/of-file/adopt')).body.owner).toBe('api');
    expect((await send('PATCH', '/v1/trunks/of-file', { max_calls: 1 })).status).toBe(200);
    expect((await send('POST', '/v1/trunks/of-file/release')).body).toMatchObject({ owner: 'file', version: null });
    writeFileSync(join(config, 'trunks.yaml'), 'trunks: []\n');
    expect((await send('POST', '/v1/config/reload', undefined, {})).status).toBe(200);
    await expect.poll(() => expiries(carrier).at(-1), { timeout: 5_000 }).toBe('0');
  });
});
