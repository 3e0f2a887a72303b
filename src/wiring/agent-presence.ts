import type { AgentId } from '../acd/index.js';
import type { Config } from '../config/index.js';
import type { Events } from '../events/index.js';
import type { Location } from '../sip/index.js';
import type { Reachability } from './desk-queue/index.js';

/** An agent can be rung while a phone of his extension is registered: now, and as registrations come and go. */
export function followRegistrations(reachability: Pick<Reachability, 'phone'>, location: Location, events: Events, config: () => Config): () => void {
  const tell = (extension: string): void => {
    const reachable = location.lookup(extension).length > 0;
    for (const agent of config().agents) if (agent.extension === extension) reachability.phone(agent.id as AgentId, reachable);
  };
  for (const { extension } of config().agents) tell(extension);
  return events.subscribe(['extension.registered', 'extension.unregistered'], (fact) => tell(fact.data.extension));
}
