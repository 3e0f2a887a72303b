import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSdp, streamOf, type Direction } from '../../../sip/stack/index.js';
import { NotAcceptable } from '../errors.js';
import { answerDirection, answerOffer, makeOffer, readAnswer, type OurSide } from './negotiate.js';

const us: OurSide = { address: '192.0.2.1', port: 20_000, sessionId: 7, version: 1 };
const sdp = (audio: string, { address = '198.51.100.7', session = '', more = '' } = {}): string =>
  `v=0\r\no=- 1 1 IN IP4 ${address}\r\ns=-\r\nc=IN IP4 ${address}\r\nt=0 0\r\n${session}m=audio ${audio}\r\n${more}`;
const EVENTS = 'a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n';
const usual = sdp('30000 RTP/AVP 0 8 101', { more: EVENTS });
const refusalOf = (run: () => unknown): number => {
  try {
    run();
  } catch (error) {
    if (error instanceof NotAcceptable) return error.status;
    throw error;
  }
  return 200;
};

describe('an offer', () => {
  it('gets the first common codec in the offered order', () => {
    expect(answerOffer(usual, us).remote.codec).toBe('PCMU');
    expect(answerOffer(sdp('30000 RTP/AVP 8 0'), us).remote.codec).toBe('PCMA');
    expect(answerOffer(sdp('30000 RTP/AVP 9 18 8 0'), us).remote.codec).toBe('PCMA');
  });

  it('is answered with one codec, the offered number for telephone-event and our address', () => {
    const { answer, remote } = answerOffer(sdp('30000 RTP/AVP 8 96', { more: 'a=rtpmap:96 telephone-event/8000\r\na=ptime:40\r\n' }), us);
    const stream = streamOf(parseSdp(answer), 'audio');
    expect(stream).toMatchObject({ address: '192.0.2.1', port: 20_000, direction: 'sendrecv' });
    expect(stream?.payloads.map((p) => [p.pt, p.name])).toEqual([[8, 'PCMA'], [96, 'TELEPHONE-EVENT']]);
    expect(remote).toMatchObject({ address: '198.51.100.7', port: 30_000, ptimeMs: 40, telephoneEvent: { payloadType: 96, receivePayloadType: 96 } });
  });

  it('without telephone-event is answered without', () => {
    const { answer, remote } = answerOffer(sdp('30000 RTP/AVP 0'), us);
    expect(answer).not.toContain('telephone-event');
    expect(remote.telephoneEvent).toBeUndefined();
  });

  it('with other m-lines keeps their number and order, each refused with port 0 (RFC 3264 §6)', () => {
    const video = 'm=video 30002 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n';
    const text = `v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n${video}m=audio 30000 RTP/AVP 0\r\nm=application 9 TCP/BFCP *\r\n`;
    const { media } = parseSdp(answerOffer(text, us).answer);
    expect(media.map((m) => [m.kind, m.port, m.proto])).toEqual([['video', 0, 'RTP/AVP'], ['audio', 20_000, 'RTP/AVP'], ['application', 0, 'TCP/BFCP']]);
  });

  it.each<[what: string, offer: string, status: number]>([
    ['no codec in common', sdp('30000 RTP/AVP 9 18'), 488],
    ['a number of ours for something else', sdp('30000 RTP/AVP 0', { more: 'a=rtpmap:0 SPEEX/8000\r\n' }), 488],
    ['SRTP', sdp('30000 RTP/SAVP 0'), 488],
    ['DTLS-SRTP', sdp('30000 UDP/TLS/RTP/SAVPF 0'), 488],
    ['no audio at all', 'v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\nm=video 4 RTP/AVP 97\r\n', 488],
    ['audio refused beforehand', sdp('0 RTP/AVP 0'), 488],
    ['no SDP', 'hello', 400],
    ['no address', 'v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nt=0 0\r\nm=audio 4 RTP/AVP 0\r\n', 400],
    ['an empty text', '', 400],
  ])('%s is refused', (_what, offer, status) => {
    expect(refusalOf(() => answerOffer(offer, us))).toBe(status);
  });

  it('never throws anything but NotAcceptable, whatever it says', () => {
    const part = fc.constantFrom('v=0\r\n', 'c=IN IP4 1.2.3.4\r\n', 'm=audio 4 RTP/AVP 0\r\n', 'a=rtpmap:0 PCMU/8000\r\n', 'a=rtpmap:x\r\n', 'm=audio\r\n', 'a=sendonly\r\n', 'a=fmtp:101\r\n', 'c=IN IP6 ::1\r\n');
    fc.assert(fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 12 }), (parts) => void refusalOf(() => answerOffer(parts.join(''), us))));
  });
});

describe('directions (RFC 3264 §6.1 and §8.4)', () => {
  const held = (more: string, address?: string) => answerOffer(sdp('30000 RTP/AVP 0', { more, ...(address ? { address } : {}) }), us);

  it.each<[offered: Direction, answered: Direction, held: boolean]>([
    ['sendrecv', 'sendrecv', false],
    ['sendonly', 'recvonly', true],
    ['recvonly', 'sendonly', false],
    ['inactive', 'inactive', true],
  ])('%s is answered %s', (offered, answered, isHeld) => {
    const agreed = held(`a=${offered}\r\n`);
    expect(answerDirection(offered)).toBe(answered);
    expect(agreed.remote.direction).toBe(answered);
    expect(agreed.held).toBe(isHeld);
    expect(streamOf(parseSdp(agreed.answer), 'audio')?.direction).toBe(answered);
  });

  it('0.0.0.0 is hold as of old (RFC 2543), and the way back is open', () => {
    expect(held('', '0.0.0.0').held).toBe(true);
    expect(held('a=sendrecv\r\n').held).toBe(false);
  });

  it('a direction for the whole session counts where the audio says none', () => {
    expect(answerOffer(sdp('30000 RTP/AVP 0', { session: 'a=inactive\r\n' }), us).held).toBe(true);
    expect(answerOffer(sdp('30000 RTP/AVP 0', { session: 'a=inactive\r\n', more: 'a=sendrecv\r\n' }), us).held).toBe(false);
  });

  it('hold and resume, any number of times, end where they began', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Direction>('sendrecv', 'sendonly', 'recvonly', 'inactive')), (steps) => {
        for (const step of steps) answerOffer(sdp('30000 RTP/AVP 0', { more: `a=${step}\r\n` }), us);
        const last = held('a=sendrecv\r\n');
        expect([last.remote.direction, last.held]).toEqual(['sendrecv', false]);
      }),
    );
  });
});

describe('our own offer', () => {
  it('names both laws and telephone-event', () => {
    const stream = streamOf(parseSdp(makeOffer(us)), 'audio');
    expect(stream?.payloads.map((p) => p.pt)).toEqual([0, 8, 101]);
    expect(stream).toMatchObject({ port: 20_000, direction: 'sendrecv', ptimeMs: 20 });
  });

  it('answered: we send under their number and receive under ours', () => {
    const { remote } = readAnswer(sdp('30000 RTP/AVP 8 96', { more: 'a=rtpmap:96 telephone-event/8000\r\n' }), us);
    expect(remote).toMatchObject({ codec: 'PCMA', telephoneEvent: { payloadType: 96, receivePayloadType: 101 } });
  });

  it('answered with our own address (an application that has no phone yet): nothing is sent anywhere', () => {
    const { remote, held } = readAnswer(makeOffer(us).replace('s=FreeSWITCH', 's=FreeSWITCH\r\na=recvonly'), us);
    expect([remote.address, remote.direction, held]).toEqual(['0.0.0.0', 'inactive', false]);
  });

  it('not answered at all', () => {
    expect(refusalOf(() => readAnswer('', us))).toBe(400);
  });
});
