import { join } from 'node:path';
import { createAccess, type Access } from '../access/index.js';
import type { Ms } from '../base/index.js';
import { formatFault, loadConfig, Secret, type AccessConfig, type Config, type Environment, type Settings } from '../config/index.js';
import { createEvents, type Events } from '../events/index.js';
import { permitted, systemLookup } from '../ivr/index.js';
import { createMediaPool, type MediaPool } from '../media/index.js';
import { connectEdge, type Edge } from '../sip/index.js';
import { createTts, type Tts } from '../speech/tts/index.js';
import { ownExtensions } from '../objects/index.js';
import { openStore, type Store } from '../store/index.js';
import { liveConfig, type LiveConfig } from './live-config.js';
import { createLog, type Log } from './log.js';
import { openObjects, type OpenObjects } from './objects.js';

/** What stands before any call comes: disk, configuration, and the lines to the servers. */
export interface Ground {
  readonly settings: Settings;
  /** The configuration as it holds now. */
  readonly live: LiveConfig;
  /** What the API owns of it. */
  readonly objects: OpenObjects['objects'];
  readonly followObjects: OpenObjects['follow'];
  /** Reads the files again; `flows` are those of the dialplans. @throws ConfigFaults */
  readonly read: (flows: readonly string[]) => Config;
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
  const read = (password: Secret, extensions: readonly string[] | 'any', flows?: readonly string[]): Config =>
    loadConfig(settings.folders.config, { realm: settings.realm, env, demo: { ...settings.demo, password }, flows, extensions });
  // The database knows the demo password, and the configuration says how to open the database.
  const first = read(new Secret('not known yet'), 'any');
  const { system } = first;
  let accessConfig = (): AccessConfig => first.access;
  const log = createLog(system.logLevel);
  const store = await openStore({ path: join(data, 'strowger.db'), synchronous: system.synchronous });
  const events = createEvents({ store, log });
  const access = createAccess({ store, events, log, config: () => accessConfig(), folder: data, adminToken: settings.adminToken, demoPassword: settings.demoPassword });
  const files = read(access.demoPassword, ownExtensions(store));
  const { objects, follow: followObjects } = openObjects({ settings, env, files, store, events, log });
  const { config } = objects.now();
  const music = await musicFile(join(data, 'prompts'));
  const live = liveConfig(config);
  accessConfig = () => live.now().access;
  const tts = createTts({
    cacheDir: join(data, 'prompts'), recordedDir: join(settings.folders.dialplans, 'prompts'), log, config: () => live.now().system.speech.tts,
    permit: (url) => permitted(url, settings.allowHosts, systemLookup),
  });
  if (!settings.drachtio) throw new Error('STROWGER_DRACHTIO is not set: `strowger start` sets it for its own edge');
  const edge = connectEdge({ ...settings.drachtio, log });
  const media = createMediaPool({
    srf: edge.srf,
    servers: settings.freeswitch.map(({ host, port, secret }) => ({ host, port, secret: secret.reveal() })),
    listen: settings.eslListen,
    advertise: settings.eslAdvertise,
    timing: MEDIA_TIMING,
    limits: MEDIA_LIMITS,
    rtpTimeoutMs: config.system.rtpTimeoutMs,
    variables: mediaVariables(music),
    warn: (about, message) => log.warn(about, message),
  });
  await Promise.race([bothUp(edge, media), after(START_MS)]);
  for (const fault of files.warnings) log.warn({ code: fault.code }, formatFault(fault));
  return { settings, live, objects, followObjects, read: (flows) => read(access.demoPassword, ownExtensions(store), flows), log, store, events, access, edge, media, tts, music };
}

/** What every media session is told: a leg outlives its bridge, a held party hears music, recordings have two channels. */
const mediaVariables = (music: string): Record<string, string> => ({
  park_after_bridge: 'true',
  hangup_after_bridge: 'false',
  hold_music: music,
  RECORD_STEREO: 'true',
  RECORD_APPEND: 'true', // FreeSWITCH throws away a recording that nothing was written to, unless it appends
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
