import { connect, type Socket } from 'node:net';
import type { Ms } from '../../../base/index.js';
import type { App } from '../apps/app.js';
import { parkUntil } from '../apps/basics.js';
import { toInt } from '../apps/split.js';
import { WAITING_MUSIC } from '../session/dialplan.js';
import type { Server, Session } from '../session/types.js';
import { begin, handle, type Client } from './client.js';
import { createConnection, type ConnectionLimits } from './connection.js';
import { disconnectNotice, lingerNotice } from './replies.js';

export interface OutboundOptions {
  readonly limits: ConnectionLimits;
  readonly connectMs: Ms;
  /** From the connection to the application's `connect` command. */
  readonly greetMs: Ms;
}

const DEFAULT_PORT = 8084;

interface Target {
  readonly host: string;
  readonly port: number;
}

/** `host:port[|host:port…] [async] [full]`: always asynchronous and full, as drachtio-fsmrf wants it. */
function targets(data: string): Target[] {
  const [hosts = ''] = data.trim().split(/\s+/);
  return hosts
    .split('|')
    .filter((h) => h !== '')
    .map((text) => {
      const [, host = '', port] = /^\[?([^\]]*?)\]?(?::(\d+))?(?:\/.*)?$/.exec(text) ?? [];
      return { host, port: toInt(port, DEFAULT_PORT) };
    });
}

/**
 * The `socket` application: connects to the application that is to control this channel, and parks the channel until
 * something takes it elsewhere. When that connection ends, a channel with X-Waiting-Music goes on in the dialplan, which
 * plays it until an application takes the channel back; any other that is not bridged is hung up, and a bridged one lives
 * as long as its bridge. Nothing is left behind.
 */
export const socketApplication =
  (options: OutboundOptions): App =>
  async (context) => {
    const { server, session, frame } = context;
    const socket = await reach(server, session, targets(context.data), options.connectMs);
    if (!socket) return;
    if (session.cause) {
      socket.destroy();
      return;
    }
    session.orphaned = false;
    const control = takeControl(server, session, socket, options);
    const greeted = await frame.wait<'connected'>((finish) => control.onConnected(() => finish('connected')));
    if (greeted !== 'connected') return;
    await parkUntil(context, control.onClosed);
  };

async function reach(server: Server, session: Session, hosts: readonly Target[], connectMs: Ms): Promise<Socket | undefined> {
  for (const target of hosts) {
    const socket = await dial(target, connectMs).catch((error: unknown) => {
      server.log.error({ uuid: session.uuid, ...target, err: error }, 'the application cannot be reached');
      return undefined;
    });
    if (socket) return socket;
  }
  return undefined;
}

function dial({ host, port }: Target, connectMs: Ms): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const timer = setTimeout(() => socket.destroy(new Error(`no answer from ${host}:${port} in ${connectMs} ms`)), connectMs);
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

interface Control {
  /** @returns what takes the listener away */
  readonly onConnected: (listener: () => void) => () => void;
  readonly onClosed: (listener: () => void) => () => void;
}

function takeControl(server: Server, session: Session, socket: Socket, options: OutboundOptions): Control {
  let greeted = false;
  let listener = (): void => undefined;
  let closed = false;
  let whenClosed = (): void => undefined;
  let unsubscribe = (): void => undefined;
  const silent = server.timers.after(options.greetMs, () => {
    server.log.warn({ uuid: session.uuid }, 'the application connected but never asked for its channel');
    socket.destroy();
  });
  const connection = createConnection(socket, {
    limits: options.limits,
    log: server.log,
    begin: (line) => begin(client, line),
    handle: (command) => handle(client, command),
    closed() {
      silent();
      unsubscribe();
      closed = true;
      whenClosed();
      orphan(server, session);
    },
  });
  const client: Client = {
    server, connection, session,
    linger: undefined,
    connected() {
      greeted = true;
      silent();
      listener();
    },
  };
  unsubscribe = server.bus.add(connection.listener);
  session.onHangup.add((unwound) => farewell(server, session, client, unwound));
  return {
    onConnected(next) {
      listener = next;
      if (greeted) next();
      return () => (listener = () => undefined);
    },
    onClosed(next) {
      whenClosed = next;
      if (closed) next();
      return () => (whenClosed = () => undefined);
    },
  };
}

function orphan(server: Server, session: Session): void {
  session.orphaned = true;
  if (session.cause) return;
  server.log.info({ uuid: session.uuid, bridged: session.peer !== undefined }, 'the application left its channel');
  if (!session.peer && session.variables.get(WAITING_MUSIC) === undefined) session.hangUp('NORMAL_CLEARING');
}

const UNWIND_MS: Ms = 1_000;

/** The channel is down: what ran on it is completed first, then comes the notice. */
function farewell(server: Server, session: Session, client: Client, unwound: Promise<void>): void {
  const { connection, linger } = client;
  if (linger === undefined) {
    const part = (): void => {
      cancel();
      setImmediate(() => connection.close(disconnectNotice(session.uuid)));
    };
    const cancel = server.timers.after(UNWIND_MS, part);
    void unwound.then(part);
    return;
  }
  connection.write(lingerNotice(session.uuid, session.name, linger));
  if (linger >= 0) server.timers.after(linger * 1000, () => connection.close(disconnectNotice(session.uuid)));
}
