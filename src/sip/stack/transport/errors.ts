import { StrowgerError } from '../../../base/index.js';

/** A message could not be sent: connection refused, reset, full, or no listener of that protocol. */
export class TransportError extends StrowgerError {
  readonly code = 'sip.transport';
}
/** A listener could not be opened. */
export class ListenError extends StrowgerError {
  readonly code = 'sip.listen';
}
