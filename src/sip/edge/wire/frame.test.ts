import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireFault } from '../errors.js';
import { createFrames, frame } from './frame.js';

const texts = (frames: Buffer[]): string[] => frames.map(String);

describe('frames of the control protocol', () => {
  it('cuts what drachtio-srf sends back to back', () => {
    const frames = createFrames(1000);
    expect(texts(frames(Buffer.from('16#a|route|register14#b|route|invite6#c|ping')))).toEqual(['a|route|register', 'b|route|invite', 'c|ping']);
  });

  it('counts bytes, not characters', () => {
    const text = 'a|sip||\r\nMESSAGE sip:x@y SIP/2.0\r\n\r\n您好 👋';
    expect(frame(text).toString()).toBe(`${Buffer.byteLength(text)}#${text}`);
    expect(texts(createFrames(1000)(frame(text)))).toEqual([text]);
  });

  it('puts a raw message behind CRLF without touching its bytes', () => {
    const raw = Buffer.from([0xff, 0x00, 0x23]);
    expect(frame('id|sip|', raw)).toEqual(Buffer.concat([Buffer.from('12#id|sip|\r\n'), raw]));
  });

  it('yields the same frames however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 60 })), fc.integer({ min: 1, max: 17 }), (messages, step) => {
        const stream = Buffer.concat(messages.map((text) => frame(text)));
        const frames = createFrames(1000);
        const got: string[] = [];
        for (let i = 0; i < stream.length; i += step) got.push(...texts(frames(stream.subarray(i, i + step))));
        expect(got).toEqual(messages);
      }),
    );
  });

  it.each(['hello', '#x', '12x#hello', '99999999#', '0#', '-1#x', '1001#'])('throws on %j', (text) => {
    expect(() => createFrames(1000)(Buffer.from(text))).toThrow(WireFault);
  });

  it('waits for the rest of a length that was cut', () => {
    const frames = createFrames(1000);
    expect(frames(Buffer.from('1'))).toEqual([]);
    expect(texts(frames(Buffer.from('0#0123456789')))).toEqual(['0123456789']);
  });
});
