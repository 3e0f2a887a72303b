import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigFaults, formatFault } from './faults.js';
import { loadConfig, type LoadOptions } from './load.js';
import { Secret } from './secret.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'strowger-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (files: Record<string, string>): void => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
};
const faults = (files: Record<string, string>, options: LoadOptions = {}): string[] => {
  write(files);
  try {
    loadConfig(dir, options);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    return error.faults.map((f) => formatFault(f).replace(`${dir}/`, ''));
  }
};
const demo = { agents: 2, phones: 1, password: new Secret('letmein') };

it('needs no file at all: defaults, queue support, demo extensions', () => {
  const c = loadConfig(dir, { demo });
  expect(c.queues).toMatchObject([{ name: 'support', strategy: 'longest_idle', offerMs: 15_000, wrapUpMs: 0, maxUnanswered: 2 }]);
  expect(c.extensions.map((e) => e.number)).toEqual(['1001', '1002', '1201']);
  expect(c.agents).toMatchObject([{ id: '1001', queues: [{ queue: 'support', rank: 1, ring: 1 }], capacity: { voice: 1 }, onRegister: 'available' }, { id: '1002' }]);
  expect(c.system).toMatchObject({ drainMs: 30_000, rtpTimeoutMs: 60_000, provisionalTimeoutMs: 3000, homeCountry: 'CN', maskNumbers: true, international: { allowed: false } });
  expect(c.recordings).toMatchObject({ from: 'bridge', calls: { queue: true, outbound: false }, notice: { en: 'This call is recorded.' } });
});

it('keeps HA1 for both algorithms, as RFC 7616 §3.9.1 has them, and never the password', () => {
  write({ 'extensions.yaml': 'extensions: [{ number: "12", password: "Circle of Life" }]' });
  const [extension] = loadConfig(dir, { realm: 'http-auth@example.org' }).extensions;
  expect(extension?.ha1.md5.reveal()).toHaveLength(32);
  expect(extension?.ha1.sha256.reveal()).toHaveLength(64);
  expect(inspect(extension, { depth: 5 })).not.toContain('Circle');
});

it('takes the definition of a file before that of the demo', () => {
  write({ 'extensions.yaml': 'extensions: [{ number: "1001", name: Lin, password: other }]', 'agents.yaml': 'agents: [{ id: lin, extension: "1001", queues: [support], on_register: away }]' });
  const c = loadConfig(dir, { demo });
  expect(c.extensions.find((e) => e.number === '1001')?.name).toBe('Lin');
  expect(c.agents.map((a) => a.id)).toEqual(['lin', '1002']);
});

it('reads the trunk of the documentation, its password from secrets.env', () => {
  write({
    'secrets.env': '# carrier\nCARRIER_A_PASSWORD="s3cret"\n',
    'trunks.yaml': `trunks:
  - name: carrier-a
    register: { username: me, password: "\${CARRIER_A_PASSWORD}" }
    hosts: [ { uri: "sip:sip1.carrier.example", priority: 1, weight: 10 }, { uri: "sip:sip2.carrier.example", priority: 2 } ]
    numbers: { "+867551234xxxx": { entry: "4000" } }
    outbound: [ { pattern: "+86x.", priority: 1, caller_id: "+8675512340000" } ]
    max_calls: 30
    max_cps: 5
`,
  });
  const [trunk] = loadConfig(dir).trunks;
  expect(trunk).toMatchObject({ name: 'carrier-a', maxCalls: 30, maxCps: 5, numbers: [{ pattern: '+867551234xxxx', target: { entry: '4000' } }], outbound: [{ callerId: '+8675512340000', format: 'e164' }] });
  expect(trunk?.register?.password.reveal()).toBe('s3cret');
  expect(trunk?.credentials?.username).toBe('me');
  expect(JSON.stringify(trunk)).not.toContain('s3cret');
});

it('lets the environment win over secrets.env', () => {
  write({ 'secrets.env': 'P=file', 'trunks.yaml': 'trunks: [{ name: a, register: { username: me, password: "${P}" }, hosts: [{ uri: "sip:a.example" }] }]' });
  expect(loadConfig(dir, { env: { P: 'environment' } }).trunks[0]?.register?.password.reveal()).toBe('environment');
});

it.each<[why: string, file: string, text: string, fault: string]>([
  ['an unknown key, with the one that was meant', 'queues.yaml', 'queues:\n  - name: support\n    offer_second: 10\n', 'queues.yaml:3:5 unknown key "offer_second" (did you mean "offer_seconds"?)'],
  ['an unknown key of the whole file', 'queues.yaml', 'queue: []\n', 'queues.yaml:1:1 unknown key "queue" (did you mean "queues"?)'],
  ['a strategy that is not built', 'queues.yaml', 'queues:\n  - name: s\n    strategy: random\n', 'queues.yaml:3:15 "strategy": must be one of longest_idle, least_occupied'],
  ['a duration out of range', 'queues.yaml', 'queues:\n  - { name: s, offer_seconds: 0 }\n', 'queues.yaml:2:31 "offer_seconds": too small: expected number to be >=1'],
  ['a number without quotes', 'extensions.yaml', 'extensions:\n  - number: 1001\n    password: x\n', 'extensions.yaml:2:13 "number" must be of type string (write it in quotes)'],
  ['a missing key', 'agents.yaml', 'agents:\n  - id: lin\n', 'agents.yaml:2:5 "extension" is missing (it must be of type string)'],
  ['a tab', 'queues.yaml', 'queues:\n\t- name: s\n', 'queues.yaml:2:1'],
  ['the same key twice', 'queues.yaml', 'queues: []\nqueues: []\n', 'queues.yaml:2:1 Map keys must be unique'],
  ['a plain trunk password', 'trunks.yaml', 'trunks:\n  - name: a\n    hosts: [{ uri: "sip:a.example" }]\n    register: { username: me, password: abc }\n', 'trunks.yaml:4:41 a password may not stand in this file'],
  ['a secret that is not set', 'trunks.yaml', 'trunks:\n  - name: a\n    hosts: [{ uri: "sip:a.example" }]\n    register: { username: me, password: "${NOPE}" }\n', 'trunks.yaml:4:41 ${NOPE} is not set'],
  ['a trunk that leads nowhere', 'trunks.yaml', 'trunks:\n  - name: a\n', 'trunks.yaml:2:11 trunk a has neither "hosts" nor "peers"'],
  ['a peer that is no block', 'trunks.yaml', 'trunks:\n  - { name: a, peers: [1.2.3.4/33] }\n', 'trunks.yaml:2:24 an address or block'],
  ['an outbound pattern that is none', 'trunks.yaml', 'trunks:\n  - { name: a, hosts: [{ uri: "sip:a.example" }], outbound: [{ pattern: "+86q." }] }\n', 'trunks.yaml:2:73'],
  ['a country that is none', 'system.yaml', 'home_country: China\n', 'system.yaml:1:15 a country of two capital letters'],
  ['an extension with no password', 'extensions.yaml', 'extensions:\n  - number: "1"\n', 'extensions.yaml:2:5 extension 1 needs either "password" or "ha1"'],
  ['an agent of a queue that is not there', 'agents.yaml', 'agents:\n  - { id: a, extension: "1001", queues: [suport] }\n', 'agents.yaml:2:42 there is no queue "suport" (did you mean "support"?)'],
  ['a wrong notice', 'recordings.yaml', 'recording:\n  notice: { zh: 你好 }\n', 'recordings.yaml:2:13 unknown key "zh" (did you mean "zh-CN"?)'],
])('refuses %s', (_why, file, text, fault) => {
  const found = faults({ [file]: text }, { demo });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(fault);
});

it('reports the faults of all files together', () => {
  expect(faults({ 'queues.yaml': 'x: 1', 'agents.yaml': 'y: 1', 'system.yaml': 'z: 1' })).toHaveLength(3);
});

it('points at the second of two equal names', () => {
  expect(faults({ 'queues.yaml': 'queues:\n  - name: a\n  - name: a\n' })).toEqual(['queues.yaml:3:11 name "a" is used twice']);
});

it('survives a file that is only a comment', () => {
  expect(faults({ 'queues.yaml': '# nothing yet\n', 'trunks.yaml': '' })).toEqual([]);
});

it('ships files that say exactly what is the default', () => {
  // tickets.yaml alone is an example: it works, but nobody's complaints have a reason by default.
  const shipped = { ...loadConfig(fileURLToPath(new URL('../../config', import.meta.url)), { demo }), tickets: null };
  expect(JSON.stringify(shipped)).toBe(JSON.stringify({ ...loadConfig(dir, { demo }), tickets: null }));
});

it('ships examples in comments that are right once their signs are taken away', () => {
  for (const name of ['extensions.yaml', 'agents.yaml', 'trunks.yaml', 'setups.yaml']) {
    const text = readFileSync(new URL(`../../config/${name}`, import.meta.url), 'utf8');
    write({ [name]: text.replace(/: \[\]$/m, ':').replace(/^# {2}/gm, '  ') });
  }
  const c = loadConfig(dir, { demo, env: { PHONE_2001: 'x', CARRIER_A_PASSWORD: 'y' } });
  expect([c.extensions[0]?.number, c.agents[0]?.id, c.trunks[0]?.name, c.trunks[0]?.emergency]).toEqual(['2001', 'lin', 'carrier-a', true]);
});
