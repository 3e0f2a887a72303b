export type { Acd, AgentView, Carrier, QueueView } from './ports.js';
export { AGENT_STATES, CHOSEN_STATES } from './engine/index.js';
export type {
  AcdSetup, AgentId, AgentSetup, AgentState, ChosenState, ContactId, DeclineReason, LeaveReason, NewContact, Offer, OfferEnd, OfferId, QueueId,
  QueueSetup, WithdrawReason,
} from './engine/index.js';
export { ContactKnown, NoSuchAgent, NoSuchQueue, NotRegistered, StateNotSettable } from './errors.js';
export { systemClock, type Clock } from './clock.js';
export { agentMemory, type AgentMemory } from './memory.js';
export { createAcd, type AcdOptions } from './service.js';
export { acdSetup } from './setup.js';
