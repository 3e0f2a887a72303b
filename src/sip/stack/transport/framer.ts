import { SipSyntaxError } from '../message/errors.js';
import { complete, parseHead, type Head } from '../message/parse.js';
import type { SipMessage } from '../message/types.js';

export type Frame =
  | { readonly type: 'message'; readonly message: SipMessage; readonly raw: Buffer }
  /** Two line ends between messages ask for one back (RFC 5626 §4.4.1). */
  | { readonly type: 'ping' }
  /** `fatal`: where the next message starts is unknown, so the connection has to go. */
  | { readonly type: 'malformed'; readonly error: SipSyntaxError; readonly raw: Buffer; readonly fatal: boolean };

export interface Framer {
  push(chunk: Buffer): Frame[];
  /** Part of a message is waiting for the rest. */
  readonly partial: boolean;
}

const endOfHead = Buffer.from('\r\n\r\n');

/** Cuts a byte stream into messages by Content-Length (RFC 3261 §18.3). After a fatal frame everything is ignored. */
export function createFramer(maxBytes: number): Framer {
  let store: Buffer = Buffer.alloc(0);
  let used = 0;
  let scanned = 0;
  let lineEnds = 0;
  let head: { readonly parsed: Head; readonly end: number } | undefined;
  let dead = false;

  const isDead = (): boolean => dead;

  const take = (length: number): Buffer => {
    const raw = store.subarray(0, length);
    // What was handed out stays as it is: later bytes are only ever written behind what is there.
    store = store.subarray(length);
    used -= length;
    scanned = 0;
    head = undefined;
    return raw;
  };
  const fail = (error: unknown, fatal: boolean, raw: Buffer): Frame => {
    if (!(error instanceof SipSyntaxError)) throw error;
    dead ||= fatal;
    return { type: 'malformed', error, raw, fatal };
  };
  const next = (): Frame | undefined => {
    if (!head) {
      while (used >= 2 && store[0] === 13 && store[1] === 10) {
        take(2);
        lineEnds += 1;
        if (lineEnds % 2 === 0) return { type: 'ping' };
      }
      if (used === 0 || (used === 1 && store[0] === 13)) return undefined;
      lineEnds = 0;
      const found = store.subarray(0, used).indexOf(endOfHead, Math.max(0, scanned - 3));
      scanned = used;
      if (found < 0 && used <= maxBytes) return undefined;
      const parsed = headOf(store, found < 0 ? maxBytes : found, found >= 0, maxBytes);
      if (parsed instanceof SipSyntaxError) return fail(parsed, true, store.subarray(0, used));
      head = { parsed, end: found + 4 };
    }
    const total = head.end + (head.parsed.contentLength ?? 0);
    if (used < total) return undefined;
    const { parsed, end } = head;
    const raw = take(total);
    try {
      return { type: 'message', message: complete(parsed, raw.subarray(end)), raw };
    } catch (error) {
      return fail(error, false, raw);
    }
  };
  return {
    push(chunk) {
      if (dead) return [];
      [store, used] = joined(store, used, chunk);
      const frames: Frame[] = [];
      for (let frame = next(); frame; frame = next()) {
        frames.push(frame);
        if (frame.type === 'malformed' && frame.fatal) break;
      }
      if (used === 0 || isDead()) [store, used] = [Buffer.alloc(0), 0];
      return frames;
    },
    get partial() {
      return used > 0 && !dead;
    },
  };
}

/** Room doubles, so that a message in single bytes costs no more copying than one in two pieces. */
function joined(store: Buffer, used: number, chunk: Buffer): [Buffer, number] {
  if (used === 0) return [chunk, chunk.length];
  const length = used + chunk.length;
  let room = store;
  if (room.length < length) {
    room = Buffer.allocUnsafeSlow(Math.max(length, 2 * store.length));
    store.copy(room, 0, 0, used);
  }
  chunk.copy(room, used);
  return [room, length];
}

function headOf(store: Buffer, end: number, whole: boolean, maxBytes: number): Head | SipSyntaxError {
  const endless = (partial: SipSyntaxError['partial']): SipSyntaxError =>
    new SipSyntaxError(`no empty line in ${maxBytes} bytes`, { status: 513, partial });
  try {
    const head = parseHead(store.toString('utf8', 0, end));
    const { partial } = head;
    if (!whole) return endless(partial);
    if (head.contentLength === undefined) return new SipSyntaxError('no Content-Length on a stream', { partial });
    if (end + 4 + head.contentLength > maxBytes) return new SipSyntaxError('a message above the limit', { status: 513, partial });
    return head;
  } catch (error) {
    if (error instanceof SipSyntaxError) return whole ? error : endless(error.partial);
    throw error;
  }
}
