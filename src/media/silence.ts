import type { Ms } from '../base/index.js';

const ATTRIBUTE = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m;

/** The audio's direction, or else the session's, or else `sendrecv` (RFC 8866 §6.7). */
function directionOf(sdp: string): string {
  const { session, audio } = partsOf(sdp);
  return ATTRIBUTE.exec(audio)?.[1] ?? ATTRIBUTE.exec(session)?.[1] ?? 'sendrecv';
}

function partsOf(sdp: string): { session: string; audio: string } {
  const [session = '', ...media] = sdp.split(/^(?=m=)/m);
  return { session, audio: media.find((part) => part.startsWith('m=audio')) ?? '' };
}

/** A phone that says this holds (the old way is 0.0.0.0, RFC 3264 §8.4) or only listens: it need not send any RTP. */
function mayRest(sdp: string): boolean {
  const { session, audio } = partsOf(sdp);
  const address = /^c=IN IP4 (\S+)/m.exec(audio)?.[1] ?? /^c=IN IP4 (\S+)/m.exec(session)?.[1];
  return directionOf(sdp) !== 'sendrecv' || address === '0.0.0.0';
}

/** Longer than any call: how long a phone may rest that need not send. */
const REST_MS: Ms = 86_400_000;

/** After how long without RTP a session ends whose phone has described itself so. */
export const silenceLimit = (remoteSdp: string | undefined, limitMs: Ms): Ms => (remoteSdp !== undefined && mayRest(remoteSdp) ? REST_MS : limitMs);
