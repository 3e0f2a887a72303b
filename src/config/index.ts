export type { AccessConfig, OidcConfig } from './access.js';
export { agentForm, toAgent, type AgentConfig, type AgentForm, type MembershipConfig } from './agents.js';
export { alertForm, ALERT_FIGURES, toAlert, type AlertConfig, type AlertFigure, type AlertForm } from './alerts.js';
export type { ChatConfig, ChatField, ChatInvitation, ChatLimits, ChatText } from './chat.js';
export { checkAcd, type AcdForms, type AcdIssue, type AcdKnown } from './check-acd.js';
export { checkValue, pointer, type Checked, type ValueIssue } from './check-value.js';
export { inBlocks, parseCidr, type Cidr } from './cidr.js';
export type { Demo } from './demo.js';
export { extensionForm, ha1Of, toExtension, type ExtensionConfig, type ExtensionForm, type Ha1 } from './extensions.js';
export { ConfigFaults, formatFault, type ConfigFault } from './faults.js';
export {
  attributes as attributesField, clock as clockField, name as nameField, number as numberField, pattern as patternField, seconds as secondsField, skills as skillsField, parseEnvFile, referredTo, type SecretLookup,
  timeZone as timeZoneField,
} from './fields.js';
export { hoursForm, nextChange, openAt, toHours, type Hours } from './hours.js';
export { loadConfig, secretLookup, type Config, type FileForms, type LoadOptions } from './load.js';
export { daysAfter, instantOf, isTimeZone, localClock, localDate, machineZone, nextClockTime } from '../base/index.js';
export type { MailConfig } from './mail.js';
export { mergePatch } from './merge.js';
export { nearest } from './nearest.js';
export { openSpans } from './open-spans.js';
export { bestMatch, comparePatterns, maskNumber, matches } from './pattern.js';
export { queueFlows } from './queue-flows.js';
export { queueForm, type QueueForm } from './queue-form.js';
export { routingForm, toQueue, toRouting, type AnnouncementConfig, type QueueConfig, type RoutingConfig, type RoutingForm, type SkillLevel } from './queues.js';
export type { RecordingsConfig } from './recordings.js';
export { Secret } from './secret.js';
export { isSection, sectionForms, SECTIONS, withSections, type SectionForms, type SectionName } from './sections.js';
export { setupForm, toSetup, type Overlay, type SetupConfig, type SetupForm } from './setups.js';
export { readSettings, type Address, type Control, type Environment, type Settings } from './settings.js';
export type { Target as QueueTarget } from './targets.js';
export type { RegistrationConfig, SpeechConfig, SystemConfig, ThrottleConfig } from './system.js';
export type { TicketsConfig } from './tickets.js';
export { didTargetShape, oneTarget, routeForm, toRoute, toTarget, toTrunk, trunkForm, type DidTarget, type RouteForm, type TrunkConfig, type TrunkCredentials, type TrunkForm, type TrunkHealth, type TrunkHost, type TrunkRoute } from './trunks.js';
export type { TtsConfig, VoiceConfig } from './voices.js';
export { checkYaml, parseYaml, readYaml, readYamlData, sourceOf, type Parsed, type Places, type Source, type YamlData } from './yaml.js';
export type { ApiConfig, WebhooksConfig } from './api.js';
