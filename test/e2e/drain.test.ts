import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { alive } from '../kit/processes.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { talking } from './talk.js';

let strowger: Strowger;
beforeEach(() => onTestFailed(() => console.error(strowger.output())));

const withDrain = (seconds: number): string => {
  const config = mkdtempSync(join(tmpdir(), 'strowger-config-'));
  writeFileSync(join(config, 'system.yaml'), `drain_seconds: ${seconds}\n`);
  return config;
};

describe('SIGTERM', () => {
  it('lets calls in progress go on, refuses new ones with Retry-After, and ends when the last one has', async () => {
    strowger = await startStrowger({ agents: 1, config: withDrain(60) });
    const { caller, agent } = await talking(strowger);
    const late = await strowger.phone('1202');
    const pid = strowger.kill('supervisor', 'SIGTERM');
    await until('the drain', 5_000, async () => (await strowger.raw('/healthz')).status === 503);
    const refused = await late.call('4000');
    const end = await refused.ended(5_000);
    expect([end.status, end.headers.some(([name]) => name.toLowerCase() === 'retry-after')]).toEqual([503, true]);
    caller.media.reset();
    agent.media.reset();
    await Promise.all([caller.media.heard(660, 5_000), agent.media.heard(440, 5_000)]);
    expect(await caller.bye()).toBe(200);
    await until('the end of all', 10_000, () => !alive(pid));
    await strowger.stop();
  });

  it('ends calls politely when the limit is reached', async () => {
    strowger = await startStrowger({ agents: 1, config: withDrain(1) });
    const { caller, agent } = await talking(strowger);
    const pid = strowger.kill('supervisor', 'SIGTERM');
    const ends = await Promise.all([caller.ended(5_000), agent.ended(5_000)]);
    expect(ends.map((e) => e.by)).toEqual(['them', 'them']);
    await until('the end of all', 10_000, () => !alive(pid));
    await strowger.stop();
  });
});
