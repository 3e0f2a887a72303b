import { StrowgerError } from '../base/index.js';

/** The media server, or this endpoint on it, went away while something was asked of it. */
export class MediaLost extends StrowgerError {
  readonly code = 'media.lost';
}

/** No media server is connected, or none answered in time. */
export class MediaUnavailable extends StrowgerError {
  readonly code = 'media.unavailable';
}

/** The offer holds no codec that the media server speaks; the caller hears 488 (RFC 3261 §21.4.26). */
export class CodecMismatch extends StrowgerError {
  readonly code = 'media.codec_mismatch';
}

/** The media server answered a command with an error. */
export class MediaRefused extends StrowgerError {
  readonly code = 'media.refused';
}

/** A recording that should be there is not, or cannot be read. */
export class RecordingLost extends StrowgerError {
  readonly code = 'media.recording_lost';
}
