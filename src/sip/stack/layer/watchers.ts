import type { SipRequest } from '../message/types.js';
import type { ServerEnd } from './types.js';

/** Who waits for CANCEL and for the end of a server transaction; handlers may come after what they wait for. */
export interface Watchers {
  readonly cancelled: boolean;
  onCancel(handler: (cancel: SipRequest) => void): void;
  onTerminated(handler: (why: ServerEnd) => void): void;
  cancel(request: SipRequest): void;
  terminated(why: ServerEnd): void;
}

export function createWatchers(): Watchers {
  let cancelled: SipRequest | undefined;
  let ended: ServerEnd | undefined;
  const onCancel: ((cancel: SipRequest) => void)[] = [];
  const onEnd: ((why: ServerEnd) => void)[] = [];
  return {
    get cancelled() {
      return cancelled !== undefined;
    },
    onCancel(handler) {
      onCancel.push(handler);
      if (cancelled) handler(cancelled);
    },
    onTerminated(handler) {
      onEnd.push(handler);
      if (ended !== undefined) handler(ended);
    },
    cancel(request) {
      if (cancelled) return;
      cancelled = request;
      for (const handler of onCancel) handler(request);
    },
    terminated(why) {
      ended = why;
      for (const handler of onEnd) handler(why);
    },
  };
}
