export { attributesOfCaller, createCallers, headerOfCaller, variablesOfCaller, type Callers } from './callers.js';
export { toldOf } from './facts.js';
export { followFacts } from './follow.js';
