import { StrowgerError } from '../../base/index.js';

/** No voice is installed. */
export class TtsUnavailable extends StrowgerError {
  readonly code = 'tts.unavailable';
}
/** The voice is there but could not say this. */
export class TtsFailed extends StrowgerError {
  readonly code = 'tts.failed';
}
