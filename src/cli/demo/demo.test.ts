import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeWav, sine } from '../../audio/index.js';
import type { Settings } from '../../config/index.js';
import { WrongUse } from '../errors.js';
import { terminal } from '../terminal.fixture.js';
import { DemoFailed } from './failed.js';
import type { Outcome } from './scenario.js';

const startSupervisor = vi.hoisted(() => vi.fn());
const play = vi.hoisted(() => vi.fn());
vi.mock('../../supervisor/index.js', () => ({ startSupervisor }));
vi.mock('./scenario.js', () => ({ play, CALLER_HZ: 600, AGENT_HZ: 1_000 }));
vi.mock('./follow.js', () => ({ follow: () => Promise.resolve(), lineOf: () => '' }));
const { demo } = await import('./index.js');

const [caller, agent] = [sine(600, 3_000, 8_000), sine(1_000, 3_000, 8_000)];
const outcome = (over: Partial<Outcome> = {}): Outcome => ({
  call: { id: 'call_1', state: 'ended', cause: 'completed', queue: 'support', agent: '1001', timeline: [] },
  wav: encodeWav({ rateHz: 8_000, channels: [caller, agent] }), agentHears: true, callerHears: true, ...over,
});
const stop = vi.fn(() => Promise.resolve());
const folders: string[] = [];
beforeEach(() => {
  stop.mockClear();
  startSupervisor.mockReset();
  startSupervisor.mockImplementation((settings: Settings) => {
    folders.push(dirname(settings.folders.data));
    return Promise.resolve({ sip: { host: '127.0.0.1', port: 5060 }, http: { host: '127.0.0.1', port: 8080 }, stop });
  });
  play.mockReset();
});
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const settingsUsed = () => startSupervisor.mock.lastCall?.[0] as Settings;

describe('a demo whose call went right', () => {
  it('exits with 0, keeps the recording, and leaves nothing else behind', async () => {
    play.mockResolvedValue(outcome());
    const { io, json } = terminal();
    expect(await demo(['--json'], io)).toBe(0);
    const { ok, recording, checks } = json() as { ok: boolean; recording: string; checks: { ok: boolean }[] };
    expect([ok, checks.every((check) => check.ok)]).toEqual([true, true]);
    expect(new Uint8Array(readFileSync(recording))).toEqual(outcome().wav);
    expect(existsSync(settingsUsed().folders.data)).toBe(false);
    expect(stop).toHaveBeenCalled();
  });

  it('draws both channels and speaks the language asked for', async () => {
    play.mockResolvedValue(outcome());
    const { io, text } = terminal();
    await demo(['--lang', 'zh-CN'], io);
    expect(text()).toMatch(/左声道，客户 │[▁-█]{6}│/);
    expect(text()).toMatch(/右声道，坐席 │[▁-█]{6}│/);
    expect(text()).toContain('全部正确');
  });
});

it.each<[what: string, wrong: Partial<Outcome>]>([
  ['the channels are exchanged', { wav: encodeWav({ rateHz: 8_000, channels: [agent, caller] }) }],
  ['one channel is silent', { wav: encodeWav({ rateHz: 8_000, channels: [caller, new Int16Array(24_000)] }) }],
  ['the agent heard nothing', { agentHears: false }],
  ['the caller heard nothing', { callerHears: false }],
  ['the call has another cause', { call: { ...outcome().call, cause: 'media_lost' } }],
])('exits with 1 when %s, and names the log', async (_, wrong) => {
  play.mockResolvedValue(outcome(wrong));
  const { io, err, text } = terminal();
  expect(await demo([], io)).toBe(1);
  expect(text()).toContain('✗');
  expect(err.join()).toContain('log.jsonl');
});

it('ends what it started when the call comes to nothing', async () => {
  play.mockRejectedValue(new DemoFailed('calling 4000: 503 Service Unavailable'));
  await expect(demo([], terminal().io)).rejects.toThrow('calling 4000: 503');
  expect(stop).toHaveBeenCalled();
});

it('is not swayed by what is set for the real thing', async () => {
  play.mockResolvedValue(outcome());
  await demo(['--json'], terminal({ env: { STROWGER_DATA: '/var/lib/strowger', STROWGER_DRACHTIO: 'sip.example:9022:x', STROWGER_SIP_PORT: '5060', PATH: '/bin' } }).io);
  const { folders, drachtio, sip, http } = settingsUsed();
  expect(folders.data).not.toContain('/var/lib/strowger');
  expect([drachtio, sip, http]).toEqual([undefined, { host: '127.0.0.1', port: 0 }, { host: '127.0.0.1', port: 0 }]);
});

it('refuses a language it does not speak', async () => expect(demo(['--lang', 'fr'], terminal().io)).rejects.toThrow(WrongUse));
