import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finishRecording, lease, recordingPath } from '../media/index.js';
import { newId } from '../store/index.js';
import type { Events } from '../events/index.js';
import type { Call } from './call.js';
import { handOver, LONGEST_BRIDGE, partingOf, type HandOn, type Handing, type Party } from './handing.js';
import type { Leg } from './leg.js';
import type { Ledger } from './ledger.js';

export interface TalkOptions {
  readonly far: Leg;
  readonly about: Party;
  /** Whose words go on the left channel; undefined: not recorded. */
  readonly customer: 'caller' | 'far' | undefined;
  /** Both hear each other from now on. */
  readonly onBridged?: () => void;
  /** One of them has gone, and the other side's BYE is on its way: what is left is clearing up. */
  readonly onOver?: () => void;
}

/** A recording that runs. */
export interface RecordingBegun {
  readonly call: Call;
  readonly leg: Leg;
  readonly recording: string;
  readonly part: number;
  /** When the media server said that it records: performance.now(). */
  readonly startedAt: number;
  /** Settles when it is closed, or has failed. */
  readonly over: Promise<void>;
}

interface Around {
  readonly onRecording?: ((begun: RecordingBegun) => void) | undefined;
  readonly ledger: Ledger;
  readonly events: Events;
  readonly recordings: string;
  readonly now: () => number;
}
interface AroundTalk extends Around {
  /** Without it nobody can hand a caller on. */
  readonly handOn?: HandOn | undefined;
  /** What a caller hears while somebody is rung for him. */
  readonly ringback: string;
}

/** How a conversation ended: the caller has gone (and his call with him), the other side has and he is still there, or he was handed on to what takes him. */
export type TalkEnd = 'caller_left' | 'far_left' | Extract<Handing, { how: 'take' }>;

/**
 * Joins the caller and one other party until one of them leaves, and records them if told to. The other leg is ended
 * here; the caller's goes on.
 * @throws MediaLost, MediaRefused when they could not be joined
 */
export async function talk(call: Call, near: Leg, options: TalkOptions, around: AroundTalk): Promise<TalkEnd> {
  const { far } = options;
  let agentFree = false;
  const onOver = (): void => {
    if (!agentFree) options.onOver?.();
    agentFree = true;
  };
  try {
    // A media server that takes its time must not keep the caller with somebody who has hung up meanwhile.
    await lease('bridge', LONGEST_BRIDGE, far.gone, () => near.endpoint.bridge(far.endpoint));
  } catch (error) {
    await far.hangUp();
    throw error;
  }
  call.bridged(options.about);
  options.onBridged?.();
  near.onHold((held) => call.held(near, held));
  far.onHold((held) => call.held(far, held));
  const recording = options.customer ? startRecording(call, options.customer === 'caller' ? near : far, around) : undefined;
  const { party, taker } = await throughHands(call, near, { ...options, onOver }, around);
  const callerLeft = near.gone.aborted || call.over.aborted;
  const cleared = party.hangUp();
  onOver();
  await (await recording)?.stop();
  await cleared;
  if (callerLeft) return 'caller_left';
  if (taker) return taker;
  call.parted();
  return 'far_left';
}

/** Until one leaves whom nobody follows: whoever talks with the caller may hand him on, again and again. */
async function throughHands(call: Call, near: Leg, options: TalkOptions & { readonly onOver: () => void }, around: AroundTalk): Promise<{ readonly party: Leg; readonly taker?: Extract<Handing, { how: 'take' }> }> {
  let [party, about] = [options.far, options.about];
  for (;;) {
    // What is recorded on the far side ends with it.
    const may = (to: string): Handing | number => (options.customer === 'far' ? 501 : (around.handOn?.(call, about, to) ?? 403));
    const asked = await partingOf(call, near, party, may);
    if (!asked) return { party };
    const by = about.agent ?? about.extension ?? about.to ?? '';
    const handed = (): void => {
      around.events.publish('call.transferred', `call:${call.id}`, { by, to: asked.to });
      asked.tell(200);
      options.onOver();
    };
    if (asked.handing.how === 'take') {
      handed();
      return { party, taker: asked.handing };
    }
    party.gone.addEventListener('abort', options.onOver, { once: true });
    const how = await handOver(call, near, party, { ...asked, handing: asked.handing }, around.ringback);
    party.gone.removeEventListener('abort', options.onOver);
    if ('leg' in how) {
      handed();
      call.bridged(asked.handing.about);
      void party.hangUp();
      const next = how.leg;
      next.onHold((held) => call.held(next, held));
      [party, about] = [next, asked.handing.about];
      continue;
    }
    asked.tell(how.status);
    around.events.publish('call.transfer_failed', `call:${call.id}`, { by, to: asked.to, status: how.status });
    if (!(await backTogether(call, near, party))) return { party };
  }
}

/** False where one of them has gone, or they cannot be joined any more. */
async function backTogether(call: Call, near: Leg, party: Leg): Promise<boolean> {
  const apart = (): boolean => near.gone.aborted || party.gone.aborted || call.over.aborted; // a call, since it changes while we wait
  if (apart()) return false;
  try {
    await lease('bridge', LONGEST_BRIDGE, party.gone, () => near.endpoint.bridge(party.endpoint));
    call.held(party, false);
    return true;
  } catch (error) {
    if (!apart()) call.log.warn({ err: error }, 'caller and agent could not be joined again');
    return false;
  }
}

interface Running {
  readonly stop: () => Promise<void>;
}

/** Never rejects: a call that cannot be recorded goes on, and its timeline says so. */
export async function startRecording(call: Call, leg: Leg, { ledger, events, recordings, now, onRecording }: Around): Promise<Running> {
  const id = newId('rec', now());
  const part = ledger.recordings(call.id).length + 1;
  const path = recordingPath(recordings, call.id, part, now());
  const failed = (error: unknown): void => {
    ledger.recordingOver(id, { state: 'failed', ended_at: now(), error: String(error) });
    events.publish('call.recording_failed', `call:${call.id}`, { recording: id, part, error: String(error) });
    call.log.error({ err: error, recording: id }, 'the recording failed; the call goes on');
  };
  const close = async (): Promise<void> => {
    try {
      if (!leg.endpoint.gone.aborted) await leg.endpoint.stopRecording(path);
    } catch (error) {
      call.log.warn({ err: error, recording: id }, 'the media server did not close the recording'); // it may still be whole
    }
    try {
      const done = await finishRecording(path);
      ledger.recordingOver(id, { state: done.repaired ? 'repaired' : 'done', ended_at: now(), ms: Math.round(done.ms), bytes: done.bytes });
      events.publish('call.recording_stopped', `call:${call.id}`, { recording: id, part, ms: Math.round(done.ms), bytes: done.bytes });
    } catch (error) {
      failed(error);
    }
  };
  ledger.recordingStarted({ id, call_id: call.id, part, path, started_at: now() });
  try {
    await mkdir(dirname(path), { recursive: true });
    await leg.endpoint.startRecording(path);
  } catch (error) {
    failed(error);
    return { stop: () => Promise.resolve() };
  }
  const startedAt = performance.now();
  events.publish('call.recording_started', `call:${call.id}`, { recording: id, part });
  let closing: Promise<void> | undefined;
  let settle = (): void => undefined;
  const over = new Promise<void>((resolve) => (settle = resolve));
  const stop = (): Promise<void> => (closing ??= close().finally(settle));
  onRecording?.({ call, leg, recording: id, part, startedAt, over });
  leg.beforeEnd(stop);
  return { stop };
}
