import type { Call } from '../kit/phone.js';
import type { Strowger } from '../kit/strowger.js';

export type CallView = {
  id: string; direction: string; from: string; to: string; queue: string | null; agent: string | null; state: string; cause: string | null;
  started_at: string; answered_at: string | null; ended_at: string | null; timeline: { seq: number; type: string; at: string; data: Record<string, unknown> }[];
};

/** Phones 4000 and presses a key while the greeting plays. */
export async function toMenu(strowger: Strowger, user: string, key?: string): Promise<Call> {
  const phone = await strowger.phone(user);
  const call = await phone.call('4000');
  await call.answered(30_000);
  await call.media.packets(20, 30_000);
  if (key !== undefined) await call.media.digits(key);
  return call;
}

/** The newest call of this phone. */
export async function newest(strowger: Strowger, from: string): Promise<CallView> {
  const { body } = await strowger.api<{ items: CallView[] }>('/v1/calls?limit=50');
  const call = body.items.find((c) => c.from === from);
  if (!call) throw new Error(`no call from ${from}: ${JSON.stringify(body)}`);
  return call;
}

export const ended = (strowger: Strowger, id: string, ms = 5_000): Promise<CallView> => strowger.when<CallView>(`/v1/calls/${id}`, ms, (c) => c.state === 'ended');

/** A caller and an agent in mid-call, both sending tones, recorded for a second at least. */
export async function talking(strowger: Strowger, from = '1201', to = '1001'): Promise<{ readonly caller: Call; readonly agent: Call; readonly id: string }> {
  const agent = await strowger.phone(to);
  const caller = await toMenu(strowger, from, '1');
  const offered = await agent.nextCall(30_000);
  offered.answer();
  caller.media.tone(440);
  offered.media.tone(660);
  await Promise.all([caller.media.heard(660, 10_000), offered.media.heard(440, 10_000)]);
  await caller.media.packets(caller.media.reception().packets + 50);
  return { caller, agent: offered, id: offered.header('X-Strowger-Call') ?? '' };
}

export async function setState(strowger: Strowger, agent: string, state: string): Promise<{ status: number; body: { state?: string; code?: string } }> {
  return strowger.api(`/v1/agents/${agent}/state`, { method: 'PUT', body: JSON.stringify({ state }) });
}
export const agentState = async (strowger: Strowger, agent: string): Promise<string> => {
  const { body } = await strowger.api<{ state: string }>(`/v1/agents/${agent}`);
  return body.state;
};
