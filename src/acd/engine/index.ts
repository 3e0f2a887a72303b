export type { AcdEffect, AcdEvent, FactData, Remembered } from './events.js';
export { agentState, canTake, emptyState } from './state.js';
export type { Agent, Contact, Queue, State } from './state.js';
export { step } from './step.js';
export { agentReason } from './turn.js';
export * from './types.js';
