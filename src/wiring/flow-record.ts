import { mkdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Call, Leg } from '../calls/index.js';
import type { RecordEnd, RecordRequest } from '../ivr/index.js';
import { finishRecording, RecordingLost, recordingPath } from '../media/index.js';
import { newId } from '../store/index.js';
import type { Voice } from './voice.js';

/** 800 Hz for a fifth of a second. */
const BEEP = 'tone_stream://%(200,0,800)';
const NOTHING: RecordEnd = { how: 'failed', ms: 0, path: '' };

/**
 * What a caller leaves in a flow lies beside the recordings of conversations, in a folder of its own. Who hangs up has left his
 * message all the same: the timeline says where it is. @throws MediaRefused, RecordingLost
 */
export async function recordMessage(voice: Voice, call: Call, leg: Leg, { maxMs, silenceMs, beep, stop }: RecordRequest): Promise<RecordEnd> {
  const { endpoint } = leg;
  const gone = (): boolean => leg.gone.aborted;
  const path = recordingPath(join(voice.recordings, 'messages'), `${call.id}-${newId('msg', voice.now())}`, 1, voice.now());
  const end = (): void => {
    endpoint.stop().catch((error: unknown) => {
      if (!gone()) call.log.warn({ err: error }, 'a recording could not be stopped');
    });
  };
  await mkdir(dirname(path), { recursive: true });
  if (beep) await endpoint.play([BEEP]);
  if (stop.aborted || gone()) return NOTHING;
  stop.addEventListener('abort', end, { once: true });
  try {
    await endpoint.record(path, { maxMs, silenceMs }).catch((error: unknown) => {
      if (!gone()) throw error;
    });
    const ms = Math.round((await finishRecording(path)).ms);
    voice.events.publish('call.message_recorded', `call:${call.id}`, { file: relative(voice.recordings, path), ms });
    return { how: 'recorded', ms, path };
  } catch (error) {
    if (gone() && error instanceof RecordingLost) return NOTHING; // he was gone before he said anything
    throw error;
  } finally {
    stop.removeEventListener('abort', end);
  }
}
