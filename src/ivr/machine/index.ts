export { flow, startOf } from './machine.js';
export { fixed, PHRASES } from './phrases.js';
export type {
  Ask, BargeIn, ClockTime, Collect, Condition, DialTo, Http, IntentWay, Message, Plan, Prompt, Question, Step, StepDo, StepKind, SurveyQuestion, Ticket, Variables, Written, WrittenValue,
} from './plan.js';
export { SCOPE_NAMES } from './scope.js';
export { isTemplate, readTemplate, withWord, type ReadTemplate, type Template } from './template.js';
export type { CallbackWish, FlowEffect, FlowEnd, FlowEvent, FlowFact, FlowState, Meant, Phase, Waiting } from './types.js';
export { VARIABLE } from './wish.js';
