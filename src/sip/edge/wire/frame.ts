import { WireFault } from '../errors.js';

/** Cuts a byte stream into frames; hands out what is complete, keeps the rest. @throws WireFault */
export type Frames = (chunk: Buffer) => Buffer[];

const HASH = 0x23;
/** Digits before the `#`; seven of them are 10 MB, more than any limit below. */
const MAX_DIGITS = 7;

/**
 * The control protocol's framing: `LENGTH#PAYLOAD`, LENGTH in bytes, decimal, back to back on a TCP stream.
 * A frame longer than `maxBytes` or a length that is no number is a WireFault: after it nothing can be trusted.
 */
export function createFrames(maxBytes: number): Frames {
  let kept: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let data = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    const frames: Buffer[] = [];
    for (;;) {
      const hash = data.subarray(0, MAX_DIGITS + 1).indexOf(HASH);
      if (hash < 0) {
        if (data.length > MAX_DIGITS || !isNumber(data)) throw new WireFault('a frame does not begin with its length');
        break;
      }
      const length = lengthOf(data.subarray(0, hash), maxBytes);
      if (data.length < hash + 1 + length) break;
      frames.push(data.subarray(hash + 1, hash + 1 + length));
      data = data.subarray(hash + 1 + length);
    }
    // A copy, so that the rest of a frame does not keep the socket's 64 kB read buffer alive.
    kept = data.length === 0 ? data : Buffer.from(data);
    return frames;
  };
}

function lengthOf(digits: Buffer, maxBytes: number): number {
  if (digits.length === 0 || !isNumber(digits)) throw new WireFault('a frame does not begin with its length');
  const length = Number(digits.toString('latin1'));
  if (length === 0 || length > maxBytes) throw new WireFault(`a frame of ${length} bytes; 1 to ${maxBytes} are allowed`);
  return length;
}

const isNumber = (bytes: Buffer): boolean => bytes.every((byte) => byte >= 0x30 && byte <= 0x39);

/** One frame: the leader line, and after CRLF the raw message where there is one. */
export function frame(leader: string, raw?: Buffer): Buffer {
  if (raw === undefined) return Buffer.from(`${Buffer.byteLength(leader)}#${leader}`);
  const head = Buffer.from(`${Buffer.byteLength(leader) + 2 + raw.length}#${leader}\r\n`);
  return Buffer.concat([head, raw], head.length + raw.length);
}
