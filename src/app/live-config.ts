import type { AcdConfig } from '../acd/index.js';
import type { Config } from '../config/index.js';

/** The configuration as it holds now: files, and over them the settings of queues and agents that were changed at run time. */
export interface LiveConfig {
  readonly now: () => Config;
  /** Files have been read again. */
  readonly adopt: (files: Config) => void;
  /** Settings of queues and agents have changed. */
  readonly lay: (settings: AcdConfig) => void;
}

export function liveConfig(first: Config): LiveConfig {
  let now = first;
  let settings: AcdConfig = first;
  return {
    now: () => now,
    adopt: (files) => void (now = over(files, settings)),
    lay(changed) {
      settings = changed;
      now = over(now, settings);
    },
  };
}

const over = (files: Config, { queues, agents, routing }: AcdConfig): Config => ({ ...files, queues, agents, routing });
