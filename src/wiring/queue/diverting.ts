import type { ContactId, DivertReason, Target } from '../../acd/index.js';
import type { QueueEnd } from '../../ivr/index.js';
import { phrase, type Phrase } from '../../speech/tts/index.js';
import { reach } from '../reach.js';
import { files } from '../voice.js';
import type { Room, Waiting } from './room.js';

/** Takes a caller who has left the queues where he was sent. Callbacks have nobody on the line who could be taken anywhere. */
export function divert(room: Room, contact: ContactId, target: Target, why: DivertReason): void {
  const w = room.waiting.get(contact);
  if (!w) return;
  w.release();
  take(room, w, target).then(w.done, (error: unknown) => {
    if (!w.call.over.aborted) w.call.log.error({ err: error, to: target.to, why }, 'a caller could not be taken where the queue sent him');
    w.done('failed');
  });
}

async function take(room: Room, w: Waiting, target: Target): Promise<QueueEnd> {
  const { call } = w;
  switch (target.to) {
    case 'queue':
      throw new Error('the engine moves contacts between queues itself');
    case 'flow':
      await w.leg.endpoint.stop();
      call.entered('flow');
      return { flow: target.flow };
    case 'callback':
      await goodbye(room, w, 'place_kept');
      return 'completed';
    case 'hang_up':
      await call.end({ by: 'us', cause: 'completed' });
      return 'failed';
    case 'extension':
    case 'number': {
      const request = { timeoutMs: room.voice.config().system.ringTimeoutMs, language: w.language, ...(target.to === 'extension' ? { extension: target.extension } : { number: target.number }) };
      const to = room.destinations.find(call, request);
      if (!to) return 'failed';
      call.entered('flow');
      const end = await (to.around ?? run)(() => reach(room.voice, call, to));
      return end === 'far_left' || end === 'caller_left' ? 'completed' : 'failed';
    }
  }
}

const run = <T>(work: () => Promise<T>): Promise<T> => work();

/** Says it to the end and hangs up; whatever cannot be said, the call ends. */
export async function goodbye(room: Room, w: Pick<Waiting, 'call' | 'leg' | 'language'>, what: Phrase): Promise<void> {
  try {
    await w.leg.endpoint.play(await files(room.voice, phrase(what, w.language)));
  } catch (error) {
    if (!w.leg.gone.aborted) w.call.log.warn({ err: error }, 'a goodbye could not be said');
  }
  await w.call.end({ by: 'us', cause: 'completed' });
}
