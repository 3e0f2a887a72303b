import { CHANGES, type Change } from './changes.js';
import { free, withdraw } from './offers.js';
import type { Agent } from './state.js';
import { disarm, place, unplace, type Turn } from './turn.js';
import type { ChosenState } from './types.js';

export function choose(t: Turn, agent: Agent, state: ChosenState, reason: string | null): void {
  change(t, agent, state, () => {
    agent.chosen = state;
    agent.reason = reason;
    agent.unanswered = 0;
  });
  t.effects.push({ do: 'remember', agent: agent.setup.id, state, reason });
}

export function setReachable(t: Turn, agent: Agent, yes: boolean): void {
  if (agent.reachable === yes) return; // a phone that refreshes its registration
  change(t, agent, yes ? 'reachable' : 'unreachable', () => {
    agent.reachable = yes;
  });
}

export function setEngaged(t: Turn, agent: Agent, yes: boolean): void {
  const calls = Math.max(0, agent.engaged + (yes ? 1 : -1));
  if (calls === agent.engaged) return;
  change(t, agent, calls > 0 ? 'engaged' : 'disengaged', () => {
    agent.engaged = calls;
  });
}

/** Settles what the change does to the task at hand, by the table, and nowhere else. */
export function change(t: Turn, agent: Agent, what: Change, apply: () => void): void {
  const verdict = CHANGES[agent.task.is][what];
  unplace(t, agent);
  apply();
  if (agent.task.is === 'ringing' && verdict !== 'after' && verdict !== 'now' && verdict !== 'cut_short')
    return withdraw(t, agent.task.offer, verdict);
  if (agent.task.is === 'wrap_up' && verdict === 'cut_short') {
    disarm(t, agent.task.timer);
    return free(t, agent, { fresh: true });
  }
  place(t, agent, { fresh: agent.task.is === 'free' && agent.shown !== 'available' });
}
