import { keyOf, type ClientTx, type Dialog, type Local, type SipRequest } from '../stack/index.js';
import type { App } from './apps.js';

/** A dialog that an application began or answered, under the ID by which the application names it. */
export interface Held {
  /** `CALL-ID;from-tag=TAG`, the tag of whoever sent the first request: drachtio's stack dialog ID. */
  readonly id: string;
  /** INVITE or SUBSCRIBE. */
  readonly method: string;
  readonly local: Local | undefined;
  /** Our Contact value in it. */
  readonly contact: string;
  dialog: Dialog;
  owner: App;
  /** Early dialogs of a forked INVITE of ours, the one in `dialog` too, by remote tag. */
  readonly forks: Map<string, Dialog>;
  /** ID of our INVITE that has no final answer yet. */
  inviting: string | undefined;
  /** ID of the peer's INVITE that the application has not answered yet. */
  answering: string | undefined;
  /** A 2xx to our INVITE that the application has not acknowledged. */
  unacked: { readonly tx: Pick<ClientTx, 'ack' | 'to'>; readonly invite: SipRequest; readonly stop: () => void } | undefined;
  /** The application gave up before the 2xx came: BYE follows the ACK. */
  abandoned: boolean;
  /** The SDP we last sent, for session refreshes; empty before the first. */
  sdp: Buffer;
  /** Session timer (RFC 4028). */
  readonly timer: { stop: () => void };
  /** Gives up waiting for its application to come back. */
  readonly orphan: { stop: () => void };
  ended: boolean;
}

export interface Dialogs {
  /** @returns false when another dialog has that ID (a forked INVITE answered twice) */
  add(held: Held): boolean;
  /** Also found under this (early) dialog's tags. */
  alias(held: Held, dialog: Dialog): void;
  byId(id: string): Held | undefined;
  byKey(key: string): Held | undefined;
  /** Forgets it and all its early forks. */
  remove(held: Held): void;
  of(owner: App): Held[];
  readonly size: number;
}

export const dialogId = (callId: string, fromTag: string): string => `${callId};from-tag=${fromTag}`;

export function createDialogs(): Dialogs {
  const ids = new Map<string, Held>();
  const keys = new Map<string, Held>();
  const forget = (held: Held, dialog: Dialog): void => {
    if (keys.get(keyOf(dialog)) === held) keys.delete(keyOf(dialog));
  };
  const alias = (held: Held, dialog: Dialog): void => {
    held.forks.set(dialog.remoteTag, dialog);
    keys.set(keyOf(dialog), held);
  };
  return {
    alias,
    add(held) {
      if (ids.has(held.id)) return false;
      ids.set(held.id, held);
      alias(held, held.dialog);
      return true;
    },
    byId: (id) => ids.get(id),
    byKey: (key) => keys.get(key),
    remove(held) {
      if (ids.get(held.id) === held) ids.delete(held.id);
      for (const dialog of held.forks.values()) forget(held, dialog);
      forget(held, held.dialog);
      held.timer.stop();
      held.orphan.stop();
      held.unacked?.stop();
      held.ended = true;
    },
    of: (owner) => [...ids.values()].filter((held) => held.owner === owner),
    get size() {
      return ids.size;
    },
  };
}
