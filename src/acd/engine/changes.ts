import type { ChosenState, WithdrawReason } from './types.js';
import type { Work } from './state.js';

/** What may happen to an agent apart from the work itself. */
export type Change = ChosenState | 'reachable' | 'unreachable' | 'engaged' | 'disengaged' | 'removed';

/** `after`: it goes on, and the change tells afterwards. `cut_short`: wrap-up ends. Else the offer is withdrawn, for that reason. */
export type Verdict = 'after' | 'cut_short' | WithdrawReason;

/**
 * What each change does to each thing an agent has on hand. A conversation is never touched; a ringing phone stops when its
 * owner turns away from it; `available` pressed while it rings or while talking is a wish for later, not a second offer.
 */
export const CHANGES: Readonly<Record<Work['is'], Readonly<Record<Change, Verdict>>>> = {
  ringing: {
    available: 'after', away: 'agent_state', training: 'agent_state', offline: 'agent_state',
    reachable: 'after', unreachable: 'agent_unreachable', engaged: 'agent_engaged', disengaged: 'after', removed: 'agent_removed',
  },
  talking: {
    available: 'after', away: 'after', training: 'after', offline: 'after',
    reachable: 'after', unreachable: 'after', engaged: 'after', disengaged: 'after', removed: 'after',
  },
  wrap_up: {
    available: 'cut_short', away: 'cut_short', training: 'cut_short', offline: 'cut_short',
    reachable: 'after', unreachable: 'after', engaged: 'after', disengaged: 'after', removed: 'cut_short',
  },
};
