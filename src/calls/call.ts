import { drive, type Id } from '../base/index.js';
import type { Events, FactMap } from '../events/index.js';
import type { Incoming } from './incoming.js';
import type { Leg, LegGone } from './leg.js';
import type { Ledger, NewCall } from './ledger.js';
import { call as machine, ringing, type Call as MachineState, type CallEffect, type CallState, type Cause, type EndedBy } from './machine/call.js';

export type CallId = Id<'call'>;

export interface CallLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a caller experiences from INVITE to the end. */
export interface Call {
  readonly id: CallId;
  readonly direction: NewCall['direction'];
  readonly from: string;
  readonly to: string;
  /** Over which it came, and the number dialled there. */
  readonly trunk: string | null;
  readonly did: string | null;
  readonly log: CallLog;
  readonly incoming: Incoming;
  /** Fires when the call is over; nothing is started for it after that. */
  readonly over: AbortSignal;
  state(): CallState;
  /** The caller's leg, answering the call first if need be; one answer, however often asked. @throws CallerGone, CodecMismatch, MediaUnavailable */
  answer(): Promise<Leg>;
  /** The caller's leg once it is there. */
  leg(): Leg | undefined;
  /** How many legs are up. */
  legs(): number;
  /** Whom we called has picked up: for calls that nobody made to us. */
  answered(): void;
  /** `talk`: somebody has picked up for him, though both do not hear each other yet. */
  entered(what: 'flow' | 'queue' | 'talk'): void;
  bridged(about: { agent?: string; extension?: string; to?: string }): void;
  /** The far end left; the caller is still there. */
  parted(): void;
  held(by: Leg, held: boolean): void;
  /** Hands the caller on to a number, as a REFER of whom he talks with would: the status that it would get. 409 where nobody could. */
  handOn(to: string): number;
  /** Who does that; answers how to stop. */
  onHandOn(listener: (to: string) => number): () => void;
  /** A leg beside the caller's: it is ended with the call, and its loss by a dead server ends the call. */
  adopt(leg: Leg, remote: string): void;
  note(change: Parameters<Ledger['patch']>[1]): void;
  /** Ends the call and all its legs; settles when they are gone. `status` is for a caller who was never answered. */
  end(how: EndedBy, status?: number, headers?: Record<string, string>): Promise<void>;
}

interface Around {
  readonly ledger: Ledger;
  readonly events: Events;
  readonly log: CallLog;
  readonly now: () => number;
  readonly onOver: (call: Call) => void;
}

/** A call that began in the run of ours before this one: its row is open, its caller waits. */
export interface Outlived {
  readonly leg: Leg;
  readonly answeredAt: number | undefined;
}

/** Opens the call's row and its timeline, and follows the caller until one of both ends. */
export function createCall(about: NewCall, incoming: Incoming, { ledger, events, log, now, onOver }: Around, outlived?: Outlived): Call {
  const id = about.id as CallId;
  const life = new AbortController();
  const legs = new Set<Leg>();
  let caller = outlived?.leg;
  let handOn: ((to: string) => number) | undefined;
  let answering = outlived && Promise.resolve(outlived.leg);
  let current: MachineState = outlived ? { ...ringing, state: 'queued', answeredAt: outlived.answeredAt } : ringing;

  if (!outlived) {
    ledger.open(about);
    events.publish('call.started', `call:${id}`, startOf(about));
  }

  const perform = (effect: CallEffect): void => {
    switch (effect.do) {
      case 'note_state':
        ledger.patch(id, { state: effect.state });
        return;
      case 'note_answer':
        ledger.patch(id, { answered_at: effect.at });
        events.publish('call.answered', `call:${id}`, {});
        return;
      case 'close':
        ledger.close(id, effect.cause, effect.at);
        events.publish('call.ended', `call:${id}`, { cause: effect.cause, duration_ms: effect.at - about.started_at });
        log.info({ cause: effect.cause }, 'call ended');
        life.abort('over'); // a reason: making the usual one costs a stack trace
        onOver(self);
    }
  };
  const post = drive<MachineState, Parameters<typeof machine>[1], CallEffect>(
    (s, e) => {
      const next = machine(s, e, now());
      if (next[0].state !== s.state && next[0].state !== 'ended') events.publish('call.state_changed', `call:${id}`, { from: s.state, to: next[0].state });
      current = next[0];
      return next;
    },
    [current, []],
    perform,
  );

  const adopt = (leg: Leg, remote: string): void => {
    ledger.legUp(id, leg, remote, now());
    follow(leg);
  };
  const follow = (leg: Leg): void => {
    legs.add(leg);
    const over = (): void => {
      const why = leg.gone.reason as LegGone;
      legs.delete(leg);
      ledger.legOver(leg.id, why, now());
      events.publish('call.leg_ended', `call:${id}`, { leg: leg.id, why });
      const how = endOf(leg, why);
      if (how) void end(how);
    };
    if (leg.gone.aborted) over();
    else leg.gone.addEventListener('abort', over, { once: true });
    if (life.signal.aborted) void leg.hangUp();
  };
  const end: Call['end'] = async (how, status = 480, headers = {}) => {
    post({ type: 'ended', how });
    incoming.reject(status, headers);
    await Promise.all([...legs].map((leg) => leg.hangUp()));
  };
  incoming.over.addEventListener('abort', () => {
    if (incoming.cancelled()) void end({ by: 'caller' });
    else if (incoming.edgeLost()) void end({ by: 'us', cause: 'edge_lost' });
  });

  const self: Call = {
    id,
    direction: about.direction,
    from: about.from_number,
    to: about.to_number,
    trunk: about.trunk,
    did: about.did,
    log,
    incoming,
    over: life.signal,
    state: () => current.state,
    leg: () => caller,
    legs: () => legs.size,
    async answer() {
      answering ??= incoming.answer().then((leg) => {
        caller = leg;
        post({ type: 'answered' });
        adopt(leg, about.from_number);
        return leg;
      });
      return answering;
    },
    answered: () => post({ type: 'answered' }),
    entered: (what) => post({ type: ENTERED[what] }),
    bridged(about) {
      post({ type: 'bridged' });
      events.publish('call.bridged', `call:${id}`, about);
      if (about.agent !== undefined) ledger.patch(id, { agent: about.agent });
    },
    parted: () => post({ type: 'parted' }),
    held(by, held) {
      post({ type: held ? 'held' : 'resumed', leg: by.id });
      events.publish(held ? 'call.held' : 'call.resumed', `call:${id}`, { by: by.role });
    },
    handOn: (to) => (handOn ? handOn(to) : 409),
    onHandOn(listener) {
      handOn = listener;
      return () => {
        if (handOn === listener) handOn = undefined;
      };
    },
    adopt,
    note: (change) => ledger.patch(id, change),
    end,
  };
  if (outlived) follow(outlived.leg);
  return self;
}

const startOf = ({ direction, from_number, to_number, trunk, did, contact, callback_of }: NewCall): FactMap['call.started'] => ({
  direction, from: from_number, to: to_number,
  ...(trunk === null ? {} : { trunk }), ...(did === null ? {} : { did }), ...(contact === undefined ? {} : { contact }), ...(callback_of === undefined ? {} : { callback_of }),
});

const ENTERED = { flow: 'entered_flow', queue: 'queued', talk: 'bridged' } as const;

/** What the end of a leg means for its call: the caller's always ends it, another's when a server died under it. */
function endOf(leg: Leg, why: LegGone): EndedBy | undefined {
  if (why === 'media_timeout' || why === 'media_lost' || why === 'edge_lost') return { by: 'us', cause: why satisfies Cause };
  return leg.role === 'caller' && why === 'bye' ? { by: 'caller' } : undefined;
}
