import { StrowgerError } from '../base/index.js';

export class NoSuchQueue extends StrowgerError {
  readonly code = 'acd.no_such_queue';
}
export class NoSuchAgent extends StrowgerError {
  readonly code = 'acd.no_such_agent';
}
/** Never known, or so long gone that the log does not reach back. */
export class NoSuchContact extends StrowgerError {
  readonly code = 'acd.no_such_contact';
}
export class ContactKnown extends StrowgerError {
  readonly code = 'acd.contact_known';
  /** @param state what the one of that name is doing */
  constructor(contact: string, readonly state: string) {
    super(`contact ${contact} is in a queue already: ${state}`, { hint: 'a contact that comes again needs a new ID' });
  }
}
/** Nobody carries contacts of this channel. */
export class NoCarrier extends StrowgerError {
  readonly code = 'acd.no_carrier';
}
/** The agent's phone is not registered, so no state but `offline` can be had. */
export class NotRegistered extends StrowgerError {
  readonly code = 'not_registered';
}
/** `ringing`, `talking` and `wrap_up` come from work, not from a wish. */
export class StateNotSettable extends StrowgerError {
  readonly code = 'acd.state_not_settable';
}
export class NotWrappingUp extends StrowgerError {
  readonly code = 'acd.not_wrapping_up';
  /** @param state what the agent is doing instead */
  constructor(agent: string, readonly state: string) {
    super(`agent ${agent} is not wrapping up but ${state}`, { hint: 'only a wrap-up that runs can be extended' });
  }
}
/** The engine could not take it in; the fault is ours, and it stands as it did before. */
export class EngineFault extends StrowgerError {
  readonly code = 'acd.engine_fault';
}
