import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { createMediaCore, type CoreGauges } from './channel/index.js';
import { COMMAND_LIMITS } from './esl/command.js';
import type { ConnectionLimits } from './esl/connection.js';
import { listenInbound } from './esl/inbound.js';
import { socketApplication } from './esl/outbound.js';
import { createBus } from './events/bus.js';
import { startHeartbeat } from './events/heartbeat.js';
import { openMusic } from './music/store.js';
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

/** A media server: SIP user agent, event socket, media core. */
export async function startMediaServer(options: MediaOptions, log: Logger): Promise<MediaServer> {
  const music = await openMusic(options.soundsDir);
  const core = createMediaCore({ address: options.rtpAddress, rtpPorts: options.rtpPorts, log });
  const started = Date.now() * 1000 - Math.round(performance.now() * 1000);
  const host = hostname();
  const late = { sip: '' };
  const server: Server = {
    bus: createBus({ coreUuid: randomUUID(), hostname: host, address: options.publicAddress }),
    core, log,
    timers: createTimers(),
    sessions: new Map(),
    stats: { total: 0, peak: 0, perSecond: 0 },
    globals: new Map([['hostname', host], ['local_ip_v4', options.publicAddress], ['domain', options.publicAddress], ['hold_music', 'local_stream://moh']]),
    startedAt: performance.now(),
    microtime: () => started + Math.round(performance.now() * 1000),
    profileName: options.profile,
    sipAddress: () => late.sip,
    maxSessions: options.maxSessions,
    soundsDir: options.soundsDir,
    music: () => music.source,
  };
  const { host: address, port } = options.sip;
  const advertise = address === '0.0.0.0' || address === '::' ? options.publicAddress : address;
  const applications = new Map([['socket', socketApplication({ limits: LIMITS, connectMs: options.connectMs, greetMs: options.authMs })]]);
  const agent = await createUserAgent(server, [{ proto: 'udp', address, port, advertise }, { proto: 'tcp', address, port, advertise }], { mediaAddress: options.publicAddress, applications });
  late.sip = agent.address();
  const inbound = await listenInbound(server, { ...options.esl, secret: options.secret, limits: LIMITS, authMs: options.authMs, maxStrangers: MAX_STRANGERS });
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
      await inbound.close();
      await core.close();
      await agent.close();
      await music.close();
    },
  };
}
