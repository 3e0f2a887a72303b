import type { Timer } from '../clock/timers.js';
import { callIdOf, cseqOf, fromTag, toTag } from '../message/read.js';
import type { SipMessage, SipResponse } from '../message/types.js';
import type { Context } from './context.js';
import { compact } from './rest.js';
import type { Retransmission, ServerTx } from './types.js';

/** A 2xx and its ACK: same dialog, same CSeq number. */
const keyOf = (message: SipMessage): string =>
  `${callIdOf(message)}|${toTag(message) ?? ''}|${fromTag(message) ?? ''}|${cseqOf(message).seq}`;

export interface Accepted {
  retransmit(tx: ServerTx, response: SipResponse, onNoAck: () => void): Retransmission;
  /** Whose ACK this is: `first` copy, a later `copy`, or `unknown` to us. */
  acked(ack: SipMessage): 'first' | 'copy' | 'unknown';
  clear(): void;
}

const forgetting = (waiting: Map<string, unknown>, key: string) => (): void => void waiting.delete(key);

/** What the UAS core does with its 2xx to INVITE until the ACK is there (RFC 3261 §13.3.1.4). */
export function createAccepted({ timers, timing }: Context): Accepted {
  const waiting = new Map<string, { readonly acked: () => void; readonly stop: () => void } | 'acked'>();
  return {
    retransmit(tx, response, onNoAck) {
      const key = compact(keyOf(response));
      let intervalMs = timing.t1Ms;
      let timer: Timer | undefined;
      let stopped = false;
      const stop = (): void => {
        stopped = true;
        timers.cancel(timer);
      };
      const resend = (): void => {
        tx.respond(response);
        intervalMs = Math.min(intervalMs * 2, timing.t2Ms);
        timer = timers.after(intervalMs, resend);
      };
      const acked = (): void => {
        stop();
        waiting.set(key, 'acked');
        tx.acknowledged(forgetting(waiting, key));
      };
      const entry = { acked, stop };
      if (!tx.respond(response)) return { stop };
      timer = timers.after(intervalMs, resend);
      waiting.set(key, entry);
      // Timer L of the transaction is 64·T1 from the first 2xx: the very time after which the user gives up.
      tx.onTerminated(() => {
        if (waiting.get(key) === entry) waiting.delete(key); // not once it is acknowledged: then copies of the ACK may come
        if (stopped) return;
        stop();
        onNoAck();
      });
      return { stop };
    },
    acked(ack) {
      const entry = waiting.get(keyOf(ack));
      if (!entry) return 'unknown';
      if (entry === 'acked') return 'copy';
      entry.acked();
      return 'first';
    },
    clear() {
      for (const entry of waiting.values()) if (entry !== 'acked') entry.stop();
      waiting.clear();
    },
  };
}
