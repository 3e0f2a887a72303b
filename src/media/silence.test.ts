import { describe, expect, it } from 'vitest';
import { silenceLimit } from './silence.js';

const sdp = (direction?: string, address = '192.0.2.1'): string =>
  ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', `c=IN IP4 ${address}`, 't=0 0', 'm=audio 4000 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', ...(direction === undefined ? [] : [`a=${direction}`]), ''].join('\r\n');

describe('the limit for silence', () => {
  it.each([['sendonly'], ['inactive'], ['recvonly']])('is no limit for a phone that says %s', (direction) => {
    expect(silenceLimit(sdp(direction), 5_000)).toBeGreaterThan(10 * 3_600_000);
  });

  it('is what the configuration says for a phone that talks, and before one has described itself', () => {
    expect([silenceLimit(sdp('sendrecv'), 5_000), silenceLimit(sdp(), 5_000), silenceLimit(undefined, 5_000)]).toEqual([5_000, 5_000, 5_000]);
  });

  it('takes the direction from the session where the audio has none, and minds no other media', () => {
    expect(silenceLimit(sdp().replace('t=0 0', 't=0 0\r\na=inactive'), 5_000)).not.toBe(5_000);
    expect(silenceLimit(`${sdp()}m=video 0 RTP/AVP 31\r\na=inactive\r\n`, 5_000)).toBe(5_000);
  });

  it('knows the old way of holding, an address of 0.0.0.0', () => {
    expect(silenceLimit(sdp(undefined, '0.0.0.0'), 5_000)).not.toBe(5_000);
  });
});
