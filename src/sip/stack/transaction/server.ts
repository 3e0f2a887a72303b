import type { Next } from '../../../base/index.js';
import { arm, type Link, type ServerEffect, type ServerInput } from './link.js';

export interface Server {
  readonly state: 'trying' | 'proceeding' | 'completed' | 'terminated';
}
/** No ACK belongs to a non-INVITE transaction; one that strays in is nothing. */
export type NonInviteServerInput = ServerInput<'J'> | { readonly type: 'ack' };
export type NonInviteServerEffect = ServerEffect<'J'>;
type Step = Next<Server, NonInviteServerEffect>;

export const startServer = (): Step => [{ state: 'trying' }, []];

/** Non-INVITE server transaction: RFC 3261 §17.2.2. */
export function server(tx: Server, input: NonInviteServerInput, link: Link): Step {
  const stay: Step = [tx, []];
  const open = tx.state === 'trying' || tx.state === 'proceeding';
  switch (input.type) {
    case 'request':
      return tx.state === 'proceeding' || tx.state === 'completed' ? [tx, [{ do: 'send_response' }]] : stay;
    case 'ack':
      return stay;
    case 'respond':
      if (!open) return stay;
      if (input.status < 200) return [{ state: 'proceeding' }, [{ do: 'send_response' }]];
      return [{ state: 'completed' }, [{ do: 'send_response' }, arm('J', link.reliable ? 0 : 64 * link.t1Ms)]];
    case 'transport_failed':
      return tx.state === 'terminated' ? stay : [{ state: 'terminated' }, [{ do: 'report', failure: 'transport' }]];
    case 'timer':
      return tx.state === 'completed' ? [{ state: 'terminated' }, []] : stay;
  }
}
