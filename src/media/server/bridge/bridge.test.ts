import { expect, it } from 'vitest';
import type { MediaChannel } from '../channel/types.js';
import { connect, disconnect, type BridgeEnd } from './bridge.js';

function end(log: string[], name: string): BridgeEnd {
  let peer: BridgeEnd | undefined;
  return {
    channel: { uuid: name } as MediaChannel,
    holdMusic: undefined,
    get bridgedTo() {
      return peer;
    },
    setPeer(other) {
      peer = other;
      log.push(`${name}→${other?.channel.uuid ?? '-'}`);
    },
    musicChanged: () => undefined,
    relayAudio: () => undefined,
    relayEvent: () => false,
    relayDigit: () => undefined,
  };
}

it('joins both ends, and parts both', () => {
  const log: string[] = [];
  const [a, b] = [end(log, 'a'), end(log, 'b')];
  connect(a, b);
  disconnect(b);
  disconnect(b);
  disconnect(undefined);
  expect(log).toEqual(['a→b', 'b→a', 'b→-', 'a→-']);
});

it('leaves nobody bridged to somebody who is bridged elsewhere', () => {
  const log: string[] = [];
  const [a, b, c, d] = [end(log, 'a'), end(log, 'b'), end(log, 'c'), end(log, 'd')];
  connect(a, b);
  connect(c, d);
  connect(b, c);
  expect([a, b, c, d].map((e) => e.bridgedTo?.channel.uuid)).toEqual([undefined, 'c', 'b', undefined]);
});

it('changes nothing when it exists, and bridges nobody to himself', () => {
  const log: string[] = [];
  const [a, b] = [end(log, 'a'), end(log, 'b')];
  connect(a, b);
  connect(b, a);
  connect(a, a);
  expect(log).toEqual(['a→b', 'b→a']);
});
