export type { Acd, AgentView, Carrier, Carriers, ContactView, QueueView } from './ports.js';
export { AGENT_STATES, CHOSEN_STATES, QUEUE_MODES, STRATEGIES } from './engine/index.js';
export type {
  AcdSetup, AgentId, AgentSetup, AgentState, Attributes, Band, Channel, ChosenState, ContactId, DeclineReason, DivertReason, Explanation, LeaveReason,
  Membership, Need, NewContact, Offer, OfferEnd, OfferId, Preview, QueueId, QueueMode, QueueSetup, Target, WithdrawReason,
} from './engine/index.js';
export {
  ContactKnown, EngineFault, NoCarrier, NoSuchAgent, NoSuchContact, NoSuchQueue, NotRegistered, NotWrappingUp, StateNotSettable,
} from './errors.js';
export { systemClock, type Clock } from './clock.js';
export { createAdherence, type Adherence, type AdherenceDay, type StateInterval } from './adherence.js';
export type { CallbackOrder, ContactDesk } from './desk.js';
export { createQueueMetrics, type QueueMetrics, type QueueMetricsReader } from './metrics.js';
export { createJournal, type Journal, type JournalOptions } from './journal.js';
export { formerChoices } from './memory.js';
export type { AcdFact } from './perform.js';
export type { AcdOptions } from './options.js';
export { createAcd, type AcdService } from './service.js';
export { acdSetup, type AcdConfig } from './setup.js';
export {
  AgentExists, createAcdSettings, formsOver, NoSuchSetup, NoSuchVersion, QueueExists, SettingsRefused, SettingsStale, type AcdSettings, type AcdSettingsOptions, type AgentSettings,
  type ChangeBy, type DialplanDoor, type QueueSettings, type QueuesKnown, type ReadConfig, type RoutingSettings, type SettingsFault, type SettingsPatch,
  type SettingsVersion, type SetupView,
} from './settings/index.js';
export {
  LogUnreadable, readScenario, replayLog, simulateScenario, type Figures, type GroupFigures, type Outcome, type Replayed, type ReplayOrder, type Scenario, type SimpleFigures,
  type SimpleOutcome, type Simulated, type WaitsTold,
} from './simulate/index.js';
