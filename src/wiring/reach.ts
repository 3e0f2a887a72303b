import { causeOfFailure, CallerGone, DialFailed, statusOfFailure, type Call, type Cause, type DialFailure, type DialPlan, type Leg } from '../calls/index.js';
import { CodecMismatch, MediaLost, MediaUnavailable } from '../media/index.js';
import { consentFor, giveNotice, recordedSide, type RecordedAs } from './consent.js';
import { converse, ring, RINGBACK, type Voice } from './voice.js';

export interface Reach {
  readonly plan: DialPlan;
  readonly about: { readonly extension?: string; readonly to?: string };
  readonly recordedAs: RecordedAs;
}

export type ReachEnd = 'far_left' | 'caller_left' | DialFailure;

/**
 * Rings somebody for a caller and lets both talk. A caller who has not been answered hears ringing or the far end's
 * early media, and is answered when the far end is; one who has hears our own ringback.
 * @throws CodecMismatch, MediaUnavailable, MediaLost, CallerGone
 */
export async function reach(voice: Voice, call: Call, to: Reach): Promise<ReachEnd> {
  const consent = consentFor(voice, call, to.recordedAs);
  const noticed = consent.recorded && consent.customer === 'caller' ? await giveNotice(voice, call, call.leg()?.endpoint ?? (await call.incoming.early())) : false;
  // Nobody's phone rings for a caller who could not be answered.
  if (!call.leg()) await call.incoming.prepare();
  const ringback = soundRinging(call);
  let far: Leg;
  try {
    far = await ring(voice, call, to.plan, {
      role: 'callee',
      signal: call.over,
      onRinging: () => call.incoming.ring(),
      onEarlyMedia: (endpoint) => {
        if (call.leg() || call.over.aborted) return;
        call.incoming.early().then((near) => near.bridge(endpoint)).catch((error: unknown) => {
          if (!call.over.aborted) call.log.warn({ err: error }, 'early media could not be passed on');
        });
      },
    });
  } catch (error) {
    if (call.over.aborted) return 'caller_left';
    if (error instanceof DialFailed) return error.why;
    throw error;
  } finally {
    ringback();
  }
  call.adopt(far, to.about.extension ?? to.about.to ?? '');
  const side = recordedSide(call, consent, consent.customer === 'far' ? consent.recorded && (await giveNotice(voice, call, far.endpoint)) : noticed);
  try {
    const end = await converse(voice, call, await call.answer(), { far, about: to.about, customer: side });
    if (typeof end === 'string') return end;
    await end.take();
    return 'far_left';
  } catch (error) {
    await far.hangUp();
    throw error;
  }
}

/** Starts our own ringback for a caller who has been answered; answers how to forget it (the bridge stops it). */
function soundRinging(call: Call): () => void {
  const leg = call.leg();
  if (!leg) return () => undefined;
  let wanted = true;
  leg.endpoint.play([RINGBACK]).catch((error: unknown) => {
    if (wanted && !leg.gone.aborted) call.log.warn({ err: error }, 'the ringback cannot be played');
  });
  return () => {
    wanted = false;
    leg.endpoint.stop().catch(() => undefined); // a caller who is gone hears nothing anyway; whoever speaks next is told
  };
}

/** How a call ends whose one purpose was to reach somebody. */
export async function endAfter(call: Call, end: ReachEnd): Promise<void> {
  if (end === 'caller_left') return call.end({ by: 'caller' });
  if (end === 'far_left') return call.end({ by: 'far_end' });
  return call.end({ by: 'us', cause: causeOfFailure[end] }, statusOfFailure[end]);
}

/** The one table from what can go wrong to a call's cause and its caller's status. */
export function troubleOf(error: unknown): { readonly cause: Cause; readonly status: number } {
  if (error instanceof CodecMismatch) return { cause: 'rejected', status: 488 };
  if (error instanceof CallerGone) return { cause: 'cancelled', status: 487 };
  if (error instanceof MediaLost) return { cause: 'media_lost', status: 503 };
  if (error instanceof MediaUnavailable) return { cause: 'failed', status: 503 };
  return { cause: 'failed', status: 500 };
}
