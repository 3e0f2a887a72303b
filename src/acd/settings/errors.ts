import { StrowgerError } from '../../base/index.js';

/** One thing wrong with settings that were sent. */
export interface SettingsFault {
  /** RFC 6901, from the top of all settings: `/queues/support/offer_seconds`. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}
/** Settings that are wrong, or that would break something else. Nothing was changed. */
export class SettingsRefused extends StrowgerError {
  readonly code = 'settings.refused';
  constructor(readonly faults: readonly SettingsFault[]) {
    super(faults.map((f) => `${f.pointer} ${f.message}`).join('; '), { hint: faults[0]?.hint ?? 'mend what is named; nothing was changed' });
  }
}
/** Somebody else has changed them since they were read. */
export class SettingsStale extends StrowgerError {
  readonly code = 'settings.stale';
  constructor(what: string) {
    super(`${what} has been changed meanwhile`, { hint: 'read it again and send its new ETag as If-Match' });
  }
}
export class QueueExists extends StrowgerError {
  readonly code = 'settings.queue_exists';
  constructor(name: string) {
    super(`there is a queue "${name}" already`, { hint: 'PATCH /v1/queues/{id}/settings changes it' });
  }
}
export class AgentExists extends StrowgerError {
  readonly code = 'settings.agent_exists';
  constructor(id: string) {
    super(`there is an agent "${id}" already`, { hint: 'PATCH /v1/agents/{id} changes it' });
  }
}
export class NoSuchSetup extends StrowgerError {
  readonly code = 'settings.no_such_setup';
  constructor(name: string) {
    super(`there is no set-up "${name}"`, { hint: 'GET /v1/setups lists them; they stand in config/setups.yaml' });
  }
}
export class NoSuchVersion extends StrowgerError {
  readonly code = 'settings.no_such_version';
  constructor(version: number) {
    super(`there is no version ${version} of the settings`, { hint: 'GET /v1/settings/versions lists them; 0 is what the files say' });
  }
}
