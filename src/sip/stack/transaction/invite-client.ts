import type { Ms, Next } from '../../../base/index.js';
import { arm, type ClientEffect, type ClientInput, type Link } from './link.js';

type Timer = 'A' | 'B' | 'D' | 'M';
export interface InviteClient {
  readonly state: 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated';
  /** Next interval of Timer A; doubles with every retransmission. */
  readonly resendMs: Ms;
}
export type InviteClientInput = ClientInput<Timer>;
export type InviteClientEffect = ClientEffect<Timer>;
type Step = Next<InviteClient, InviteClientEffect>;

/** Table 4: at least 32 s on UDP, however short T1 is made. Tests shorten it by a T1 below the standard. */
const timerD = (link: Link): Ms => (link.reliable ? 0 : 64 * link.t1Ms);

export function startInviteClient({ reliable, t1Ms }: Link): Step {
  const timers = reliable ? [arm('B' as const, 64 * t1Ms)] : [arm('A' as const, t1Ms), arm('B' as const, 64 * t1Ms)];
  return [{ state: 'calling', resendMs: t1Ms }, [{ do: 'send_request' }, ...timers]];
}

/**
 * INVITE client transaction: RFC 3261 §17.1.1, with the Accepted state of RFC 6026 §7.2.
 * A timer that no longer fits the state is ignored.
 */
export function inviteClient(tx: InviteClient, input: InviteClientInput, link: Link): Step {
  const go = (state: InviteClient['state'], ...effects: InviteClientEffect[]): Step => [{ ...tx, state }, effects];
  const stay: Step = [tx, []];
  const early = tx.state === 'calling' || tx.state === 'proceeding';
  if (input.type === 'timer') return onTimer(tx, input.name);
  if (input.type === 'transport_failed')
    return early || tx.state === 'completed' ? go('terminated', { do: 'report', failure: 'transport' }) : stay;
  if (input.status < 200) return early ? go('proceeding', { do: 'pass_up' }) : stay;
  if (input.status < 300) {
    if (early) return go('accepted', { do: 'pass_up' }, arm('M', 64 * link.t1Ms));
    return tx.state === 'accepted' ? go('accepted', { do: 'pass_up' }) : stay; // another branch, or a retransmission
  }
  if (early) return go('completed', { do: 'send_ack' }, { do: 'pass_up' }, arm('D', timerD(link)));
  return tx.state === 'completed' ? go('completed', { do: 'send_ack' }) : stay;
}

function onTimer(tx: InviteClient, name: Timer): Step {
  switch (`${tx.state} ${name}`) {
    case 'calling A': {
      const resendMs = tx.resendMs * 2;
      return [{ ...tx, resendMs }, [{ do: 'send_request' }, arm('A', resendMs)]];
    }
    case 'calling B':
      return [{ ...tx, state: 'terminated' }, [{ do: 'report', failure: 'timeout' }]];
    case 'completed D':
    case 'accepted M':
      return [{ ...tx, state: 'terminated' }, []];
    default:
      return [tx, []];
  }
}
