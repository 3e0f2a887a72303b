import type { Ms } from '../../base/index.js';
import type { RecordingBegun } from '../../calls/index.js';
import type { Asr, AsrEvent, AsrLanguage } from '../../speech/asr/index.js';
import { forkToUs, type ForkListener } from '../listening/index.js';
import { apart, segmentOf, SPEAKERS, type Segment, type Speaker } from './segments.js';

export interface LiveOptions {
  readonly asr: Pick<Asr, 'open' | 'unavailable'>;
  readonly forks: ForkListener;
  readonly language: AsrLanguage;
  readonly warn: (about: object, message: string) => void;
  readonly heard: (segment: Segment) => void;
}

const RATE = 8_000;
const HANGING_UP_MS = 2_000;
/** People who talk with each other pause longer than those who answer a machine. */
const END_SILENCE_MS = 800;

/**
 * Writes down both sides of a conversation while it is recorded. @returns when the recording is over: undefined, or why it is not whole
 */
export async function transcribeLive({ leg, startedAt, over }: RecordingBegun, { asr, forks, language, warn, heard }: LiveOptions): Promise<string | undefined> {
  const unavailable = asr.unavailable(language) ?? (leg.endpoint.canFork ? undefined : `media server ${leg.endpoint.server} cannot fork audio`);
  if (unavailable !== undefined) return unavailable;
  let failure: string | undefined;
  try {
    const listened = await forkToUs(leg.endpoint, forks, { mix: 'stereo', rateHz: RATE }, warn);
    const { line } = listened;
    const offsetMs = listened.startedAt - startedAt;
    const listen = (speaker: Speaker) =>
      asr.open({ language, rate: RATE, endSilenceMs: END_SILENCE_MS }, (event: AsrEvent) => {
        if (event.kind === 'failed') failure ??= event.why;
        const segment = event.kind === 'final' ? segmentOf(speaker, event, offsetMs) : undefined;
        if (segment) heard(segment);
      });
    const streams = SPEAKERS.map(listen);
    line.onAudio((pcm) => apart(pcm).forEach((side, i) => streams[i]?.write(side)));
    const lost = new Promise<void>((resolve) => line.gone.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([over, lost, Promise.all(streams.map((stream) => stream.over))]);
    await listened.stop();
    for (const stream of streams) stream.end();
    await Promise.all(streams.map((stream) => stream.over));
    // A phone that hangs up takes the fork along a moment before the recording is closed.
    if (!(await within(HANGING_UP_MS, over))) failure ??= 'the audio fork was lost';
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return failure;
}

async function within(ms: Ms, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
