import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioSdp } from './audio.js';
import { SdpSyntaxError } from './errors.js';
import { attribute, attributes, formatSdp, parseSdp } from './sdp.js';
import { payloadsOf, streamOf } from './stream.js';

const crlf = (lines: string[]): string => lines.map((line) => `${line}\r\n`).join('');
const offer = crlf([
  'v=0', 'o=- 20518 0 IN IP4 203.0.113.1', 's=-', 'c=IN IP4 203.0.113.1', 't=0 0', 'a=unknown:kept', 'x=also kept',
  'm=audio 54400 RTP/AVP 0 96 8 101 97', 'a=rtpmap:96 opus/48000/2', 'a=fmtp:96 useinbandfec=1', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-16', 'a=ptime:20', 'a=maxptime:150', 'a=sendonly',
  'm=video 0 RTP/AVP 31', 'c=IN IP4 0.0.0.0',
]);
const audio = (...lines: string[]) => streamOf(parseSdp(crlf(['v=0', 'c=IN IP4 192.0.2.1', 'm=audio 4000 RTP/AVP 8', ...lines])), 'audio');

it('is written as it was read, unknown lines in their place', () => {
  expect(formatSdp(parseSdp(offer))).toBe(offer);
  expect(formatSdp(parseSdp(Buffer.from(offer.replace(/\r/g, ''))))).toBe(offer);
});

it('keeps the number of ports and any protocol', () => {
  const text = crlf(['v=0', 'm=audio 49170/2 UDP/TLS/RTP/SAVPF 0', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel']);
  expect(parseSdp(text).media).toMatchObject([{ ports: 2, proto: 'UDP/TLS/RTP/SAVPF' }, { formats: ['webrtc-datachannel'] }]);
  expect(formatSdp(parseSdp(text))).toBe(text);
});

it('reads what one stream needs', () => {
  expect(streamOf(parseSdp(offer), 'audio')).toMatchObject({
    index: 0, address: '203.0.113.1', port: 54_400, rtcp: { address: '203.0.113.1', port: 54_401 }, rtcpMux: false, ptimeMs: 20, maxptimeMs: 150, direction: 'sendonly',
    payloads: [
      { pt: 0, name: 'PCMU', clockRate: 8_000, channels: 1, fmtp: undefined },
      { pt: 96, name: 'OPUS', clockRate: 48_000, channels: 2, fmtp: 'useinbandfec=1' },
      { pt: 8, name: 'PCMA', clockRate: 8_000 },
      { pt: 101, name: 'TELEPHONE-EVENT', clockRate: 8_000, fmtp: '0-16' },
    ],
  });
});

it('finds the first open line of a kind, else a refused one, else none', () => {
  const two = parseSdp(crlf(['v=0', 'c=IN IP4 1.1.1.1', 'm=audio 0 RTP/AVP 0', 'm=audio 5000 RTP/AVP 0']));
  expect([streamOf(two, 'audio')?.index, streamOf(parseSdp(offer), 'video')?.port, streamOf(two, 'text')]).toEqual([1, 0, undefined]);
});

it.each([
  ['an address of its own wins', ['c=IN IP4 192.0.2.9/127'], { address: '192.0.2.9' }],
  ['IPv6', ['c=IN IP6 2001:db8::1'], { address: '2001:db8::1' }],
  ['RTCP on a port of its own (RFC 3605)', ['a=rtcp:53020 IN IP4 126.16.64.4'], { rtcp: { address: '126.16.64.4', port: 53_020 } }],
  ['RTCP on a port of its own, same address', ['a=rtcp:53020'], { rtcp: { address: '192.0.2.1', port: 53_020 } }],
  ['RTCP on the same port (RFC 5761)', ['a=rtcp-mux', 'a=rtcp:9'], { rtcpMux: true, rtcp: { address: '192.0.2.1', port: 4_000 } }],
  ['sendrecv unless told', [], { direction: 'sendrecv' }],
  ['hold as it was once done (RFC 3264 §8.4)', ['c=IN IP4 0.0.0.0'], { direction: 'sendonly' }],
  ['hold in both ways', ['c=IN IP4 0.0.0.0', 'a=recvonly'], { direction: 'inactive' }],
])('%s', (_what, lines, found) => {
  expect(audio(...lines)).toMatchObject(found);
});

it('takes the direction of the session where the line has none', () => {
  const held = crlf(['v=0', 'c=IN IP4 1.1.1.1', 'a=inactive', 'm=audio 5000 RTP/AVP 0', 'm=audio 5002 RTP/AVP 0', 'a=recvonly']);
  expect(streamOf(parseSdp(held), 'audio')?.direction).toBe('inactive');
});

it('reads attributes by their whole name', () => {
  const { lines } = parseSdp(crlf(['v=0', 'a=rtcp-mux', 'a=rtcp:5', 'a=rtcp:6']));
  expect([attribute(lines, 'rtcp'), attributes(lines, 'rtcp'), attribute(lines, 'rtcp-mux'), attribute(lines, 'rt')]).toEqual(['5', ['5', '6'], '', undefined]);
});

describe('garbage is refused in one way only', () => {
  it.each([
    ['nothing', ''],
    ['no v=0', 's=-\r\n'],
    ['another version', 'v=1\r\n'],
    ['a line that is none', 'v=0\r\nhello\r\n'],
    ['m= without a port', 'v=0\r\nm=audio RTP/AVP 0\r\n'],
    ['m= with a port too high', 'v=0\r\nm=audio 70000 RTP/AVP 0\r\n'],
    ['media before v=', 'm=audio 5000 RTP/AVP 0\r\n'],
  ])('%s', (_what, text) => {
    expect(() => parseSdp(text)).toThrow(SdpSyntaxError);
  });

  it.each([
    ['no address', ['v=0', 'm=audio 5000 RTP/AVP 0']],
    ['an address that is none', ['v=0', 'c=nonsense', 'm=audio 5000 RTP/AVP 0']],
    ['an rtpmap that is none', ['v=0', 'c=IN IP4 1.1.1.1', 'm=audio 5000 RTP/AVP 96', 'a=rtpmap:96 nonsense']],
  ])('%s', (_what, lines) => {
    expect(() => streamOf(parseSdp(crlf(lines)), 'audio')).toThrow(SdpSyntaxError);
  });

  it('whatever the text', () => {
    const line = fc.oneof(fc.constantFrom('v=0', 'c=IN IP4 1.1.1.1', 'm=audio 1 RTP/AVP 0 96', 'a=rtpmap:96 x/1', 'a=ptime:x', 'a=rtcp:'), fc.string());
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          const sdp = parseSdp(crlf(['v=0', ...lines]));
          expect(parseSdp(formatSdp(sdp))).toEqual(sdp);
          streamOf(sdp, 'audio');
        } catch (error) {
          expect(error).toBeInstanceOf(SdpSyntaxError);
        }
      }),
    );
  });
});

it('writes an audio session that reads back', () => {
  const sdp = audioSdp({
    sessionId: 1, version: 2, address: '192.0.2.1', port: 4_000, ptimeMs: 20, direction: 'recvonly', attributes: ['rtcp:4001'],
    payloads: [
      { pt: 8, name: 'PCMA', clockRate: 8_000, channels: 1, fmtp: undefined },
      { pt: 101, name: 'TELEPHONE-EVENT', clockRate: 8_000, channels: 1, fmtp: '0-15' },
    ],
  });
  expect(formatSdp(sdp)).toBe(
    crlf([
      'v=0', 'o=- 1 2 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', 'm=audio 4000 RTP/AVP 8 101', 'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15', 'a=ptime:20', 'a=recvonly', 'a=rtcp:4001',
    ]),
  );
  expect(payloadsOf(sdp.media[0]!).map((p) => p.name)).toEqual(['PCMA', 'TELEPHONE-EVENT']);
});
