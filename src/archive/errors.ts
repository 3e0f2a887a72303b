import { StrowgerError } from '../base/index.js';

export class NoSuchRecording extends StrowgerError {
  readonly code = 'recordings.no_such_recording';
  constructor(id: string) {
    super(`there is no recording "${id}"`, { hint: 'GET /v1/recordings lists them' });
  }
}
export class RecordingHeld extends StrowgerError {
  readonly code = 'recordings.on_hold';
  constructor(by: string, why: string) {
    super(`the recording is on legal hold: ${why}`, { hint: `${by} put it there; DELETE /v1/recordings/{id}/hold ends it` });
  }
}
export class RecordingRuns extends StrowgerError {
  readonly code = 'recordings.in_progress';
  constructor() {
    super('the call is still being recorded', { hint: 'try again when it is over' });
  }
}
export class RecordingDeleted extends StrowgerError {
  readonly code = 'recordings.deleted';
  constructor() {
    super('the recording was deleted', { hint: 'GET /v1/recordings/{id} says when and by whom' });
  }
}
/** Nothing was kept: the disk refuses. */
export class NotKept extends StrowgerError {
  readonly code = 'recordings.not_kept';
  constructor() {
    super('the change could not be written', { hint: 'try again; GET /healthz says whether the disk is full' });
  }
}
/** There is nothing to look for. */
export class BadWords extends StrowgerError {
  readonly code = 'recordings.bad_words';
  constructor() {
    super('there is nothing to look for', { hint: 'letters, digits or characters' });
  }
}
