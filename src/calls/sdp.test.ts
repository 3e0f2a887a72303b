import { expect, it } from 'vitest';
import { asksForHold } from './sdp.js';

const sdp = (session: string, media: string): string =>
  `v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n${session}m=audio 4000 RTP/AVP 0\r\n${media}a=rtpmap:0 PCMU/8000\r\n`;

it.each<[what: string, sdp: string, hold: boolean]>([
  ['no direction means two-way', sdp('', ''), false],
  ['sendonly is hold', sdp('', 'a=sendonly\r\n'), true],
  ['inactive is hold', sdp('', 'a=inactive\r\n'), true],
  ['recvonly is the answer to hold, not hold', sdp('', 'a=recvonly\r\n'), false],
  ['the media level overrules the session level', sdp('a=sendonly\r\n', 'a=sendrecv\r\n'), false],
  ['the session level counts where the media says nothing', sdp('a=inactive\r\n', ''), true],
  ['the old 0.0.0.0', sdp('', 'c=IN IP4 0.0.0.0\r\n'), true],
  ['a direction of the video says nothing of the audio', `${sdp('', '')}m=video 5000 RTP/AVP 96\r\na=sendonly\r\n`, false],
])('%s', (_what, text, hold) => expect(asksForHold(text)).toBe(hold));
