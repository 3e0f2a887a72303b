import { StrowgerError } from '../../base/index.js';

/** A client of the event socket broke its rules; the connection is closed. */
export class EslProtocolError extends StrowgerError {
  readonly code = 'media.esl_protocol';
}

/** `strowger media` was started with arguments it does not understand. */
export class WrongUse extends StrowgerError {
  readonly code = 'media.wrong_use';
}

/** A session description that cannot be read, or that leaves nothing both sides can do. `status` is the SIP answer. */
export class NotAcceptable extends StrowgerError {
  readonly code = 'media.not_acceptable';
  constructor(readonly status: 400 | 415 | 488, message: string, options?: { hint?: string; cause?: unknown }) {
    super(message, options);
  }
}

/** What a file, tone or stream name asked for cannot be played. */
export class NotPlayable extends StrowgerError {
  readonly code = 'media.not_playable';
}

/** A channel could not be made: no ports, too many sessions. */
export class NoResources extends StrowgerError {
  readonly code = 'media.no_resources';
}
