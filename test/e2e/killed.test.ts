import { afterEach, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { readWav } from '../kit/listen.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { talking } from './talk.js';

type CallView = { id: string; state: string; cause: string | null };

let strowger: Strowger;
beforeEach(async () => {
  strowger = await startStrowger({ agents: 1 });
  onTestFailed(() => console.error(strowger.output()));
});
afterEach(() => strowger.stop());

/** The CDR is closed with this cause, and the recording opens with both tones in it. */
async function settled(id: string, cause: string): Promise<void> {
  const cdr = await strowger.when<CallView>(`/v1/calls/${id}`, 10_000, (c) => c.state === 'ended');
  expect(cdr.cause).toBe(cause);
  let response = await strowger.raw(`/v1/calls/${id}/recording`);
  await until('the recording', 5_000, async () => (response = await strowger.raw(`/v1/calls/${id}/recording`)).status === 200);
  const wav = readWav(Buffer.from(await response.arrayBuffer()));
  expect([wav.channels.length, wav.durationMs > 500]).toEqual([2, true]);
}

/** A new call gets as far as the menu. */
async function takesCalls(): Promise<void> {
  const phone = await strowger.phone('1202');
  const call = await phone.call('4000');
  await call.answered(5_000);
  await call.media.packets(10);
  expect(await call.bye()).toBe(200);
}

describe('when a process is killed in mid-call', () => {
  it('media: both parties get BYE within 3 s, cause media_lost, and calls are taken 2 s later', async () => {
    const { caller, agent, id } = await talking(strowger);
    const killed = performance.now();
    strowger.kill('media', 'SIGKILL');
    await Promise.all([caller.ended(3_000), agent.ended(3_000)]);
    await settled(id, 'media_lost');
    await until('calls to be taken again', 5_000 - (performance.now() - killed), async () => (await strowger.raw('/healthz')).status === 200);
    await takesCalls();
  });

  it('application: restarted, it ends what it cannot resume within 5 s, cause app_lost', async () => {
    const { caller, agent, id } = await talking(strowger);
    strowger.kill('app', 'SIGKILL');
    await Promise.all([caller.ended(5_000), agent.ended(5_000)]);
    await settled(id, 'app_lost');
    await takesCalls();
  });

  it('edge: media is freed, a late BYE gets 481, registrations survive, cause edge_lost', async () => {
    const { caller, id } = await talking(strowger);
    strowger.kill('edge', 'SIGKILL');
    await settled(id, 'edge_lost');
    await until('the edge to be back', 5_000, async () => (await strowger.raw('/healthz')).status === 200);
    expect(await caller.bye()).toBe(481);
    const { body } = await strowger.api<{ items: { number: string; registrations: unknown[] }[] }>('/v1/extensions');
    expect(body.items.find((e) => e.number === '1001')?.registrations.length).toBe(1);
    await takesCalls();
  });

  it('supervisor: the others end within 5 s and the next start finds its ports free', async () => {
    const { id } = await talking(strowger);
    const pids = (['edge', 'media', 'app'] as const).map((role) => strowger.pid(role));
    strowger.kill('supervisor', 'SIGKILL');
    await until('the others to end', 5_000, () => pids.every((pid) => !running(pid))).catch((error: unknown) => {
      throw new Error(`left over: ${pids.map(running).join()}`, { cause: error });
    });
    const { data, ports } = strowger;
    strowger = await startStrowger({ agents: 1, data, ports });
    await settled(id, 'app_lost');
    await takesCalls();
  });
});

function running(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
