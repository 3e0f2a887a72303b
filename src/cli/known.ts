import { loadConfig, Secret, type Config, type Settings } from '../config/index.js';
import type { Known } from '../ivr/index.js';
import type { Io } from './io.js';

/** The configuration as the application would load it. @throws ConfigFaults */
export function configOf(settings: Settings, env: Io['env']): Config {
  const demo = { ...settings.demo, password: settings.demoPassword ?? new Secret('not needed to read the files') };
  return loadConfig(settings.folders.config, { realm: settings.realm, env, demo });
}

/** What dialplans may refer to. */
export const knownOf = (config: Config): Known => ({ queues: config.queues.map((q) => q.name), extensions: config.extensions.map((e) => e.number) });
