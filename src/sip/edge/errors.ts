import { StrowgerError } from '../../base/index.js';

/** An application sent what is no message of the control protocol. Its connection is closed. */
export class WireFault extends StrowgerError {
  readonly code = 'edge.wire_fault';
}

/** What an application asked for cannot be done; it is told so with NOK and the message. */
export class Refused extends StrowgerError {
  readonly code = 'edge.refused';
}

/** The command line of `strowger edge` is wrong. */
export class EdgeUsage extends StrowgerError {
  readonly code = 'edge.usage';
}
