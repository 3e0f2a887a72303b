import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoAgents, demoExtensions } from './demo.js';
import { ConfigFaults } from './faults.js';
import { loadConfig, type Config } from './load.js';
import { Secret } from './secret.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'strowger-schemas-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const load = (name: string, text: string): Config => {
  writeFileSync(join(dir, name), text);
  return loadConfig(dir, { env: { P: 'pw' } });
};
const refusal = (name: string, text: string): string => {
  try {
    load(name, text);
    return 'taken';
  } catch (error) {
    return error instanceof ConfigFaults ? error.faults.map((f) => `${f.code}: ${f.message}`).join('; ') : String(error);
  }
};

describe('seconds in files are milliseconds inside', () => {
  it('of queues', () => {
    expect(load('queues.yaml', 'queues: [{ name: q, offer_seconds: 2.5, wrap_up_seconds: 7, announce_position_seconds: 0, max_unanswered: 3, music: a.wav }]').queues[0]).toMatchObject({
      name: 'q', strategy: 'longest_idle', offerMs: 2500, wrapUpMs: 7000, maxUnanswered: 3, music: 'a.wav', announce: undefined,
    });
  });
  it('of the system', () => {
    const { system } = load('system.yaml', 'drain_seconds: 1\nrtp_timeout_seconds: 2\nprovisional_timeout_seconds: 0.5\nring_timeout_seconds: 3\nregistration: { min_expires_seconds: 5, max_expires_seconds: 6, nonce_seconds: 7 }\nthrottle: { window_seconds: 8, block_seconds: 9, burst: 1, requests_per_second: 2, wrong_passwords: 4 }');
    expect(system).toMatchObject({ drainMs: 1000, rtpTimeoutMs: 2000, provisionalTimeoutMs: 500, ringTimeoutMs: 3000, registration: { minExpiresMs: 5000, maxExpiresMs: 6000, nonceMs: 7000 }, throttle: { windowMs: 8000, blockMs: 9000, burst: 1, perSecond: 2, wrongPasswords: 4 } });
  });
  it('of trunks', () => {
    const [trunk] = load('trunks.yaml', 'trunks: [{ name: t, hosts: [{ uri: "sip:h" }], register: { username: u, auth_username: a, password: "${P}", expires_seconds: 60, retry_seconds: 1 }, health: { interval_seconds: 0.5, timeout_seconds: 0.2, down_after: 3, up_after: 2 } }]').trunks;
    expect(trunk).toMatchObject({ register: { username: 'u', authUsername: 'a', expiresMs: 60_000, retryMs: 1000, maxRetryMs: 60_000 }, credentials: { username: 'a' }, health: { intervalMs: 500, timeoutMs: 200, down: 3, up: 2 } });
  });
});

it('keeps a maximum that is below the minimum from refusing every phone', () => {
  expect(load('system.yaml', 'registration: { min_expires_seconds: 600, max_expires_seconds: 60 }').system.registration).toMatchObject({ minExpiresMs: 600_000, maxExpiresMs: 600_000 });
});

it('speech: one process a language and no servers, unless told', () => {
  expect(load('system.yaml', '{}').system.speech).toMatchObject({ processes: 1, servers: {} });
  expect(load('system.yaml', 'speech: { processes: 3, servers: { en: "ws://asr:2700" } }').system.speech).toMatchObject({ processes: 3, servers: { en: 'ws://asr:2700' } });
});

describe('recordings', () => {
  it('can be silent about themselves, or say it in words of one\'s own', () => {
    expect(load('recordings.yaml', 'recording: { notice: false, from: answer }').recordings).toMatchObject({ notice: undefined, from: 'answer' });
    expect(load('recordings.yaml', 'recording: { transcripts: after, transcript_language: en }').recordings).toMatchObject({ transcripts: 'after', transcriptLanguage: 'en' });
    expect(load('recordings.yaml', '{}').recordings).toMatchObject({ transcripts: 'live', transcriptLanguage: 'zh-CN' });
    expect(load('recordings.yaml', 'recording: { notice: { en: Taped. } }').recordings.notice).toEqual({ 'zh-CN': '通话将被录音。', en: 'Taped.' });
  });
});

describe('extensions', () => {
  it('take HA1 instead of a password', () => {
    const [e] = load('extensions.yaml', `extensions: [{ number: "7", ha1: { md5: "${'A'.repeat(32)}", sha256: "${'b'.repeat(64)}" } }]`).extensions;
    expect([e?.ha1.md5.reveal(), e?.name, e?.callerId, e?.mayCall]).toEqual(['a'.repeat(32), '7', undefined, { outside: true, international: true }]);
  });
  it('take a password from the environment', () => {
    expect(load('extensions.yaml', 'extensions: [{ number: "7", password: "${P}" }]').extensions).toEqual(load('extensions.yaml', 'extensions: [{ number: "7", password: pw }]').extensions);
  });
});

it.each<[file: string, text: string, fault: string]>([
  ['extensions.yaml', 'extensions: [{ number: "7", password: a, ha1: { md5: "x", sha256: "y" } }]', 'hexadecimal'],
  ['extensions.yaml', 'extensions: [{ number: "7x", password: a }]', 'digits'],
  ['extensions.yaml', 'extensions: [{ number: "7", password: a }, { number: "7", password: b }]', 'used twice'],
  ['extensions.yaml', 'extensions: [{ number: "7", password: "${NONE}" }]', 'config.missing_secret'],
  ['agents.yaml', 'agents: [{ id: "a b", extension: "1" }]', 'letters'],
  ['agents.yaml', 'agents: [{ id: a, extension: "1" }]', 'there is no extension "1"'],
  ['trunks.yaml', 'trunks: [{ name: t, hosts: [{ uri: "http://x" }] }]', 'sip:HOST'],
  ['trunks.yaml', 'trunks: [{ name: t, peers: [10.0.0.1], outbound: [{ pattern: "x." }] }]', 'has "outbound" but no "hosts"'],
  ['trunks.yaml', 'trunks: [{ name: t, peers: [10.0.0.1], emergency: true }]', 'has "emergency" but no "hosts"'],
  ['trunks.yaml', 'trunks: [{ name: t, peers: [10.0.0.1], numbers: { "1": { entry: "4000", extension: "1" } } }]', 'either an "entry" or an "extension"'],
  ['trunks.yaml', 'trunks: [{ name: t, peers: [10.0.0.1], numbers: { "1": { extension: "99" } } }]', 'there is no extension "99"'],
  ['trunks.yaml', 'trunks: [{ name: t, peers: [10.0.0.1] }, { name: t, peers: [10.0.0.2] }]', 'used twice'],
  ['trunks.yaml', 'trunks: [{ name: t, peers: [10.0.0.1], max_calls: 0 }]', 'max_calls'],
  ['system.yaml', 'log_level: loud', 'log_level'],
  ['system.yaml', 'international: { prefixes: ["44"] }', 'a prefix as +44'],
  ['recordings.yaml', 'recording: { notice: true }', 'notice'],
  ['recordings.yaml', 'recording: { from: beginning }', 'must be one of bridge, answer'],
  ['recordings.yaml', 'recording: { transcripts: sometimes }', 'must be one of live, after, off'],
  ['system.yaml', 'speech: { servers: { en: "http://host" } }', 'ws://host:2700'],
  ['system.yaml', 'speech: { processes: 0 }', 'processes'],
])('%s: %s is refused', (file, text, fault) => expect(refusal(file, text)).toContain(fault));

it('says that a file cannot be read', () => {
  mkdirSync(join(dir, 'queues.yaml'));
  expect(() => loadConfig(dir)).toThrow(/EISDIR/);
});

it('makes no more demo extensions than allowed, and numbers that never meet', () => {
  const demo = { agents: 999, phones: 999, password: new Secret('x') };
  const numbers = demoExtensions(demo, 'r').map((e) => e.number);
  expect([numbers.length, new Set(numbers).size, numbers[0], numbers[199], numbers[200], numbers[399]]).toEqual([400, 400, '1001', '1200', '1201', '1400']);
  expect(demoAgents({ ...demo, agents: -1 })).toEqual([]);
});
