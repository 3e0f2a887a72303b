import type { ConfigFault } from '../../config/index.js';

/** A `warning` is reported but does not refuse the file: callers are still served. */
export interface DialplanFault extends ConfigFault {
  readonly severity: 'error' | 'warning';
}
export const error = (fault: ConfigFault): DialplanFault => ({ ...fault, severity: 'error' });
export const warning = (fault: ConfigFault): DialplanFault => ({ ...fault, severity: 'warning' });
