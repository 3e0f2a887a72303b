import { WebSocket } from 'ws';
import type { Ms } from '../../../base/index.js';

/** One WebSocket towards whoever wants the audio. Nothing here waits: what it cannot take is dropped and counted. */
export interface Pipe {
  audio(frame: Buffer): void;
  text(text: string): void;
  /** Says by an empty binary frame that no more audio comes; the far end closes when it has nothing more to say. */
  shutDown(): void;
  /** Closes, or cuts the line when the far end takes too long about it. Idempotent. */
  close(): void;
  dropped(): number;
}

export interface PipeEvents {
  readonly open: () => void;
  /** It never came up. */
  readonly failed: (why: string) => void;
  /** The far end closed it, or the network did, without being asked to. */
  readonly lost: () => void;
  readonly message: (text: string) => void;
  /** The first frame of this pipe was dropped. */
  readonly overrun: () => void;
}

export interface PipeOptions {
  readonly url: URL;
  readonly protocol: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly allowSelfSigned: boolean;
  /** The first text, before any audio. */
  readonly greeting: string | undefined;
  /** Audio that may wait, here and in the socket. */
  readonly maxBytes: number;
  readonly connectMs: Ms;
  readonly closeMs: Ms;
  readonly after: (ms: Ms, run: () => void) => () => void;
}

const MAX_MESSAGE = 10 * 1024 * 1024;

export function openPipe(options: PipeOptions, on: PipeEvents): Pipe {
  const { url, protocol, headers, allowSelfSigned, greeting, maxBytes, connectMs, closeMs, after } = options;
  const socket = new WebSocket(url, protocol, { headers, perMessageDeflate: false, handshakeTimeout: connectMs, maxPayload: MAX_MESSAGE, rejectUnauthorized: !allowSelfSigned });
  let waiting: (string | Buffer)[] = [];
  let waitingBytes = 0;
  let dropped = 0;
  let state: 'connecting' | 'open' | 'shut_down' | 'closed' = 'connecting';
  let why = 'closed';

  const send = (data: string | Buffer): void => {
    socket.send(data, { binary: typeof data !== 'string' }, () => undefined); // a line that breaks says so by `close`
  };
  const put = (data: string | Buffer): void => {
    if (state === 'connecting') waiting.push(data);
    else if (state === 'open') send(data);
  };
  socket.on('open', () => {
    if (state === 'closed') return cut();
    state = 'open';
    on.open();
    if (greeting !== undefined) send(greeting);
    waiting.forEach(send);
    waiting = [];
  });
  socket.on('error', (error) => (why = error.message));
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary && state !== 'closed') on.message(data.toString('utf8'));
  });
  socket.on('close', () => {
    const before = state;
    state = 'closed';
    waiting = [];
    if (before === 'connecting') on.failed(why);
    else if (before !== 'closed') on.lost();
  });
  function cut(): void {
    socket.close(1000);
    const cancel = after(closeMs, () => socket.terminate());
    socket.once('close', cancel);
  }
  return {
    audio(frame) {
      if (state !== 'connecting' && state !== 'open') return;
      if (waitingBytes + socket.bufferedAmount + frame.length > maxBytes) {
        dropped += 1;
        if (dropped === 1) on.overrun();
        return;
      }
      if (state === 'connecting') waitingBytes += frame.length;
      put(frame);
    },
    text: put,
    shutDown() {
      if (state === 'open') send(Buffer.alloc(0));
      if (state === 'open' || state === 'connecting') state = state === 'open' ? 'shut_down' : state;
    },
    close() {
      const before = state;
      state = 'closed';
      waiting = [];
      if (before === 'connecting') socket.terminate();
      else if (before !== 'closed') cut();
    },
    dropped: () => dropped,
  };
}
