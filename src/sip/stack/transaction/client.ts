import type { Ms, Next } from '../../../base/index.js';
import { arm, type ClientEffect, type ClientInput, type Link } from './link.js';

type Timer = 'E' | 'F' | 'K';
export interface Client {
  readonly state: 'trying' | 'proceeding' | 'completed' | 'terminated';
  /** Next interval of Timer E while trying: doubles up to T2. */
  readonly resendMs: Ms;
}
export type NonInviteClientInput = ClientInput<Timer>;
export type NonInviteClientEffect = ClientEffect<Timer>;
type Step = Next<Client, NonInviteClientEffect>;

export function startClient({ reliable, t1Ms }: Link): Step {
  const timers = reliable ? [arm('F' as const, 64 * t1Ms)] : [arm('E' as const, t1Ms), arm('F' as const, 64 * t1Ms)];
  return [{ state: 'trying', resendMs: t1Ms }, [{ do: 'send_request' }, ...timers]];
}

/** Non-INVITE client transaction: RFC 3261 §17.1.2. A timer that no longer fits the state is ignored. */
export function client(tx: Client, input: NonInviteClientInput, link: Link): Step {
  const waiting = tx.state === 'trying' || tx.state === 'proceeding';
  if (input.type === 'timer') return onTimer(tx, input.name, link);
  if (!waiting) return [tx, []];
  if (input.type === 'transport_failed') return [{ ...tx, state: 'terminated' }, [{ do: 'report', failure: 'transport' }]];
  if (input.status < 200) return [{ ...tx, state: 'proceeding' }, [{ do: 'pass_up' }]];
  return [{ ...tx, state: 'completed' }, [{ do: 'pass_up' }, arm('K', link.reliable ? 0 : link.t4Ms)]];
}

function onTimer(tx: Client, name: Timer, { t2Ms }: Link): Step {
  switch (`${tx.state} ${name}`) {
    case 'trying E': {
      const resendMs = Math.min(tx.resendMs * 2, t2Ms);
      return [{ ...tx, resendMs }, [{ do: 'send_request' }, arm('E', resendMs)]];
    }
    case 'proceeding E':
      return [tx, [{ do: 'send_request' }, arm('E', t2Ms)]];
    case 'trying F':
    case 'proceeding F':
      return [{ ...tx, state: 'terminated' }, [{ do: 'report', failure: 'timeout' }]];
    case 'completed K':
      return [{ ...tx, state: 'terminated' }, []];
    default:
      return [tx, []];
  }
}
