import type { Clock } from '../clock/clock.js';
import { parseMessage } from '../message/parse.js';
import { cseqOf } from '../message/read.js';
import { serialize } from '../message/serialize.js';
import type { SipMessage } from '../message/types.js';
import { TransportError } from '../transport/errors.js';
import type { Local, Remote, Transport } from '../transport/types.js';
import { stampSource } from '../transport/via.js';

type Receive = (message: SipMessage, from: Remote, local: Local) => void;

/** A network in memory, for tests in virtual time: what is sent arrives a moment later, unless it is lost. */
export interface Wire {
  /** A party at that address, by UDP and TCP, on port 5060. */
  join(address: string, receive: Receive): Transport;
  /** From now on; the last call counts. */
  lose(matches: (line: string) => boolean): void;
  /** All that was sent, `1.1.1.1→2.2.2.2 INVITE` or `… 200 INVITE`, lost ones marked `✗`; empties at each call. */
  seen(): string[];
}

const port = 5060;

export function createWire(clock: Clock, latencyMs = 1): Wire {
  const parties = new Map<string, Receive>();
  let lost: (line: string) => boolean = () => false;
  let log: string[] = [];

  const carry = (data: Buffer, from: string, to: Remote, fail: (error: TransportError) => void): void => {
    const message = parseMessage(data);
    const line = `${from}→${to.address} ${titleOf(message)}`;
    const there = parties.get(to.address);
    const drop = lost(line) || !there;
    log.push(drop ? `${line} ✗` : line);
    clock.after(latencyMs, () => {
      if (!there && to.proto === 'tcp') return fail(new TransportError(`nobody at ${to.address}`));
      if (drop) return;
      const source: Remote = { proto: to.proto, address: from, port };
      if (message.type === 'request') stampSource(message, source);
      there(message, source, { proto: to.proto, address: to.address, port });
    });
  };
  return {
    join(address, receive) {
      parties.set(address, receive);
      let failures = 0;
      return {
        send(data, to, options) {
          const bytes = Buffer.isBuffer(data) ? data : serialize(data);
          carry(bytes, address, to, (error) => {
            failures += 1;
            options?.onError?.(error);
          });
        },
        sentBy: () => ({ host: address, port }),
        addresses: () => [
          { proto: 'udp', address, port, advertise: address },
          { proto: 'tcp', address, port, advertise: address },
        ],
        trust: () => undefined,
        connections: () => 0,
        failures: () => failures,
        close() {
          parties.delete(address);
          return Promise.resolve();
        },
      };
    },
    lose(matches) {
      lost = matches;
    },
    seen() {
      const all = log;
      log = [];
      return all;
    },
  };
}

const titleOf = (message: SipMessage): string => (message.type === 'request' ? message.method : `${message.status} ${cseqOf(message).method}`);
