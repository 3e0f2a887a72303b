import { CHOSEN_STATES, type AgentId, type Remembered } from './engine/index.js';
import type { Store } from '../store/index.js';

/** What agents had chosen before there was a log: read once, when the log is empty. */
export function formerChoices(store: Pick<Store, 'db' | 'run'>): ReadonlyMap<AgentId, Remembered> {
  const chosen = new Map<AgentId, Remembered>();
  for (const { id, state, reason } of store.run(store.db.selectFrom('agents').select(['id', 'state', 'reason']))) {
    const known = CHOSEN_STATES.find((s) => s === state);
    if (known) chosen.set(id as AgentId, { state: known, reason });
  }
  return chosen;
}
