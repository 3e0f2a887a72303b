import type { Ms } from '../base/index.js';
import { lease } from '../media/index.js';
import type { Call } from './call.js';
import { DialFailed } from './errors.js';
import type { Leg } from './leg.js';
import type { Tell } from './refer.js';

/** With whom a caller talks. */
export interface Party {
  readonly agent?: string;
  readonly extension?: string;
  readonly to?: string;
}
/** Where a caller can be handed on to: somebody who is rung, or what takes him at once and lasts until he has left it. */
export type Handing =
  | { readonly how: 'ring'; readonly about: Party; readonly ring: (signal: AbortSignal) => Promise<Leg> }
  | { readonly how: 'take'; readonly take: () => Promise<void> };
/** What a party of a call may do with a number; a status where it may not. */
export type HandOn = (call: Call, by: Party, to: string) => Handing | number;

export interface Handover {
  readonly to: string;
  readonly handing: Handing;
  readonly tell: Tell;
}
/** Beyond what the media room grants its commands. */
export const LONGEST_BRIDGE: Ms = 60_000;

/** Settles when one of both leaves, or with what the far party asks for. */
export function partingOf(call: Call, near: Leg, far: Leg, may: (to: string) => Handing | number): Promise<Handover | undefined> {
  return new Promise((resolve) => {
    const settled = new AbortController();
    const settle = (handover?: Handover): void => {
      settled.abort('settled');
      resolve(handover);
    };
    const ask = (to: string, tell: Tell): number => {
      const handing = may(to);
      if (typeof handing === 'number') return handing;
      settle({ to, handing, tell });
      return 202;
    };
    const deaf = [far.onRefer(ask), call.onHandOn((to) => ask(to, () => undefined))];
    settled.signal.addEventListener('abort', () => deaf.forEach((stop) => stop()), { once: true });
    for (const signal of [near.gone, far.gone, call.over]) {
      if (signal.aborted) return settle();
      signal.addEventListener('abort', () => settle(), { once: true, signal: settled.signal });
    }
  });
}

/**
 * Rings whom the caller is to talk with; meanwhile he hears that, and who hands him on holds the line. Answers the new leg once both hear each
 * other; undefined where nobody was reached: then the two who talked before do again, if both are still there.
 */
export async function handOver(call: Call, near: Leg, far: Leg, { handing, tell }: { readonly handing: Extract<Handing, { how: 'ring' }>; readonly tell: Tell }, ringback: string): Promise<{ readonly leg: Leg } | { readonly status: number }> {
  tell(100);
  call.held(far, true);
  const waits = new AbortController();
  const stop = (): void => waits.abort('over');
  for (const signal of [near.gone, call.over]) signal.addEventListener('abort', stop, { once: true, signal: waits.signal });
  if (near.gone.aborted || call.over.aborted) stop();
  try {
    if (!far.gone.aborted) await near.endpoint.unbridge();
    near.endpoint.play([ringback]).catch((error: unknown) => {
      if (!near.gone.aborted && !waits.signal.aborted) call.log.warn({ err: error }, 'the ringback cannot be played');
    });
    const leg = await handing.ring(waits.signal);
    call.adopt(leg, handing.about.extension ?? handing.about.to ?? '');
    try {
      await lease('bridge', LONGEST_BRIDGE, leg.gone, () => near.endpoint.bridge(leg.endpoint));
      return { leg };
    } catch (error) {
      await leg.hangUp();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof DialFailed) && !near.gone.aborted) call.log.warn({ err: error }, 'a caller could not be handed on');
    return { status: error instanceof DialFailed && error.status >= 300 ? error.status : 503 };
  } finally {
    waits.abort('over');
  }
}
