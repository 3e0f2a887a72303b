import { cseqOf, topVia, type ClientTx, type ServerTx, type SipResponse } from '../../stack/index.js';
import type { Ms } from '../../../base/index.js';
import type { Core } from '../core.js';
import { upstream } from './rewrite.js';

/**
 * A proxy hands every copy of a 2xx to INVITE upstream (RFC 3261 §16.7): the ACK that stops them goes past it, and the
 * transaction layer keeps copies to itself.
 */
export interface Copies {
  /** From now on, further copies that answer `downstream` go out by `tx`. */
  expect(downstream: ClientTx, tx: ServerTx): void;
  /** To be shown every response, before the transaction layer sees it. */
  see(response: SipResponse): void;
}

export function createCopies(core: Core, forMs: Ms): Copies {
  const awaited = new Map<string, ServerTx>();
  return {
    expect(downstream, tx) {
      if (tx.request.method !== 'INVITE' || awaited.has(downstream.branch)) return;
      // The copy that is being handled now has been sent on; the next one is another turn of the loop.
      setImmediate(() => awaited.set(downstream.branch, tx));
      core.alarms.after(forMs, () => awaited.delete(downstream.branch));
    },
    see(response) {
      if (awaited.size === 0 || response.status < 200 || response.status > 299 || cseqOf(response).method !== 'INVITE') return;
      awaited.get(topVia(response).params.get('branch') ?? '')?.respond(upstream(response));
    },
  };
}
