import type { Agent, State } from './state.js';
import type { Channel } from './types.js';

/** On duty: would take a contact now, or when done with what is on hand. */
export const works = (a: Agent): boolean => !a.removed && a.reachable && a.chosen === 'available';

/** Whether the agent can be reached for contacts of the channel. */
export const hears = (a: Agent, channel: Channel): boolean => a.hears === undefined || a.hears.includes(channel);

/** Whether one more contact of the channel fits beside what the agent has on hand. */
export function hasRoom(s: State, agent: Agent, channel: Channel): boolean {
  let taken = 0;
  for (const work of agent.work) {
    if (work.channel === channel) taken += 1;
    else if (!s.setup.blending[channel]?.includes(work.channel)) return false;
  }
  return taken < (agent.setup.capacity[channel] ?? 0);
}

const NO_CHANNELS: readonly Channel[] = [];

/** Channels of which the agent can take one more now. */
export function openChannels(s: State, agent: Agent): readonly Channel[] {
  if (!works(agent) || agent.engaged > 0 || agent.pause) return NO_CHANNELS;
  const open: Channel[] = [];
  for (const channel of agent.channels) if (hears(agent, channel) && hasRoom(s, agent, channel)) open.push(channel);
  return open;
}
