export type { Known } from './dialplan/check.js';
export { checkDialplans, loadDialplans, type Dialplans, type DialplansOptions } from './dialplan/dialplans.js';
export type { DialplanFault } from './dialplan/faults.js';
export type { Entry } from './dialplan/file.js';
export type { FlowEnd, Plan } from './machine/index.js';
export type { DialEnd, DialRequest, HangUpCause, PlayEnd, QueueEnd, QueueRequest, Verbs } from './ports.js';
export { runFlow, type FlowRun } from './run.js';
