import { join } from 'node:path';
import { createAccess, type Access } from '../access/index.js';
import type { Ms } from '../base/index.js';
import { loadConfig, Secret, type Config, type Environment, type Settings } from '../config/index.js';
import { createEvents, type Events } from '../events/index.js';
import { createMediaPool, type MediaPool } from '../media/index.js';
import { connectEdge, type Edge } from '../sip/index.js';
import { createTts, type Tts } from '../speech/tts/index.js';
import { openStore, type Store } from '../store/index.js';
import { createLog, type Log } from './log.js';

/** What stands before any call comes: disk, configuration, and the lines to the servers. */
export interface Ground {
  readonly settings: Settings;
  readonly config: Config;
  readonly log: Log;
  readonly store: Store;
  readonly events: Events;
  readonly access: Access;
  readonly edge: Edge;
  readonly media: MediaPool;
  readonly tts: Tts;
  readonly music: string;
}

/** How long the servers may take to answer at our start; after that we start without them and say so in /healthz. */
const START_MS: Ms = 3_000;
const MEDIA_TIMING = { connectMs: 2_000, retryMs: [100, 1_000], pingMs: 5_000 } as const;
const MEDIA_LIMITS = { commandMs: 5_000, destroyMs: 2_000, createMs: 5_000 };

/** @throws ConfigFaults, StoreError */
export async function layGround(settings: Settings, env: Environment, musicFile: (folder: string) => Promise<string>): Promise<Ground> {
  const { data } = settings.folders;
  const read = (password: Secret): Config => loadConfig(settings.folders.config, { realm: settings.realm, env, demo: { ...settings.demo, password } });
  // The database knows the demo password, and the configuration says how to open the database.
  const { system } = read(new Secret('not known yet'));
  const log = createLog(system.logLevel);
  const store = await openStore({ path: join(data, 'strowger.db'), synchronous: system.synchronous });
  const events = createEvents({ store, log });
  const access = createAccess({ store, adminToken: settings.adminToken, demoPassword: settings.demoPassword });
  const config = read(access.demoPassword);
  const music = await musicFile(join(data, 'prompts'));
  const tts = createTts({ cacheDir: join(data, 'prompts'), recordedDir: join(settings.folders.dialplans, 'prompts'), log });
  if (!settings.drachtio) throw new Error('STROWGER_DRACHTIO is not set: `strowger start` sets it for its own edge');
  const edge = connectEdge({ ...settings.drachtio, log });
  const media = createMediaPool({
    srf: edge.srf,
    servers: settings.freeswitch.map(({ host, port, secret }) => ({ host, port, secret: secret.reveal() })),
    listen: settings.eslListen,
    advertise: settings.eslAdvertise,
    timing: MEDIA_TIMING,
    limits: MEDIA_LIMITS,
    variables: mediaVariables(config, music),
    warn: (about, message) => log.warn(about, message),
  });
  await Promise.race([bothUp(edge, media), after(START_MS)]);
  return { settings, config, log, store, events, access, edge, media, tts, music };
}

/** What every media session is told: a leg outlives its bridge, a held party hears music, recordings have two channels. */
const mediaVariables = (config: Config, music: string): Record<string, string> => ({
  park_after_bridge: 'true',
  hangup_after_bridge: 'false',
  hold_music: music,
  RECORD_STEREO: 'true',
  media_timeout: String(config.system.rtpTimeoutMs),
});

async function bothUp(edge: Edge, media: MediaPool): Promise<void> {
  await new Promise<void>((resolve) => {
    if (edge.up) return resolve();
    const off = edge.onUp(() => {
      off();
      resolve();
    });
  });
  await new Promise<void>((resolve) => {
    if (media.up() > 0) return resolve();
    media.onChange((_server, up) => {
      if (up) resolve();
    });
  });
}

const after = (ms: Ms): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
