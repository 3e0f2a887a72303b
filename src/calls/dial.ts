import type { Id, Ms } from '../base/index.js';
import { MediaLost, MediaUnavailable, type Endpoint, type MediaPool } from '../media/index.js';
import { attempt, endDialog, type Attempt, type AttemptEnd, type Destination } from './attempt.js';
import { DialFailed } from './errors.js';
import { makeLeg, type Leg, type LegRole } from './leg.js';
import type { SipDialog, SipPort } from './sip-port.js';
import { failureOf } from './verdict.js';

/** One place to try, and what it takes to be let in there. */
export interface Choice {
  readonly destination: Destination;
  /** A line or a place in a rate; undefined when there is none: the next choice is tried. Answers how to give it back. */
  readonly admit?: () => (() => void) | undefined;
  readonly onEnd?: (how: AttemptEnd) => void;
}

export interface DialPlan {
  /** `all`: every choice rings at once and the first answer wins. `sequence`: one after the other. */
  readonly order: 'all' | 'sequence';
  readonly choices: readonly Choice[];
  /** How long all of it may ring. */
  readonly ringMs: Ms;
  /** In a sequence: how long one may stay without any provisional answer. */
  readonly provisionalMs: Ms;
  /** In a sequence: whether the next is worth trying after this final status (0: it never left). */
  readonly goesOn: (status: number) => boolean;
}

export interface DialHooks {
  readonly role: LegRole;
  /** Fires when whoever asked has gone: everything is cancelled. */
  readonly signal: AbortSignal;
  readonly onRinging?: (to: Destination) => void;
  /** Early media flows from `endpoint` now; only where one place at a time rings. */
  readonly onEarlyMedia?: (endpoint: Endpoint) => void;
}

interface Around {
  readonly sip: SipPort;
  readonly media: MediaPool;
  readonly newId: () => Id<'leg'>;
  readonly mediaHeaders: Record<string, string>;
  readonly warn: (about: object, message: string) => void;
}

/**
 * Rings somebody and answers with the leg of whoever picked up first; the media is connected by then.
 * @throws DialFailed with the most telling refusal; MediaUnavailable; MediaLost
 */
export async function dial(plan: DialPlan, hooks: DialHooks, around: Around): Promise<Leg> {
  const endpoint = await around.media.create({ headers: around.mediaHeaders });
  const edgeLost = around.sip.lost();
  try {
    const won = await ring(plan, hooks, { endpoint, offer: endpoint.localSdp }, around);
    const leg = makeLeg({ id: around.newId(), role: hooks.role, dialog: won.dialog, endpoint, edgeLost, warn: around.warn });
    won.leg(leg);
    try {
      await endpoint.modify(won.dialog.remote.sdp);
    } catch (error) {
      await leg.hangUp();
      throw error instanceof MediaUnavailable ? error : new DialFailed('failed', 488, `${won.label} answered with a description that the media server refused`, error);
    }
    return leg;
  } catch (error) {
    const lost = endpoint.gone.aborted && endpoint.gone.reason === 'media_lost';
    void endpoint.destroy();
    throw lost ? new MediaLost('the media server went while it rang', { cause: error }) : error;
  }
}

interface Won {
  readonly dialog: SipDialog;
  readonly label: string;
  /** Gives the winner's line back when its leg is over. */
  readonly leg: (leg: Leg) => void;
  /** BYE to one who answered in the same moment as the winner. */
  readonly drop: () => void;
}

async function ring(plan: DialPlan, hooks: DialHooks, media: Media, around: Around): Promise<Won> {
  const { endpoint } = media;
  const live = new Set<Attempt>();
  const stop = new AbortController();
  const onStop = (): void => live.forEach((one) => one.cancel());
  stop.signal.addEventListener('abort', onStop, { once: true });
  const quit = (): void => stop.abort('quit');
  hooks.signal.addEventListener('abort', quit, { once: true });
  endpoint.gone.addEventListener('abort', quit, { once: true });
  const timer = setTimeout(quit, plan.ringMs);
  const one = (choice: Choice, alone: boolean): Promise<Won | number> => tryOne(choice, alone ? plan.provisionalMs : undefined, { hooks, media, around, live, stop: stop.signal, alone });
  try {
    if (hooks.signal.aborted) throw new DialFailed('no_answer', 487, 'nobody waits for it any more');
    return plan.order === 'all' ? await firstOf(plan.choices.map((choice) => one(choice, plan.choices.length === 1)), quit) : await inTurn(plan, one, stop.signal);
  } finally {
    clearTimeout(timer);
    hooks.signal.removeEventListener('abort', quit);
    endpoint.gone.removeEventListener('abort', quit);
    stop.signal.removeEventListener('abort', onStop);
  }
}

/** All ring; the first answer wins and silences the others, whose late answers end in BYE. */
async function firstOf(tries: readonly Promise<Won | number>[], silence: () => void): Promise<Won> {
  const statuses: number[] = [];
  let decided = false;
  const won = await new Promise<Won | undefined>((resolve, reject) => {
    if (tries.length === 0) resolve(undefined);
    for (const one of tries) {
      one.then((how) => {
        if (typeof how !== 'number') {
          if (decided) how.drop();
          decided = true;
          return resolve(how);
        }
        if (statuses.push(how) === tries.length) resolve(undefined);
      }, reject);
    }
  });
  silence();
  if (won) return won;
  throw failed(statuses);
}

async function inTurn(plan: DialPlan, one: (choice: Choice, alone: boolean) => Promise<Won | number>, stop: AbortSignal): Promise<Won> {
  const statuses: number[] = [];
  for (const choice of plan.choices) {
    const how = await one(choice, true);
    if (typeof how !== 'number') return how;
    statuses.push(how);
    if (stop.aborted || !plan.goesOn(how)) break;
  }
  throw failed(statuses);
}

function failed(statuses: readonly number[]): DialFailed {
  // A person's answer says more than a network's: busy, then declined, then whatever came last.
  const telling = statuses.find((s) => s === 486 || s === 600) ?? statuses.find((s) => s === 603) ?? statuses.at(-1) ?? 404;
  return new DialFailed(failureOf(telling), telling, statuses.length === 0 ? 'nothing to ring' : `nobody answered (${statuses.join(', ')})`);
}

/** The offer is kept: after early media the endpoint's description is an answer. */
interface Media {
  readonly endpoint: Endpoint;
  readonly offer: string;
}

interface Ringing {
  readonly hooks: DialHooks;
  readonly media: Media;
  readonly around: Around;
  readonly live: Set<Attempt>;
  readonly stop: AbortSignal;
  readonly alone: boolean;
}

/** The status that ended it, or the answer. */
async function tryOne(choice: Choice, provisionalMs: Ms | undefined, r: Ringing): Promise<Won | number> {
  if (r.stop.aborted) return 487;
  const giveBack = choice.admit ? choice.admit() : () => undefined;
  if (!giveBack) return 503;
  let early = Promise.resolve();
  let silent: NodeJS.Timeout | undefined;
  const rang = new Set<number>();
  const one = attempt(r.around.sip, choice.destination, r.media.offer, {
    warn: r.around.warn,
    onAlive: () => clearTimeout(silent),
    onProvisional: (status, sdp) => {
      rang.add(status);
      r.hooks.onRinging?.(choice.destination);
      if (sdp === undefined || !r.alone || !r.hooks.onEarlyMedia || status < 180) return;
      early = early.then(() => r.media.endpoint.modify(sdp)).then(
        () => r.hooks.onEarlyMedia?.(r.media.endpoint),
        (error: unknown) => r.around.warn({ error, to: choice.destination.label }, 'early media could not be connected'),
      );
    },
  });
  r.live.add(one);
  const dead = new AbortController();
  if (provisionalMs !== undefined) {
    silent = setTimeout(() => {
      dead.abort('dead');
      one.cancel();
    }, provisionalMs);
  }
  const end = await one.end;
  clearTimeout(silent);
  r.live.delete(one);
  const how: AttemptEnd = end.type === 'refused' && dead.signal.aborted ? { type: 'refused', status: 408, reason: 'no provisional answer' } : end;
  choice.onEnd?.(how);
  if (how.type === 'answered') {
    await early;
    return {
      dialog: how.dialog,
      label: choice.destination.label,
      leg: (leg) => (leg.gone.aborted ? giveBack() : leg.gone.addEventListener('abort', giveBack, { once: true })),
      drop() {
        giveBack();
        endDialog(how.dialog, choice.destination.label, r.around.warn);
      },
    };
  }
  giveBack();
  return how.status === 408 && rang.size > 0 ? 480 : how.status; // somebody was rung and did not answer: no other host would help
}
