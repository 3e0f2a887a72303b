import { CHOSEN_STATES, type AgentId, type ChosenState, type Remembered } from './engine/index.js';
import type { Store } from '../store/index.js';

/** Where chosen states outlive the program. */
export interface AgentMemory {
  recall(): ReadonlyMap<AgentId, Remembered>;
  /** Durable when it returns. `at` is ms since 1970. */
  remember(agent: AgentId, state: ChosenState, reason: string | null, at: number): void;
}

/** What agents chose, in table `agents`: not what their work made of it, which no longer holds after a restart. */
export function agentMemory(store: Pick<Store, 'db' | 'run' | 'change'>): AgentMemory {
  return {
    recall() {
      const chosen = new Map<AgentId, Remembered>();
      for (const { id, state, reason } of store.run(store.db.selectFrom('agents').select(['id', 'state', 'reason']))) {
        const known = CHOSEN_STATES.find((s) => s === state);
        if (known) chosen.set(id as AgentId, { state: known, reason });
      }
      return chosen;
    },
    remember(agent, state, reason, at) {
      const row = { state, reason, state_since: at, idle_since: at, unanswered: 0, call_id: null };
      store.change(store.db.insertInto('agents').values({ id: agent, ...row }).onConflict((c) => c.column('id').doUpdateSet(row)));
    },
  };
}
