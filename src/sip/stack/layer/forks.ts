import { newBranch } from '../message/ids.js';
import { toTag } from '../message/read.js';
import { serialize } from '../message/serialize.js';
import type { SipRequest, SipResponse } from '../message/types.js';
import type { Local, Remote, Transport } from '../transport/types.js';
import { withVia } from './build.js';
import type { SentAck } from './rest.js';

export interface Forks {
  /** False for the copy of a 2xx; its ACK has been sent again then, if there was one. */
  isNew(response: SipResponse): boolean;
  ack(ack: SipRequest, to: Remote, local: Local | undefined, remember: boolean): void;
  /** Each 2xx that went up has its ACK: by To tag. undefined as long as one has not. */
  acknowledged(): readonly (readonly [tag: string, SentAck])[] | undefined;
}

/** The 2xx of one INVITE by To tag: each goes up once, its copies get the ACK again (RFC 3261 §13.2.2.4). */
export function createForks(transport: Transport): Forks {
  const acks = new Map<string, SentAck | undefined>();
  const send = ({ bytes, to, local }: SentAck): void => transport.send(bytes, to, { local });
  return {
    isNew(response) {
      if (response.status < 200 || response.status > 299) return true;
      const tag = toTag(response) ?? '';
      if (acks.has(tag)) {
        const ack = acks.get(tag);
        if (ack) send(ack);
        return false;
      }
      acks.set(tag, undefined);
      return true;
    },
    ack(ack, to, local, remember) {
      const sent = { bytes: serialize(withVia(ack, transport, to, local, newBranch())), to, local };
      if (remember) acks.set(toTag(ack) ?? '', sent);
      send(sent);
    },
    acknowledged() {
      const done = [...acks].flatMap(([tag, ack]) => (ack ? [[tag, ack] as const] : []));
      return done.length === acks.size ? done : undefined;
    },
  };
}
