import type { StepDo } from '../machine/index.js';

/** A step as its schema leaves it. */
export interface StepParams {
  readonly step: StepDo;
  readonly onError: string | undefined;
}
