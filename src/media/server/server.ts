import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { createMediaCore, type CoreGauges, type MediaCore } from './channel/index.js';
import { COMMAND_LIMITS } from './esl/command.js';
import type { ConnectionLimits } from './esl/connection.js';
import { listenInbound } from './esl/inbound.js';
import { socketApplication } from './esl/outbound.js';
import { createBus } from './events/bus.js';
import { startHeartbeat } from './events/heartbeat.js';
import { openMusic, type Music } from './music/store.js';
import type { MediaOptions } from './options.js';
import { createTimers } from './session/timers.js';
import type { Server } from './session/types.js';
import { createUserAgent } from './ua/ua.js';

export interface MediaServer {
  readonly eslPort: number;
  /** `ip:port` */
  readonly sipAddress: string;
  readonly gauges: () => MediaGauges;
  /** Hangs up what is left and frees everything. */
  readonly close: () => Promise<void>;
}

export interface MediaGauges extends CoreGauges {
  readonly sessions: number;
  readonly dialogs: number;
  readonly transactions: number;
}

const LIMITS: ConnectionLimits = { command: COMMAND_LIMITS, queueBytes: 16 * 1024 * 1024 };
const MAX_STRANGERS = 100;

/**
 * A media server: SIP user agent, event socket, media core.
 * @throws ListenError, or what node:net says, when an address cannot be had; nothing stays open then
 */
export async function startMediaServer(options: MediaOptions, log: Logger): Promise<MediaServer> {
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one();
  };
  try {
    return await open(options, log, opened, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(options: MediaOptions, log: Logger, opened: (() => Promise<void>)[], close: () => Promise<void>): Promise<MediaServer> {
  const music = await openMusic(options.soundsDir);
  opened.push(music.close);
  const core = createMediaCore({ address: options.rtpAddress, rtpPorts: options.rtpPorts, log });
  const late = { sip: '' };
  const server = createContext(options, log, core, music, () => late.sip);
  const { host: address, port } = options.sip;
  const advertise = address === '0.0.0.0' || address === '::' ? options.publicAddress : address;
  const applications = new Map([['socket', socketApplication({ limits: LIMITS, connectMs: options.connectMs, greetMs: options.authMs })]]);
  const agent = await createUserAgent(server, [{ proto: 'udp', address, port, advertise }, { proto: 'tcp', address, port, advertise }], { mediaAddress: options.publicAddress, applications });
  late.sip = agent.address();
  opened.push(agent.close, () => core.close());
  const inbound = await listenInbound(server, { ...options.esl, secret: options.secret, limits: LIMITS, authMs: options.authMs, maxStrangers: MAX_STRANGERS });
  opened.push(inbound.close);
  const stopHeartbeat = startHeartbeat(server, options.heartbeatMs);
  return {
    eslPort: inbound.port,
    sipAddress: agent.address(),
    gauges() {
      const media = core.gauges();
      return { ...media, sessions: server.sessions.size, dialogs: agent.dialogs(), transactions: agent.transactions(), timers: media.timers + agent.timers() + server.timers.count() };
    },
    async close() {
      stopHeartbeat();
      for (const session of [...server.sessions.values()]) session.hangUp('SYSTEM_SHUTDOWN');
      server.timers.close();
      await close();
    },
  };
}

function createContext(options: MediaOptions, log: Logger, core: MediaCore, music: Music, sipAddress: () => string): Server {
  const started = Date.now() * 1000 - Math.round(performance.now() * 1000);
  const host = hostname();
  return {
    bus: createBus({ coreUuid: randomUUID(), hostname: host, address: options.publicAddress }),
    core, log, sipAddress,
    timers: createTimers(),
    sessions: new Map(),
    stats: { total: 0, peak: 0, perSecond: 0 },
    globals: new Map([['hostname', host], ['local_ip_v4', options.publicAddress], ['domain', options.publicAddress], ['hold_music', 'local_stream://moh']]),
    startedAt: performance.now(),
    microtime: () => started + Math.round(performance.now() * 1000),
    profileName: options.profile,
    maxSessions: options.maxSessions,
    soundsDir: options.soundsDir,
    music: () => music.source,
  };
}
