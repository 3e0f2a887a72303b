import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byteRange } from './range.js';

it.each<[string, number, ReturnType<typeof byteRange>]>([
  ['bytes=0-9', 100, { first: 0, last: 9 }],
  ['bytes=90-', 100, { first: 90, last: 99 }],
  ['bytes=-10', 100, { first: 90, last: 99 }],
  ['bytes=-1000', 100, { first: 0, last: 99 }],
  ['bytes=50-1000', 100, { first: 50, last: 99 }],
  ['BYTES=0-0', 100, { first: 0, last: 0 }],
  ['bytes=100-', 100, 'outside'],
  ['bytes=-0', 100, 'outside'],
])('reads %s of %i bytes', (header, size, range) => expect(byteRange(header, size)).toEqual(range));

it.each(['bytes=9-5', 'bytes=-', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,5-6', ''])('ignores "%s", as a server may', (header) => expect(byteRange(header, 100)).toBeUndefined());

it('never leaves the file, whatever is asked', () => {
  fc.assert(fc.property(fc.nat(), fc.option(fc.nat()), fc.integer({ min: 1, max: 1_000_000 }), (a, b, size) => {
    const range = byteRange(`bytes=${a}-${b ?? ''}`, size);
    return typeof range !== 'object' || (range.first >= 0 && range.first <= range.last && range.last < size);
  }));
});
