import type { Call, Leg } from '../calls/index.js';
import type { RecordingsConfig } from '../config/index.js';
import type { Endpoint } from '../media/index.js';
import { files, inLanguages, record, type Voice } from './voice.js';

export type RecordedAs = 'queue' | 'inbound' | 'outbound' | 'internal';

/** Whether calls of this kind are recorded, and who is told: the customer, on whichever side he is. */
export interface Consent {
  readonly recorded: boolean;
  readonly customer: 'caller' | 'far';
}

export function consentFor(voice: Voice, call: Call, kind: RecordedAs): Consent {
  return { recorded: voice.config().recordings.calls[kind], customer: kind !== 'queue' && call.direction === 'outbound' ? 'far' : 'caller' };
}

/** What has been said and begun for one call, so that nobody is told twice and nothing is recorded twice. */
const told = new WeakSet<Call>();
const whole = new WeakSet<Call>();

/** The notice was given in the last run of ours. */
export const noticeWasGiven = (call: Call): void => void told.add(call);

/** Says that the call is recorded, once a call, to the end. A notice that cannot be spoken keeps the call from being recorded. */
export async function giveNotice(voice: Voice, call: Call, ear: Endpoint, queue?: string): Promise<boolean> {
  const notice = noticeOf(voice, queue);
  if (!notice || told.has(call)) return true;
  try {
    const end = await ear.play(await files(voice, inLanguages(notice, undefined)));
    if (end === 'done') told.add(call);
    return end === 'done';
  } catch (error) {
    if (!ear.gone.aborted) call.log.error({ err: error }, 'the recording notice could not be spoken; the call is not recorded');
    return false;
  }
}

/** Of a queue that has one of its own, or none; else that of the house. */
function noticeOf(voice: Voice, queue: string | undefined): RecordingsConfig['notice'] {
  const { queues, recordings } = voice.config();
  const own = queues.find((one) => one.name === queue);
  return !own || own.recordingNotice === 'house' ? recordings.notice : own.recordingNotice;
}

/** With `recording.from: answer`, records the caller from his answer on, menu and music included. */
export async function recordFromAnswer(voice: Voice, call: Call, leg: Leg, kind: RecordedAs): Promise<void> {
  if (voice.config().recordings.from !== 'answer' || whole.has(call) || !consentFor(voice, call, kind).recorded) return;
  whole.add(call);
  if (await giveNotice(voice, call, leg.endpoint)) await record(voice, call, leg);
}

/** Whose side the conversation is recorded on; undefined when it is not, or when the whole call is already. */
export const recordedSide = (call: Call, consent: Consent, noticeGiven: boolean): 'caller' | 'far' | undefined =>
  consent.recorded && noticeGiven && !whole.has(call) ? consent.customer : undefined;
