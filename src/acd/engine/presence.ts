import { refresh } from './agents.js';
import { CHANGES, type Change } from './changes.js';
import { hears } from './duty.js';
import { withdraw } from './offers.js';
import type { Agent } from './state.js';
import { disarm, type Turn } from './turn.js';
import type { Channel, ChosenState } from './types.js';

export function choose(t: Turn, agent: Agent, { state, reason, by }: { readonly state: ChosenState; readonly reason: string | null; readonly by: string }): void {
  change(t, agent, state, by, () => {
    agent.chosen = state;
    agent.reason = reason;
    agent.unanswered = 0;
  });
  t.effects.push({ do: 'remember', agent: agent.setup.id, state, reason });
}

/** `channels`: of which the agent can be reached; undefined: of all. What rings on one that is lost stops. */
export function setReachable(t: Turn, agent: Agent, yes: boolean, channels: readonly Channel[] | undefined): void {
  if (agent.reachable === yes && sameChannels(agent.hears, channels)) return; // a phone that refreshes its registration
  if (agent.reachable !== yes) {
    return change(t, agent, yes ? 'reachable' : 'unreachable', undefined, () => {
      agent.reachable = yes;
      agent.hears = channels;
    });
  }
  agent.hears = channels;
  for (const work of [...agent.work]) if (work.is === 'ringing' && !hears(agent, work.channel)) withdraw(t, work.offer, 'agent_unreachable');
  if (t.s.agents.get(agent.setup.id) === agent) refresh(t, agent, { fresh: false });
}

const sameChannels = (a: readonly Channel[] | undefined, b: readonly Channel[] | undefined): boolean => a === b || (a?.length === b?.length && a?.every((channel) => b?.includes(channel)) === true);

export function setEngaged(t: Turn, agent: Agent, yes: boolean): void {
  const calls = Math.max(0, agent.engaged + (yes ? 1 : -1));
  if (calls === agent.engaged) return;
  change(t, agent, calls > 0 ? 'engaged' : 'disengaged', undefined, () => {
    agent.engaged = calls;
  });
}

/** Settles what the change does to all that is on hand, by the table, and nowhere else. */
export function change(t: Turn, agent: Agent, what: Change, by: string | undefined, apply: () => void): void {
  const wasIdle = agent.shown === 'available';
  apply();
  let busy = false;
  for (const work of [...agent.work]) {
    const verdict = CHANGES[work.is][what];
    if (verdict === 'after') busy = true;
    else if (work.is === 'wrap_up') {
      disarm(t, work.timer);
      agent.work.splice(agent.work.indexOf(work), 1);
    } else if (work.is === 'ringing' && verdict !== 'cut_short') withdraw(t, work.offer, verdict);
  }
  if (t.s.agents.get(agent.setup.id) !== agent) return; // removed and free: forgotten with its last offer
  refresh(t, agent, { fresh: !busy && !wasIdle, ...(by === undefined ? {} : { by }) });
}
