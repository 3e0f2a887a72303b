export { simulateCall, type CallSetup, type Outcome, type SimulatedCall } from './call.js';
export type { Coverage, MissedStep } from './coverage.js';
export { createDoubles, deskEnd } from './doubles.js';
export { createSentences } from './sentences.js';
export { placeText } from './play.js';
export { traceOf, type TraceFact } from './trail.js';
export { dialplanAt, readDoubles, runTests, testFiles, type CaseResult, type TestsOptions, type TestsResult } from './tests.js';
export { createWorkbench, WorkbenchBusy, type Workbench, type WorkbenchOptions } from './workbench.js';
export type { Line, Place, Taking, Visit, World } from './types.js';
