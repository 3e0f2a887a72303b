import type { Ms, Next } from '../../../base/index.js';
import { arm, type Link, type ServerEffect, type ServerInput } from './link.js';

type Timer = 'G' | 'H' | 'I' | 'L';
export interface InviteServer {
  readonly state: 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';
  /** A response has been given that a copy of the request can be answered with. */
  readonly said: boolean;
  /** Next interval of Timer G: doubles up to T2. */
  readonly resendMs: Ms;
}
export type InviteServerInput = ServerInput<Timer> | { readonly type: 'ack' };
export type InviteServerEffect = ServerEffect<Timer>;
type Step = Next<InviteServer, InviteServerEffect>;

export const startInviteServer = ({ t1Ms }: Link): Step => [{ state: 'proceeding', said: false, resendMs: t1Ms }, []];

/**
 * INVITE server transaction: RFC 3261 §17.2.1, with the Accepted state of RFC 6026 §7.1. The 100 after 200 ms is the
 * driver's, and so is passing the ACK of a 2xx up; retransmitting a 2xx is the user's (§13.3.1.4).
 */
export function inviteServer(tx: InviteServer, input: InviteServerInput, link: Link): Step {
  const go = (state: InviteServer['state'], ...effects: InviteServerEffect[]): Step => [{ ...tx, state, said: true }, effects];
  const stay: Step = [tx, []];
  switch (input.type) {
    case 'request': {
      const again = (tx.state === 'proceeding' && tx.said) || tx.state === 'completed';
      return again ? [tx, [{ do: 'send_response' }]] : stay;
    }
    case 'respond':
      if (tx.state === 'accepted' && input.status >= 200 && input.status < 300) return go('accepted', { do: 'send_response' });
      if (tx.state !== 'proceeding') return stay;
      if (input.status < 200) return go('proceeding', { do: 'send_response' });
      if (input.status < 300) return go('accepted', { do: 'send_response' }, arm('L', 64 * link.t1Ms));
      return go('completed', { do: 'send_response' }, ...(link.reliable ? [] : [arm('G' as const, link.t1Ms)]), arm('H', 64 * link.t1Ms));
    case 'ack':
      return tx.state === 'completed' ? go('confirmed', arm('I', link.reliable ? 0 : link.t4Ms)) : stay;
    case 'transport_failed':
      return tx.state === 'terminated' || tx.state === 'accepted' ? stay : go('terminated', { do: 'report', failure: 'transport' });
    case 'timer':
      return onTimer(tx, input.name, link);
  }
}

function onTimer(tx: InviteServer, name: Timer, { t2Ms }: Link): Step {
  switch (`${tx.state} ${name}`) {
    case 'completed G': {
      const resendMs = Math.min(tx.resendMs * 2, t2Ms);
      return [{ ...tx, resendMs }, [{ do: 'send_response' }, arm('G', resendMs)]];
    }
    case 'completed H':
      return [{ ...tx, state: 'terminated' }, [{ do: 'report', failure: 'no_ack' }]];
    case 'confirmed I':
    case 'accepted L':
      return [{ ...tx, state: 'terminated' }, []];
    default:
      return [tx, []];
  }
}
