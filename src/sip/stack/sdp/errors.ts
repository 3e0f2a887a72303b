import { StrowgerError } from '../../../base/index.js';

/** To be answered 400 when it does not parse. */
export class SdpSyntaxError extends StrowgerError {
  readonly code = 'sip.sdp_syntax';
}
