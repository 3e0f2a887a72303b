import type { Acd, AgentId, Channel } from '../../acd/index.js';

/** An agent is reached by phone, at the desktop, or both: which channels' contacts can be put to him follows from that. */
export interface Reachability {
  phone(agent: AgentId, yes: boolean): void;
  desktop(agent: AgentId, yes: boolean): void;
}

export function createReachability(acd: () => Acd, textChannels: readonly Channel[]): Reachability {
  const phones = new Set<AgentId>();
  const desktops = new Set<AgentId>();
  const tell = (agent: AgentId): void => {
    const [phone, desktop] = [phones.has(agent), desktops.has(agent)];
    if (phone === desktop) return acd().reachable(agent, phone);
    acd().reachable(agent, true, phone ? ['voice'] : textChannels);
  };
  const set = (all: Set<AgentId>) => (agent: AgentId, yes: boolean): void => {
    if (yes) all.add(agent);
    else all.delete(agent);
    tell(agent);
  };
  return { phone: set(phones), desktop: set(desktops) };
}
