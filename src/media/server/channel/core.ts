import { connect, disconnect, type BridgeEnd } from '../bridge/bridge.js';
import { createClock } from '../clock/clock.js';
import { createFlusher } from '../recorder/flusher.js';
import { createPortPool, freePort, takePort } from '../rtp/ports.js';
import { isPortTaken, openPair, type SocketPair } from '../rtp/socket.js';
import { createChannel, type InnerChannel } from './channel.js';
import { ChannelExists, ChannelGone, RtpAddressUnusable, RtpPortsExhausted } from './errors.js';
import type { CoreGauges, CoreOptions, MediaChannel, MediaCore } from './types.js';

const REPORT_MS = 5_000;
const DEFAULT_REST_MS = 2_000;
const DEFAULT_RELEARN_MS = 5_000;

/** Channels, their ports, bridges and the one clock that drives what is played. */
export function createMediaCore(options: CoreOptions): MediaCore {
  const channels = new Map<string, InnerChannel>();
  const pool = createPortPool(options.rtpPorts, options.portRestMs ?? DEFAULT_REST_MS);
  const clock = createClock(changed);
  const flusher = createFlusher(() => clock.now(), changed);
  let reports: NodeJS.Timeout | undefined;

  function gauges(): CoreGauges {
    let timers = clock.timers() + flusher.timers() + (reports ? 1 : 0);
    for (const channel of channels.values()) timers += channel.timers();
    return { endpoints: channels.size, rtpPortsInUse: pool.taken.size, timers };
  }
  function changed(): void {
    options.onGauge?.(gauges());
  }
  function report(): void {
    const now = clock.now();
    for (const channel of channels.values()) channel.report(now, Date.now());
  }
  async function openPorts(uuid: string): Promise<{ port: number; sockets: SocketPair }> {
    for (let tries = 0; tries < pool.pairs; tries += 1) {
      const port = takePort(pool, clock.now());
      if (port === undefined) break;
      try {
        return { port, sockets: await openPair(options.address, port, (error) => options.log.warn({ uuid, err: error }, 'RTP could not be sent')) };
      } catch (error) {
        freePort(pool, port, clock.now());
        if (!isPortTaken(error)) throw new RtpAddressUnusable(`RTP cannot be bound to ${options.address}`, { hint: 'is it an address of this machine?', cause: error });
      }
    }
    throw new RtpPortsExhausted(`no free pair of RTP ports in ${options.rtpPorts.min}-${options.rtpPorts.max}`, { hint: 'widen STROWGER_RTP_PORTS' });
  }
  async function create(uuid: string): Promise<MediaChannel> {
    if (channels.has(uuid)) throw new ChannelExists(`a channel ${uuid} exists`);
    const { port, sockets } = await openPorts(uuid);
    const inner = createChannel({
      uuid, localPort: port, sockets, clock, flusher, log: options.log, relearnAfterMs: options.relearnAfterMs ?? DEFAULT_RELEARN_MS, onTimer: changed,
      async onDestroyed() {
        channels.delete(uuid);
        await sockets.close();
        freePort(pool, port, clock.now());
        if (channels.size === 0) {
          clearInterval(reports);
          reports = undefined;
        }
        changed();
      },
    });
    channels.set(uuid, inner);
    reports ??= setInterval(report, REPORT_MS);
    changed();
    return inner.channel;
  }
  const endOf = (channel: MediaChannel): BridgeEnd | undefined => {
    const inner = channels.get(channel.uuid);
    return inner?.channel === channel ? inner.end : undefined;
  };
  return {
    createChannel: ({ uuid }) => create(uuid),
    channel: (uuid) => channels.get(uuid)?.channel,
    bridge(a, b) {
      const [one, other] = [endOf(a), endOf(b)];
      if (!one || !other) throw new ChannelGone('a channel of the bridge is destroyed');
      connect(one, other);
    },
    unbridge(channel) {
      const end = endOf(channel);
      if (end) disconnect(end);
    },
    gauges,
    async close() {
      await Promise.all([...channels.values()].map(({ channel }) => channel.destroy()));
    },
  };
}
