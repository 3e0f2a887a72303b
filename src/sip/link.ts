import type { Socket } from 'node:net';
import Srf from 'drachtio-srf';
import { batched, sharedSignal, type Ms } from '../base/index.js';
import type { Secret } from '../config/index.js';
import { EdgeDown, NoAnswer, RequestFailed, type Ask, type Asked, type Requester } from './requester.js';

/** The one connection to the SIP server, drachtio-server or the embedded edge. It comes back by itself. */
export interface Edge extends Requester {
  readonly srf: Srf;
  readonly up: boolean;
  /** Where the SIP server listens, as `udp/192.0.2.1:5060`; empty until it was up once. */
  readonly hostports: readonly string[];
  /** Fires when the connection that is up now is lost; already fired where none is. Nothing that waits on it will settle. */
  lost(): AbortSignal;
  onUp(fn: () => void): () => void;
  onDown(fn: (why: string) => void): () => void;
  close(): void;
}
export interface EdgeOptions {
  readonly host: string;
  readonly port: number;
  readonly secret: Secret;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void; error(fields: object, message: string): void };
  /** The longest pause between two tries. */
  readonly maxRetryMs?: Ms;
}

/**
 * What drachtio-srf 5.0 really does, where its types are silent or wrong: requests call back with (error, request),
 * and a client that is closed while it waits to reconnect would go on reconnecting.
 */
interface RawRequest {
  on(event: 'response', fn: (res: Asked) => void): void;
}
interface RawSrf {
  request(uri: string, options: object, callback: (error: Error | null, req?: RawRequest) => void): void;
  connect(options: object): void;
  disconnect(): void;
  readonly _dialogs: Map<string, unknown>;
  readonly app: { readonly client?: { readonly wp?: { closing?: boolean; on(event: 'connect', fn: (socket: Socket) => void): void; readonly reconnectVars?: { retryTimer?: NodeJS.Timeout | null } } } };
}

/** Connects, and keeps connecting with growing pauses; an error never escapes. */
export function connectEdge({ host, port, secret, log, maxRetryMs = 1000 }: EdgeOptions): Edge {
  const srf = new Srf();
  const raw = srf as unknown as RawSrf;
  const ups = new Set<() => void>();
  const downs = new Set<(why: string) => void>();
  let connection = sharedSignal();
  connection.abort();
  let hostports: readonly string[] = [];
  let closed = false;
  let lastError = 'the connection was closed';

  const isUp = (): boolean => !connection.signal.aborted;
  const goDown = (): void => {
    if (!isUp()) return;
    connection.abort();
    // These dialogs will never hear anything again; drachtio-srf would keep them for ever.
    raw._dialogs.clear();
    if (!closed) log.error({ host, port, why: lastError }, 'the SIP server is lost');
    for (const fn of [...downs]) guarded(() => fn(lastError));
  };
  const guarded = (fn: () => void): void => {
    try {
      fn();
    } catch (error) {
      log.error({ err: error }, 'a listener to the SIP connection failed');
    }
  };
  srf.on('connect', (error: Error | null, where: string) => {
    if (closed) return raw.disconnect();
    if (error) {
      lastError = error.message;
      return log.error({ host, port, err: error }, 'the SIP server refused the secret: see STROWGER_DRACHTIO');
    }
    goDown();
    connection = sharedSignal();
    hostports = where.split(',').filter((s) => s !== '');
    lastError = 'the connection was closed';
    log.info({ host, port, hostports }, 'connected to the SIP server');
    for (const fn of [...ups]) guarded(fn);
  });
  srf.on('error', (error: Error) => {
    lastError = error.message;
    if (!closed) log.warn({ host, port, why: error.message }, 'the SIP server cannot be reached, trying again');
  });
  (srf as NodeJS.EventEmitter).on('close', goDown);
  raw.connect({ host, port, secret: secret.reveal(), reconnect: { retryMaxDelay: maxRetryMs } });
  raw.app.client?.wp?.on('connect', (socket) => batched(socket.setNoDelay(true), setImmediate));

  return {
    srf,
    get up() {
      return isUp();
    },
    get hostports() {
      return hostports;
    },
    lost: () => connection.signal,
    onUp(fn) {
      ups.add(fn);
      return () => ups.delete(fn);
    },
    onDown(fn) {
      downs.add(fn);
      return () => downs.delete(fn);
    },
    request: (ask) => send(raw, ask, connection.signal),
    close() {
      closed = true;
      const wp = raw.app.client?.wp;
      if (wp) {
        wp.closing = true;
        clearTimeout(wp.reconnectVars?.retryTimer ?? undefined);
      }
      if (isUp()) raw.disconnect();
      goDown();
    },
  };
}

function send(raw: RawSrf, ask: Ask, lost: AbortSignal): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      settle();
      reject(error);
    };
    const onLost = (): void => fail(new EdgeDown(`the SIP server was lost during ${ask.method} to ${ask.uri}`));
    const timer = setTimeout(() => fail(new NoAnswer(`no answer to ${ask.method} from ${ask.uri} in ${ask.timeoutMs} ms`)), ask.timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      lost.removeEventListener('abort', onLost);
    };
    if (lost.aborted) return fail(new EdgeDown('the SIP server is not connected'));
    lost.addEventListener('abort', onLost, { once: true });
    try {
      raw.request(ask.uri, { method: ask.method, headers: { ...ask.headers } }, (error, req) => {
        if (error || !req) return fail(new RequestFailed(`${ask.method} to ${ask.uri} was not sent`, { cause: error }));
        req.on('response', (res) => {
          if (res.status < 200) return;
          settle();
          resolve(res);
        });
      });
    } catch (cause) {
      fail(new RequestFailed(`${ask.method} to ${ask.uri} was not sent`, { cause }));
    }
  });
}
