/** What a party asks for in an offer: two-way audio, or hold (RFC 3264 §8.4, with the 0.0.0.0 of RFC 2543). */
export function asksForHold(sdp: string): boolean {
  const audio = /^m=audio[^]*?(?=^m=|(?![^]))/m.exec(sdp)?.[0] ?? '';
  const session = sdp.slice(0, Math.max(0, sdp.search(/^m=/m)));
  const direction = directionIn(audio) ?? directionIn(session) ?? 'sendrecv';
  const address = /^c=IN IP4 (\S+)/m.exec(audio)?.[1] ?? /^c=IN IP4 (\S+)/m.exec(session)?.[1];
  return direction === 'sendonly' || direction === 'inactive' || address === '0.0.0.0';
}

function directionIn(part: string): string | undefined {
  return /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(part)?.[1];
}
