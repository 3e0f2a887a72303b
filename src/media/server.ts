import type { Server, Socket } from 'node:net';
import Mrf from 'drachtio-fsmrf';
import type Srf from 'drachtio-srf';
import { batched, type Ms } from '../base/index.js';
import { MediaUnavailable } from './errors.js';
import { lease } from './lease.js';
import { probe } from './probe.js';

export interface MediaAddress {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

export interface MediaListen {
  /** Where we listen for the media servers' outbound event sockets; worked out where absent. */
  readonly listen?: { readonly host: string; readonly port: number } | undefined;
  /** What we tell them to connect to, where that differs from `listen`. */
  readonly advertise?: { readonly host: string; readonly port: number } | undefined;
}

export interface MediaTiming {
  readonly connectMs: Ms;
  /** Between two attempts; doubles from the first to the second. */
  readonly retryMs: readonly [first: Ms, longest: Ms];
  /** How often a connected server is asked for its status, and how long it may take to answer. */
  readonly pingMs: Ms;
}

export interface ServerLink {
  readonly name: string;
  readonly current: () => Mrf.MediaServer | undefined;
  /** Whether the server connected now has mod_audio_fork. */
  readonly canFork: () => boolean;
  readonly close: () => void;
}

interface Watch {
  readonly up: (ms: Mrf.MediaServer) => void;
  readonly down: () => void;
  readonly warn: (about: object, message: string) => void;
}

/** Keeps one media server connected: probe, connect, watch, and again. `up` and `down` alternate, `up` first. */
export function keepConnected(srf: Srf, address: MediaAddress, how: MediaListen & { timing: MediaTiming }, watch: Watch): ServerLink {
  const name = `${address.host}:${address.port}`;
  let current: Mrf.MediaServer | undefined;
  let canFork = false;
  let closed = false;
  let retryMs = how.timing.retryMs[0];
  let timer: NodeJS.Timeout | undefined;

  const later = (run: () => void, ms: Ms): void => {
    if (!closed) timer = setTimeout(run, ms);
  };
  const lost = (ms: Mrf.MediaServer): void => {
    if (current !== ms) return;
    current = undefined;
    clearTimeout(timer);
    abandon(ms);
    watch.down();
    later(attempt, how.timing.retryMs[0]);
  };
  const ping = (ms: Mrf.MediaServer): void => {
    if (current !== ms) return;
    lease('status', how.timing.pingMs, undefined, () => ms.api('status')).then(
      () => current === ms && later(() => ping(ms), how.timing.pingMs),
      (error: unknown) => {
        watch.warn({ error, media: name }, 'the media server does not answer');
        lost(ms);
      },
    );
  };
  function attempt(): void {
    connectOnce(srf, address, how).then(
      async (ms) => {
        canFork = await hasAudioFork(ms, how.timing.connectMs).catch((error: unknown) => {
          watch.warn({ error, media: name }, 'cannot ask the media server for its modules');
          return false;
        });
        if (closed) return abandon(ms);
        current = ms;
        ms.conn.socket?.setNoDelay(true);
        packTogether(ms);
        retryMs = how.timing.retryMs[0];
        ms.conn.on('esl::end', () => lost(ms));
        ms.conn.on('error', () => lost(ms));
        watch.up(ms);
        later(() => ping(ms), how.timing.pingMs);
      },
      (error: unknown) => {
        watch.warn({ error, media: name }, 'cannot reach the media server');
        later(attempt, retryMs);
        retryMs = Math.min(retryMs * 2, how.timing.retryMs[1]);
      },
    );
  }
  attempt();
  return {
    name,
    current: () => current,
    canFork: () => canFork,
    close() {
      closed = true;
      clearTimeout(timer);
      if (current) abandon(current);
      current = undefined;
    },
  };
}

/** @throws MediaUnavailable */
const hasAudioFork = async (ms: Mrf.MediaServer, leaseMs: Ms): Promise<boolean> =>
  (await lease('module_exists', leaseMs, undefined, () => ms.api('module_exists mod_audio_fork'))).trim() === 'true';

/** @throws MediaUnavailable */
async function connectOnce(srf: Srf, address: MediaAddress, how: MediaListen & { timing: MediaTiming }): Promise<Mrf.MediaServer> {
  const localAddress = await probe(address.host, address.port, how.timing.connectMs);
  return new Promise((resolve, reject) => {
    let settled = false;
    const timer = setTimeout(() => done(new MediaUnavailable(`no answer from the media server at ${address.host}:${address.port}`)), how.timing.connectMs);
    const done = (error: Error | null, ms?: Mrf.MediaServer): void => {
      if (settled) {
        if (ms) abandon(ms); // fsmrf may answer again, long after it said no
        return;
      }
      settled = true;
      clearTimeout(timer);
      if (ms) resolve(ms);
      else reject(error instanceof MediaUnavailable ? error : new MediaUnavailable('the media server refused us', { cause: error, hint: 'check its secret and its drachtio_mrf profile' }));
    };
    new Mrf(srf).connect(
      {
        address: address.host,
        port: address.port,
        secret: address.secret,
        listenAddress: how.listen?.host ?? localAddress,
        listenPort: how.listen?.port ?? 0,
        ...(how.advertise ? { advertisedAddress: how.advertise.host, advertisedPort: how.advertise.port } : {}),
      },
      done,
    );
  });
}

/** modesl writes a command line by line: ours, and those of every channel that calls us. */
function packTogether(ms: Mrf.MediaServer): void {
  if (ms.conn.socket) batched(ms.conn.socket, setImmediate);
  const { _server } = ms as unknown as { readonly _server: { readonly server: Server } };
  _server.server.prependListener('connection', (socket: Socket) => void batched(socket, setImmediate));
}

/** Lets a media server go for good: modesl would go on reconnecting behind our back. */
function abandon(ms: Mrf.MediaServer): void {
  const { conn } = ms;
  clearTimeout(conn.reconnectVars.retryTimer ?? undefined);
  conn.closing = true;
  ms.removeAllListeners('error');
  ms.on('error', () => undefined); // what a dead server still has to say
  ms.disconnect();
}
