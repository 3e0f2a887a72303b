import { newBranch } from '../message/ids.js';
import { toTag } from '../message/read.js';
import { serialize } from '../message/serialize.js';
import type { SipRequest, SipResponse } from '../message/types.js';
import type { Local, Remote, Transport } from '../transport/types.js';
import { withVia } from './build.js';

export interface Forks {
  /** False for the copy of a 2xx; its ACK has been sent again then, if there was one. */
  isNew(response: SipResponse): boolean;
  ack(ack: SipRequest, to: Remote, local: Local | undefined, remember: boolean): void;
}

/** The 2xx of one INVITE by To tag: each goes up once, its copies get the ACK again (RFC 3261 §13.2.2.4). */
export function createForks(transport: Transport): Forks {
  const acks = new Map<string, (() => void) | undefined>();
  return {
    isNew(response) {
      if (response.status < 200 || response.status > 299) return true;
      const tag = toTag(response) ?? '';
      if (acks.has(tag)) {
        acks.get(tag)?.();
        return false;
      }
      acks.set(tag, undefined);
      return true;
    },
    ack(ack, to, local, remember) {
      const bytes = serialize(withVia(ack, transport, to, local, newBranch()));
      const send = (): void => transport.send(bytes, to, { local });
      if (remember) acks.set(toTag(ack) ?? '', send);
      send();
    },
  };
}
