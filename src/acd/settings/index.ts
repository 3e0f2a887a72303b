export type { SettingsPatch } from './document.js';
export { AgentExists, NoSuchSetup, NoSuchVersion, QueueExists, SettingsRefused, SettingsStale, type SettingsFault } from './errors.js';
export type { AcdSettings, AgentSettings, ChangeBy, DialplanDoor, QueueSettings, QueuesKnown, ReadConfig, RoutingSettings, SetupView } from './ports.js';
export { formsOver, type AcdSettingsOptions } from './core.js';
export { createAcdSettings } from './service.js';
export type { Version as SettingsVersion } from './versions.js';
