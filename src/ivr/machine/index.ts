export { flow, startOf } from './machine.js';
export { APOLOGY, NOBODY, spoken } from './phrases.js';
export type { Plan, Prompt, Step, StepDo, StepKind } from './plan.js';
export type { FlowEffect, FlowEnd, FlowEvent, FlowFact, FlowState } from './types.js';
