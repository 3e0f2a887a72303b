export { attributesOfCaller, attributesOfTalk, createCallers, headerOfCaller, variablesOfCaller, type Callers, type OpenTalks } from './callers.js';
export { toldOf } from './facts.js';
export { followFacts } from './follow.js';
