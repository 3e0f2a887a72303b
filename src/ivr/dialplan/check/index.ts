import type { DialplanFault } from '../faults.js';
import { atOnce, type DialplanFile } from '../file.js';
import { deadFlows, deadSteps } from './dead.js';
import type { Known } from './placed.js';
import { badMarkup, missingLanguages, speechOff } from './prompts.js';
import { duplicateEntries, missingFlows, missingQueueFlows, missingSounds, missingTargets, missingTicketFields, nobodyThere } from './targets.js';
import { missingSecrets, unknownVariables } from './variables.js';

export type { Known } from './placed.js';
export { promptsOf } from './prompts.js';
export { QUEUE_FLOW_MISSING, refersTo } from './targets.js';

/** What is wrong with a file whatever else there is, in the places where `checkFile` names it. */
export interface StaticFaults {
  readonly first: readonly DialplanFault[];
  readonly middle: readonly DialplanFault[];
  readonly last: readonly DialplanFault[];
}

/** Pauses between checks: those of a large file take long. */
export function* staticFaults(file: DialplanFile): Generator<undefined, StaticFaults> {
  const found: DialplanFault[][] = [];
  for (const check of [missingFlows, duplicateEntries, deadSteps, nobodyThere, badMarkup, missingLanguages]) {
    found.push(check(file));
    yield;
  }
  const [flows = [], entries = [], steps = [], nobody = [], markup = [], languages = []] = found;
  return { first: flows, middle: entries, last: [...steps, ...nobody, ...markup, ...languages] };
}

/** Everything wrong with a file that its grammar does not show. `known` faults are those of `staticFaults`. */
export function checkFile(file: DialplanFile, known: Known, { first, middle, last }: StaticFaults = atOnce(staticFaults(file))): DialplanFault[] {
  return [
    ...first, ...missingTargets(file, known), ...missingTicketFields(file, known), ...missingQueueFlows(file, known), ...missingSounds(file, known), ...unknownVariables(file, known), ...missingSecrets(file, known),
    ...middle, ...deadFlows(file, known), ...last, ...speechOff(file, known),
  ];
}
