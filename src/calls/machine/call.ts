import type { Ms, Next } from '../../base/index.js';

export type CallState = 'ringing' | 'ivr' | 'queued' | 'talking' | 'held' | 'ended';

/** Why a call ended, for the CDR; a closed list, one value a call. */
export type Cause =
  | 'completed' | 'abandoned' | 'cancelled' | 'busy' | 'no_answer' | 'rejected'
  | 'media_timeout' | 'media_lost' | 'app_lost' | 'edge_lost' | 'failed';

/** Who ended the call: the caller by CANCEL or BYE, the other side, or we for a reason of our own. */
export type EndedBy =
  | { readonly by: 'caller' | 'far_end' }
  | { readonly by: 'us'; readonly cause: Cause };

export interface Call {
  readonly state: CallState;
  /** Parties that have put the other on hold; the call is held while there is one. */
  readonly holders: readonly string[];
  readonly answeredAt: Ms | undefined;
  readonly cause: Cause | undefined;
}

export type CallEvent =
  | { readonly type: 'entered_flow' | 'answered' | 'queued' | 'bridged' | 'parted' }
  | { readonly type: 'held' | 'resumed'; readonly leg: string }
  | { readonly type: 'ended'; readonly how: EndedBy };

export type CallEffect =
  | { readonly do: 'note_state'; readonly state: CallState }
  | { readonly do: 'note_answer'; readonly at: Ms }
  | { readonly do: 'close'; readonly cause: Cause; readonly at: Ms };

export const ringing: Call = { state: 'ringing', holders: [], answeredAt: undefined, cause: undefined };

/** One call from its INVITE to its CDR. After `close` nothing moves it again: a call has one cause and one end. */
export function call(s: Call, e: CallEvent, now: Ms): Next<Call, CallEffect> {
  if (s.state === 'ended') return [s, []];
  switch (e.type) {
    case 'entered_flow':
    case 'parted':
      return to({ ...s, holders: [] }, 'ivr');
    case 'answered':
      return s.answeredAt === undefined ? [{ ...s, answeredAt: now }, [{ do: 'note_answer', at: now }]] : [s, []];
    case 'queued':
      return to({ ...s, holders: [] }, 'queued');
    case 'bridged':
      return to({ ...s, holders: [] }, 'talking');
    case 'held':
      return s.state === 'talking' || s.state === 'held' ? to({ ...s, holders: [...s.holders.filter((h) => h !== e.leg), e.leg] }, 'held') : [s, []];
    case 'resumed': {
      if (s.state !== 'held') return [s, []];
      const holders = s.holders.filter((h) => h !== e.leg);
      return to({ ...s, holders }, holders.length > 0 ? 'held' : 'talking');
    }
    case 'ended': {
      const cause = causeOf(s, e.how);
      return [{ ...s, state: 'ended', holders: [], cause }, [{ do: 'close', cause, at: now }]];
    }
  }
}

function to(s: Call, state: CallState): Next<Call, CallEffect> {
  return s.state === state ? [s, []] : [{ ...s, state }, [{ do: 'note_state', state }]];
}

/** A caller who goes while he waits has abandoned; one who goes before anybody answered has cancelled. */
function causeOf(s: Call, how: EndedBy): Cause {
  if (how.by === 'us') return how.cause;
  if (how.by === 'far_end') return 'completed';
  if (s.state === 'queued') return 'abandoned';
  return s.answeredAt === undefined ? 'cancelled' : 'completed';
}
