import type { AgentForm, Config, ConfigFault, QueueConfig, QueueForm, RoutingForm, SetupForm } from '../../config/index.js';
import type { AcdSetup, AgentId, Preview, QueueId, QueueMode } from '../engine/index.js';
import type { AcdConfig } from '../setup.js';
import type { SettingsPatch } from './document.js';
import type { SetupState } from './effective.js';
import type { Version } from './versions.js';

export interface QueueSettings {
  readonly queue: QueueId;
  /** `api`: a change by API lies over what the files say, or they do not have it. */
  readonly owner: 'file' | 'api';
  /** Changes with every change of `settings`. */
  readonly etag: string;
  /** As files and changes have it. */
  readonly settings: QueueForm;
  /** With the set-ups that are in force laid over it. */
  readonly effective: QueueForm;
  /** With opening hours. */
  readonly mode: QueueMode;
}
export interface AgentSettings {
  readonly agent: AgentId;
  readonly owner: 'file' | 'api';
  readonly etag: string;
  readonly settings: AgentForm;
  readonly effective: AgentForm;
}
export interface RoutingSettings {
  readonly owner: 'file' | 'api';
  readonly etag: string;
  readonly settings: RoutingForm;
}
export interface SetupView extends SetupState {
  readonly form: SetupForm;
}
/** Who changes something and why. */
export interface ChangeBy {
  /** `api:NAME`, `file`, … */
  readonly by: string;
  readonly comment?: string | undefined;
  /** The ETag of what the change was made for; undefined: whatever it is now. */
  readonly ifMatch?: string | undefined;
}
type Patch = Readonly<Record<string, unknown>>;

/**
 * Owns the settings of queues and agents: what files say, with changes made at run time, named set-ups and opening hours over it.
 * Every change is checked as files are, on disk and in force when it returns.
 */
export interface AcdSettings {
  /** What is in force now. */
  setup(): AcdSetup;
  config(): AcdConfig;
  /** Music, announcements, … in force. */
  queueConfig(name: string): QueueConfig | undefined;
  /** @throws NoSuchQueue */
  queue(id: QueueId): QueueSettings;
  /** @throws NoSuchQueue @throws SettingsStale @throws SettingsRefused */
  patchQueue(id: QueueId, patch: Patch, how: ChangeBy): QueueSettings;
  /** What the change would do to those who wait. @throws NoSuchQueue @throws SettingsRefused */
  previewQueue(id: QueueId, patch: Patch): Preview;
  /** @throws QueueExists @throws SettingsRefused */
  addQueue(form: Patch & { readonly name: string }, how: ChangeBy): QueueSettings;
  /** Those who wait there are dismissed. @throws NoSuchQueue @throws SettingsStale @throws SettingsRefused */
  removeQueue(id: QueueId, how: ChangeBy): void;
  /** @throws NoSuchAgent */
  agent(id: AgentId): AgentSettings;
  /** @throws NoSuchAgent @throws SettingsStale @throws SettingsRefused */
  patchAgent(id: AgentId, patch: Patch, how: ChangeBy): AgentSettings;
  /** @throws AgentExists @throws SettingsRefused */
  addAgent(form: Patch & { readonly id: string }, how: ChangeBy): AgentSettings;
  /** A conversation goes on to its end. @throws NoSuchAgent @throws SettingsStale @throws SettingsRefused */
  removeAgent(id: AgentId, how: ChangeBy): void;
  routing(): RoutingSettings;
  /** @throws SettingsStale @throws SettingsRefused */
  patchRouting(patch: Patch, how: ChangeBy): RoutingSettings;
  setups(): readonly SetupView[];
  /** null: by date again. @throws NoSuchSetup @throws SettingsRefused */
  switchSetup(name: string, active: boolean | null, how: ChangeBy): SetupView;
  /** The number of the newest change; 0: what the files say. */
  version(): number;
  versions(limit: number, before?: number): readonly Version[];
  /** @throws NoSuchVersion @throws SettingsRefused */
  restore(version: number, how: ChangeBy): number;
  /** Reads the files again. What is wrong leaves everything as it is. @throws ConfigFaults @throws SettingsRefused */
  reload(how: ChangeBy): void;
  /** Whether agents would still have their extensions. @throws SettingsRefused */
  wouldKnow(extensions: Pick<Config, 'extensions'>): void;
  /** The extensions have changed, and nothing else. */
  know(extensions: Pick<Config, 'extensions'>): void;
  /** Called after settings in force have changed. Answers how to stop. */
  onChange(changed: () => void): () => void;
  /** Puts the settings in force, and from then on hours and dates too. */
  start(): void;
  close(): void;
}

/** What a dialplan may refer to of the queues. */
export interface QueuesKnown {
  readonly queues: readonly string[];
  readonly queueFlows: Readonly<Record<string, readonly string[]>>;
}
/** The dialplans, as far as queues and flows refer to each other. */
export interface DialplanDoor {
  /** Names of all flows. */
  flows(): readonly string[];
  /** What would be wrong with the dialplans if these were the queues. */
  faults(known: QueuesKnown): readonly ConfigFault[];
}
/** Reads the files. @throws ConfigFaults */
export type ReadConfig = () => Config;
export type { SettingsPatch };
