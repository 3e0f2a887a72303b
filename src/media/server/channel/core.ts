import type { Ms } from '../../../base/index.js';
import { connect, disconnect, type BridgeEnd } from '../bridge/bridge.js';
import { createClock } from '../clock/clock.js';
import { createFlusher } from '../recorder/flusher.js';
import { createPortPool, freePort } from '../rtp/ports.js';
import { reservePorts } from '../rtp/reserve.js';
import { createChannel, type InnerChannel } from './channel.js';
import { ChannelExists, ChannelGone } from './errors.js';
import type { CoreGauges, CoreOptions, MediaChannel, MediaCore, MediaLog } from './types.js';

const REPORT_MS: Ms = 5_000;
const DEFAULT_REST_MS: Ms = 2_000;
const DEFAULT_RELEARN_MS: Ms = 5_000;
/** A network that is down fails every packet: said once in this time, for each channel. */
const COMPLAINT_MS: Ms = 30_000;

/** Channels, their ports, bridges and the one clock that drives what is played. */
export function createMediaCore(options: CoreOptions): MediaCore {
  const channels = new Map<string, InnerChannel>();
  const opening = new Set<string>();
  const pool = createPortPool(options.rtpPorts, options.portRestMs ?? DEFAULT_REST_MS);
  const clock = createClock(changed);
  const now = (): Ms => clock.now();
  const flusher = createFlusher(now, changed);
  let reports: NodeJS.Timeout | undefined;
  let closed = false;

  function gauges(): CoreGauges {
    let timers = clock.timers() + flusher.timers() + (reports ? 1 : 0);
    for (const channel of channels.values()) timers += channel.timers();
    return { endpoints: channels.size, rtpPortsInUse: pool.taken.size, timers };
  }
  function changed(): void {
    options.onGauge?.(gauges());
  }
  function report(): void {
    for (const channel of channels.values()) channel.report(now(), Date.now());
  }
  async function open(uuid: string): Promise<MediaChannel> {
    const { port, sockets } = await reservePorts(pool, options.address, now, complainer(options.log, uuid, now));
    async function release(): Promise<void> {
      channels.delete(uuid);
      await sockets.close();
      freePort(pool, port, now());
      if (channels.size === 0) {
        clearInterval(reports);
        reports = undefined;
      }
      changed();
    }
    if (closed) {
      await release();
      throw new ChannelGone('the media core is closed');
    }
    const inner = createChannel({ uuid, localPort: port, sockets, clock, flusher, log: options.log, relearnAfterMs: options.relearnAfterMs ?? DEFAULT_RELEARN_MS, onTimer: changed, onDestroyed: release });
    channels.set(uuid, inner);
    reports ??= setInterval(report, REPORT_MS);
    changed();
    return inner.channel;
  }
  const endOf = ({ uuid }: MediaChannel): BridgeEnd | undefined => channels.get(uuid)?.end;
  return {
    async createChannel({ uuid }) {
      if (channels.has(uuid) || opening.has(uuid)) throw new ChannelExists(`a channel ${uuid} exists`);
      opening.add(uuid);
      return open(uuid).finally(() => opening.delete(uuid));
    },
    channel: (uuid) => channels.get(uuid)?.channel,
    bridge: (a, b) => join(endOf(a), endOf(b)),
    unbridge: (channel) => disconnect(endOf(channel)),
    gauges,
    async close() {
      closed = true;
      await Promise.all([...channels.values()].map(({ channel }) => channel.destroy()));
    },
  };
}

function join(a: BridgeEnd | undefined, b: BridgeEnd | undefined): void {
  if (!a || !b) throw new ChannelGone('a channel of the bridge is destroyed');
  connect(a, b);
}

function complainer(log: MediaLog, uuid: string, now: () => Ms): (error: Error) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (err) => {
    if (now() - last < COMPLAINT_MS) return;
    last = now();
    log.warn({ uuid, err }, 'RTP could not be sent');
  };
}
