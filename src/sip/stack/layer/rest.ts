import type { Ms } from '../../../base/index.js';
import { newBranch } from '../message/ids.js';
import { parseMessage } from '../message/parse.js';
import { toTag } from '../message/read.js';
import { serialize } from '../message/serialize.js';
import type { SipRequest, SipResponse } from '../message/types.js';
import type { Local, Remote } from '../transport/types.js';
import { withVia } from './build.js';
import type { Context } from './context.js';
import type { Fork } from './types.js';

/**
 * What stays of a transaction once only copies can come (up to 32 s each): no messages, no machine, but a line of text and
 * one timer. Texts are UTF-8 in a string of their own, since a slice of what was received would keep all of it.
 */
export interface ServerRest {
  readonly state: string;
  readonly answered: true;
  readonly tag: () => string;
  readonly again: () => void;
  readonly acked: () => void;
  readonly cancel: () => void;
  readonly drop: () => void;
}

export interface ClientRest {
  readonly receive: (response: SipResponse, from: Remote) => void;
  readonly drop: () => void;
}

/** The same text with nothing behind it. */
export const compact = (text: string): string => Buffer.from(text).toString();

/** Not written where it is used: a closure keeps alive whatever the function around it knows. */
export const both = (one: () => void, other: () => void) => (): void => {
  one();
  other();
};

export interface LastAnswer {
  readonly text: string;
  readonly to: Remote;
  readonly local: Local;
}

/** `last` is sent for every copy of the request; without it copies are absorbed. `gone` comes after `ms`. */
export function restServer({ timers, transport }: Context, state: string, tag: string, last: LastAnswer | undefined, ms: Ms, gone: () => void): ServerRest {
  const timer = timers.after(ms, gone);
  return {
    state, answered: true,
    tag: () => tag,
    again() {
      if (last) transport.send(Buffer.from(last.text), last.to, { local: last.local });
    },
    acked: () => undefined,
    cancel: () => undefined,
    drop: () => timers.cancel(timer),
  };
}

/** After a final answer that is no 2xx to INVITE: its copies are acknowledged with `ack`, or absorbed. */
export function restClient({ timers, transport }: Context, ack: { readonly text: string; readonly to: Remote; readonly local: Local | undefined } | undefined, ms: Ms, gone: () => void): ClientRest {
  const timer = timers.after(ms, gone);
  return {
    receive(response) {
      if (ack && response.status >= 300) transport.send(Buffer.from(ack.text), ack.to, { local: ack.local });
    },
    drop: () => timers.cancel(timer),
  };
}

export interface Accepted2xx {
  /** ACKs that went out, by To tag. */
  readonly acks: Iterable<readonly [tag: string, SentAck]>;
  /** The INVITE as it went out, without its body. */
  readonly invite: Buffer;
  readonly onFork: (fork: Fork) => void;
}

export interface SentAck {
  readonly bytes: Buffer;
  readonly to: Remote;
  readonly local: Local | undefined;
}

/** After a 2xx to INVITE and its ACK: copies get the ACK again, a 2xx of another fork goes to its user (RFC 3261 §13.2.2.4). */
export function restAccepted({ timers, transport }: Context, { acks, invite, onFork }: Accepted2xx, ms: Ms, gone: () => void): ClientRest {
  const timer = timers.after(ms, gone);
  const known = new Map<string, { readonly text: string; readonly to: Remote; readonly local: Local | undefined } | undefined>();
  for (const [tag, { bytes, to, local }] of acks) known.set(compact(tag), { text: bytes.toString(), to, local });
  const text = invite.toString();
  return {
    receive(response, from) {
      if (response.status < 200 || response.status > 299) return;
      const tag = toTag(response) ?? '';
      const ack = known.get(tag);
      if (ack) transport.send(Buffer.from(ack.text), ack.to, { local: ack.local });
      if (known.has(tag)) return;
      known.set(compact(tag), undefined);
      const request = parseMessage(Buffer.from(text)) as SipRequest;
      request.headers.removeFirst('Via');
      onFork({
        request, response, from,
        ack(one, to, local) {
          const bytes = serialize(withVia(one, transport, to, local, newBranch()));
          known.set(compact(tag), { text: bytes.toString(), to, local });
          transport.send(bytes, to, { local });
        },
      });
    },
    drop: () => timers.cancel(timer),
  };
}
