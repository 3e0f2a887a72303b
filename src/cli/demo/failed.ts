import { StrowgerError } from '../../base/index.js';

/** The demo could not go on; the message says at which step. */
export class DemoFailed extends StrowgerError {
  readonly code = 'demo.failed';
}
