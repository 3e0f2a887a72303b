import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ms } from '../base/index.js';
import { finishRecording, lease, recordingPath } from '../media/index.js';
import { newId } from '../store/index.js';
import type { Events } from '../events/index.js';
import type { Call } from './call.js';
import type { Leg } from './leg.js';
import type { Ledger } from './ledger.js';

/** Beyond what the media room grants its commands. */
const LONGEST_BRIDGE: Ms = 60_000;

export interface TalkOptions {
  readonly far: Leg;
  readonly about: { readonly agent?: string; readonly extension?: string; readonly to?: string };
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

/** How a conversation ended: the caller has gone (and his call with him), or the other side has and he is still there. */
export type TalkEnd = 'caller_left' | 'far_left';

/**
 * Joins the caller and one other party until one of them leaves, and records them if told to. The other leg is ended
 * here; the caller's goes on.
 * @throws MediaLost, MediaRefused when they could not be joined
 */
export async function talk(call: Call, near: Leg, options: TalkOptions, around: Around): Promise<TalkEnd> {
  const { far } = options;
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
  await anyOf(near.gone, far.gone, call.over);
  const callerLeft = near.gone.aborted || call.over.aborted;
  const cleared = far.hangUp();
  options.onOver?.();
  await (await recording)?.stop();
  await cleared;
  if (callerLeft) return 'caller_left';
  call.parted();
  return 'far_left';
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

const anyOf = (...signals: readonly AbortSignal[]): Promise<void> =>
  new Promise((resolve) => {
    if (signals.some((signal) => signal.aborted)) return resolve();
    const first = new AbortController();
    for (const signal of signals) signal.addEventListener('abort', () => { first.abort(); resolve(); }, { once: true, signal: first.signal });
  });
