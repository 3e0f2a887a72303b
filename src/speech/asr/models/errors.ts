import { StrowgerError } from '../../../base/index.js';

/** A model could not be installed; what was there before is still there. */
export class ModelRefused extends StrowgerError {
  readonly code = 'asr.model_refused';
}
