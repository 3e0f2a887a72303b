import type { DialplanFault } from '../faults.js';
import type { DialplanFile } from '../file.js';
import { atOnce, type Slices } from '../slices.js';
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

export function* staticFaults(file: DialplanFile): Slices<StaticFaults> {
  return {
    first: yield* missingFlows(file), middle: yield* duplicateEntries(file),
    last: [...(yield* deadSteps(file)), ...nobodyThere(file), ...(yield* badMarkup(file)), ...(yield* missingLanguages(file))],
  };
}

/** What is wrong with a file because of what it refers to. */
export interface KnownFaults {
  readonly targets: readonly DialplanFault[];
  readonly variables: readonly DialplanFault[];
  readonly flows: readonly DialplanFault[];
  readonly speech: readonly DialplanFault[];
}

/** All but sounds and secrets: those come and go beside what is known, and are looked for each time. */
export function* knownFaults(file: DialplanFile, known: Known): Slices<KnownFaults> {
  return {
    targets: [...(yield* missingTargets(file, known)), ...(yield* missingTicketFields(file, known)), ...(yield* missingQueueFlows(file, known))],
    variables: yield* unknownVariables(file, known), flows: yield* deadFlows(file, known), speech: speechOff(file, known),
  };
}

/** Everything wrong with a file that its grammar does not show; what was worked out before need not be again. */
export function checkFile(file: DialplanFile, known: Known, { first, middle, last } = atOnce(staticFaults(file)), { targets, variables, flows, speech } = atOnce(knownFaults(file, known))): DialplanFault[] {
  return [...first, ...targets, ...missingSounds(file, known), ...variables, ...missingSecrets(file, known), ...middle, ...flows, ...last, ...speech];
}
