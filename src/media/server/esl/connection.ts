import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { FsEvent } from '../events/event.js';
import type { Listener } from '../events/bus.js';
import { createCommandReader, type Command, type CommandLimits } from './command.js';
import { EslProtocolError } from '../errors.js';
import { eventFrame } from './replies.js';
import { createSubscription, type Subscription } from './subscription.js';

export interface ConnectionLimits {
  readonly command: CommandLimits;
  /** What may wait to be read by the client before the client is dropped. */
  readonly queueBytes: number;
}

/** One client of the event socket. Commands are handled one after another, each answered before the next begins. */
export interface Connection {
  readonly subscription: Subscription;
  readonly listener: Listener;
  readonly write: (text: string) => void;
  /** Sends what is still to be sent, then ends it. */
  readonly close: (last?: string) => void;
  readonly isOpen: () => boolean;
}

export interface ConnectionPorts {
  readonly limits: ConnectionLimits;
  readonly log: Logger;
  readonly handle: (command: Command) => Promise<void> | undefined;
  /**
   * The first line of a command is there, its end is not, and nothing else is being done. Clients write line by line;
   * an answer now spares them the 40 ms that Nagle's algorithm and our delayed acknowledgement cost together. Of the
   * answer the last byte is kept until the end of the command is there, so that this, too, is acknowledged at once.
   */
  readonly begin: (line: string) => 'done' | 'answered' | undefined;
  /** Called once, whoever ended it. */
  readonly closed: () => void;
}

export function createConnection(socket: Socket, ports: ConnectionPorts): Connection {
  const { log, limits } = ports;
  const subscription = createSubscription();
  const reader = createCommandReader(limits.command);
  const inbox: Command[] = [];
  let busy = false;
  let open = true;

  const drop = (why: string, fields: object): void => {
    if (!open) return;
    log.warn({ remote: remoteOf(socket), ...fields }, why);
    socket.destroy();
  };

  const held: Buffer[] = [];
  let heldBytes = 0;
  const hold = (bytes: Buffer): void => {
    held.push(bytes);
    heldBytes += bytes.length;
  };
  const release = (): void => {
    if (held.length === 0 || reader.owed()) return;
    socket.write(Buffer.concat(held.splice(0)));
    heldBytes = 0;
  };

  const write = (text: string): void => {
    if (!open) return;
    if (!reader.owed()) socket.write(text);
    else {
      const bytes = Buffer.from(text);
      const now = held.length === 0 ? bytes.length - 1 : 0;
      if (now > 0) socket.write(bytes.subarray(0, now));
      hold(bytes.subarray(now));
    }
    // A client that does not read must cost neither memory nor calls.
    const waitingBytes = socket.writableLength + heldBytes;
    if (waitingBytes > limits.queueBytes) drop('event socket client dropped: it does not read', { waitingBytes });
  };

  const work = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      for (let command = inbox.shift(); command && open; command = inbox.shift()) {
        const pending = ports.handle(command);
        if (pending) await pending;
      }
    } finally {
      busy = false;
    }
  };

  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  socket.on('data', (chunk: Buffer) => {
    try {
      inbox.push(...reader.feed(chunk));
      release();
      const line = busy || inbox.length > 0 ? undefined : reader.begun();
      const how = line === undefined ? undefined : ports.begin(line);
      if (how) reader.claim(how);
      if (line !== undefined && how === 'done') inbox.push({ line, headers: new Map(), fields: [], body: '', answered: false });
    } catch (error) {
      if (!(error instanceof EslProtocolError)) throw error;
      drop('event socket client dropped: bad command', { err: error });
      return;
    }
    if (inbox.length > MOST_WAITING) return drop('event socket client dropped: too many commands at once', { commands: inbox.length });
    work().catch((error: unknown) => log.error({ err: error }, 'event socket command failed'));
  });
  socket.on('error', (error) => log.debug({ err: error, remote: remoteOf(socket) }, 'event socket connection broke'));
  socket.on('end', () => socket.end());
  socket.once('close', () => {
    open = false;
    inbox.length = 0;
    ports.closed();
  });

  return {
    subscription,
    write,
    isOpen: () => open,
    close(last) {
      if (last !== undefined) write(last);
      if (held.length > 0) socket.write(Buffer.concat(held.splice(0)));
      socket.end();
      setTimeout(() => socket.destroy(), CLOSE_MS).unref();
    },
    listener: {
      wants: subscription.wants,
      offer(event: FsEvent) {
        if (!subscription.passes(event)) return;
        const format = subscription.format();
        write(eventFrame(format, format === 'json' ? event.json() : event.plain()));
      },
    },
  };
}

const MOST_WAITING = 10_000;
const CLOSE_MS = 2_000;

const remoteOf = (socket: Socket): string => `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
