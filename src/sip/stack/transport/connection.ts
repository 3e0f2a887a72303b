import type { Socket } from 'node:net';
import type { Clock } from '../clock/clock.js';
import { TransportError } from './errors.js';
import { createFramer, type Frame } from './framer.js';
import type { Remote, TransportLimits } from './types.js';

export interface Connection {
  readonly remote: Remote;
  /** Opened by the other side, and not trusted since. */
  readonly stranger: boolean;
  trust(): void;
  write(data: Buffer, onError: (error: TransportError) => void): void;
  destroy(why: string): void;
}

export interface ConnectionParts {
  readonly socket: Socket;
  readonly remote: Remote;
  readonly inbound: boolean;
  readonly limits: TransportLimits;
  readonly clock: Clock;
  readonly onFrame: (frame: Exclude<Frame, { type: 'ping' }>) => void;
  readonly onClosed: () => void;
}

type Waiting = 'connect' | 'stranger' | 'partial' | 'idle';
const pong = Buffer.from('\r\n');

/** One TCP connection: frames in, messages out, and one deadline that says what it is waiting for. */
export function createConnection(parts: ConnectionParts): Connection {
  const { socket, remote, limits, clock } = parts;
  const framer = createFramer(limits.maxMessageBytes);
  let stranger = parts.inbound;
  let proven = !parts.inbound;
  let closing = false;
  let reason: Error | undefined;
  let waiting: Waiting | undefined;
  let stopClock = (): void => undefined;

  const destroy = (why: string): void => {
    reason ??= new TransportError(why);
    socket.destroy();
  };
  const waitFor = (what: Waiting): void => {
    // A message must be whole in time, and a stranger has one try, however busily either drips.
    if (what === waiting && what !== 'idle') return;
    waiting = what;
    stopClock();
    const ms = { connect: limits.connectMs, stranger: limits.strangerIdleMs, partial: limits.partialMs, idle: limits.idleMs }[what];
    stopClock = clock.after(ms, () => destroy(`no more than ${ms} ms are given for: ${what}`));
  };
  const take = (frame: Frame): void => {
    if (frame.type === 'ping') {
      socket.write(pong);
      return;
    }
    if (frame.type === 'message') proven = true;
    parts.onFrame(frame);
    if (frame.type === 'malformed' && frame.fatal) {
      reason ??= frame.error;
      closing = true;
      waitFor('partial');
      socket.end(() => socket.destroy());
    }
  };
  socket.setNoDelay(true);
  waitFor(parts.inbound ? 'stranger' : 'connect');
  socket.on('connect', () => waitFor('idle'));
  socket.on('data', (chunk: Buffer) => {
    for (const frame of framer.push(chunk)) take(frame);
    if (proven && !closing) waitFor(framer.partial ? 'partial' : 'idle');
  });
  socket.on('error', (error) => (reason ??= error));
  socket.on('close', () => {
    stopClock();
    parts.onClosed();
  });
  return {
    remote,
    get stranger() {
      return stranger;
    },
    trust() {
      stranger = false;
    },
    write(data, onError) {
      if (socket.writableLength + data.length > limits.maxSendBufferBytes) destroy('the other side does not read what we send');
      socket.write(data, (cause) => {
        if (cause) onError(new TransportError(`sending to ${remote.address} port ${remote.port} by TCP failed`, { cause: reason ?? cause }));
      });
    },
    destroy,
  };
}
