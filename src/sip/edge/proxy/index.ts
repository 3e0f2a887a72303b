import type { ServerTx, SipRequest, SipResponse } from '../../stack/index.js';
import type { App } from '../apps.js';
import type { Core } from '../core.js';
import type { Uas } from '../uas.js';
import type { Proxy } from '../wire/command.js';
import { nok } from '../wire/notice.js';
import { createCopies } from './copies.js';
import { relay, relayAck } from './relay.js';
import { search } from './search.js';

/** `srf.proxyRequest` and what follows from staying in the path. */
export interface Proxies {
  start(app: App, command: Proxy): void;
  /** A request of a dialog whose top Route names us. */
  forward(tx: ServerTx): void;
  forwardAck(ack: SipRequest): void;
  /** To be shown every response first. */
  see(response: SipResponse): void;
}

export function createProxies(core: Core, uas: Uas): Proxies {
  const copies = createCopies(core, 64 * core.patience.timing.t1Ms);
  return {
    start(app, command) {
      const pending = uas.take(command.transactionId);
      if (pending === undefined || pending.within) app.send(nok(command.id, `Unknown transaction id: ${command.transactionId}`));
      else search(core, copies, pending, command);
    },
    forward: (tx) => void relay(core, copies, tx),
    forwardAck: (ack) => void relayAck(core, ack),
    see: (response) => copies.see(response),
  };
}
