import { StrowgerError } from '../base/index.js';

export class NoSuchQueue extends StrowgerError {
  readonly code = 'acd.no_such_queue';
}
export class NoSuchAgent extends StrowgerError {
  readonly code = 'acd.no_such_agent';
}
export class ContactKnown extends StrowgerError {
  readonly code = 'acd.contact_known';
}
/** The agent's phone is not registered, so no state but `offline` can be had. */
export class NotRegistered extends StrowgerError {
  readonly code = 'not_registered';
}
/** `ringing`, `talking` and `wrap_up` come from work, not from a wish. */
export class StateNotSettable extends StrowgerError {
  readonly code = 'acd.state_not_settable';
}
