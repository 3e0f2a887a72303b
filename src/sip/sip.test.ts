import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret, type Config } from '../config/index.js';
import { answerChallenge } from './digest/client.js';
import { connectEdge, type Edge } from './link.js';
import { createSip, type Sip } from './sip.js';
import { configOf, house, type House } from './testing/house.js';
import { sipServer, type FakeServer } from './testing/sip-server.js';

const yaml = 'trunks: [{ name: t, peers: [203.0.113.0/24], hosts: [{ uri: "sip:127.0.0.9" }], health: { interval_seconds: 0 }, numbers: { "+861": { entry: "4000" } }, outbound: [{ pattern: "+86x." }] }]';
let h: House;
let server: FakeServer;
let edge: Edge;
let sip: Sip;
let config: Config;
const calls: string[] = [];

beforeEach(async () => {
  calls.length = 0;
  h = await house();
  config = configOf({ 'trunks.yaml': yaml });
  server = await sipServer();
  edge = connectEdge({ host: '127.0.0.1', port: server.port, secret: new Secret('right'), log: h.log });
  sip = createSip({ edge, store: h.store, events: h.events, config: () => config, realm: 'strowger', entries: () => ['4000'], log: h.log, random: () => 0 });
  sip.start((_req, res, caller, dialled) => {
    calls.push(`${caller.kind === 'trunk' ? caller.trunk.name : caller.extension.number} ${dialled}`);
    res.send(486);
  });
  await server.until(/\|route\|invite/);
});
afterEach(async () => {
  sip.close();
  edge.close();
  await server.close();
});
const answered = (status: number): Promise<string> => server.until(new RegExp(`SIP/2.0 ${status} `));

it('challenges a stranger with a line for each algorithm, and lets him in when he can answer', async () => {
  server.deliver('INVITE');
  const challenge = [...(await answered(401)).matchAll(/www-authenticate: (.*)/gi)].map((m) => m[1]?.trim() ?? '');
  expect(challenge).toHaveLength(2);
  const auth = answerChallenge({ status: 401, get: () => challenge.join(', ') }, { method: 'INVITE', uri: 'sip:4000@us' }, { username: '1001', password: new Secret('pw') });
  server.deliver('INVITE', { Authorization: auth?.value ?? '', 'Call-ID': 'in2', CSeq: '2 INVITE' });
  await answered(486);
  expect(calls).toEqual(['1001 4000']);
});

it('takes a trunk by its address', async () => {
  server.deliver('INVITE', { From: '<sip:+8613900000000@carrier>;tag=9' }, '203.0.113.50');
  await answered(486);
  expect(calls).toEqual(['t 4000']);
});

it('tells a re-INVITE and a BYE of a call nobody knows so', async () => {
  server.deliver('INVITE', { To: '<sip:4000@x>;tag=old' });
  await answered(481);
  server.received.length = 0;
  server.deliver('BYE', { To: '<sip:4000@x>;tag=old' });
  await answered(481);
  expect(calls).toEqual([]);
});

it('answers OPTIONS of a trunk, and gives a stranger nothing', async () => {
  server.deliver('OPTIONS', {}, '203.0.113.50');
  await answered(200);
  server.deliver('OPTIONS', {}, '192.0.2.200');
  await answered(403);
});

it('refuses what it does not do', async () => {
  server.deliver('SUBSCRIBE');
  expect(await answered(405)).toMatch(/allow: INVITE/i);
});

describe('numbers', () => {
  it('lead somewhere for the caller', () => {
    const extension = config.extensions[0];
    if (!extension) throw new Error('no extension');
    expect(sip.resolve('4000', { kind: 'extension', extension }).resolution).toMatchObject({ to: 'entry', number: '4000' });
    expect(sip.outboundFor('13800138000')).toMatchObject([{ trunk: 't', uri: 'sip:+8613800138000@127.0.0.9' }]);
    expect(sip.outboundFor('+442079460958')).toEqual([]);
    expect(h.lines).toContain('a flow may not call this number');
  });
  it('follow a new configuration', () => {
    config = configOf({ 'trunks.yaml': 'trunks: []' });
    sip.apply();
    expect([sip.trunks.list(), sip.outboundFor('13800138000')]).toEqual([[], []]);
  });
});
