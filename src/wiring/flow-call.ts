import type { Call, Leg } from '../calls/index.js';
import type { DialRequest, Verbs } from '../ivr/index.js';
import { recordFromAnswer } from './consent.js';
import { reach, troubleOf, type Reach } from './reach.js';
import { files, type Voice } from './voice.js';
import type { VoiceQueue } from './voice-queue.js';

export interface Destinations {
  /**
   * Who is meant by an extension or a number of a flow; undefined where nobody is. `around` is what must hold while he
   * is rung and talks.
   */
  find(call: Call, request: DialRequest): (Reach & { readonly around?: <T>(work: () => Promise<T>) => Promise<T> }) | undefined;
}

/** The verbs of a flow, done to a voice call. */
export function verbsFor(voice: Voice, call: Call, queue: VoiceQueue, destinations: Destinations): Verbs {
  const listeners = new Set<(key: string) => void>();
  let attached: Leg | undefined;
  const answered = async (): Promise<Leg> => {
    const leg = await call.answer().catch((error: unknown) => refuse(call, error));
    if (attached) return leg;
    attached = leg;
    leg.onKey((key) => [...listeners].forEach((listen) => listen(key)));
    await recordFromAnswer(voice, call, leg, call.direction === 'inbound' ? 'inbound' : 'internal');
    return leg;
  };
  return {
    signal: call.over,
    async play(prompts, stop) {
      const leg = await answered();
      const said = await files(voice, prompts);
      if (stop.aborted || call.over.aborted) return 'stopped';
      const silence = (): void => {
        leg.endpoint.stop().catch((error: unknown) => {
          if (!leg.gone.aborted) call.log.warn({ err: error }, 'a prompt could not be stopped');
        });
      };
      stop.addEventListener('abort', silence, { once: true });
      try {
        return (await leg.endpoint.play(said)) === 'done' ? 'ended' : 'stopped';
      } finally {
        stop.removeEventListener('abort', silence);
      }
    },
    keys(pressed) {
      listeners.add(pressed);
      return () => void listeners.delete(pressed);
    },
    async queue(request) {
      await answered();
      return queue.wait(call, request);
    },
    async dial(request) {
      const to = destinations.find(call, request);
      if (!to) return 'unreachable';
      const work = (): ReturnType<typeof reach> => reach(voice, call, to);
      const end = await (to.around ? to.around(work) : work());
      return end === 'far_left' || end === 'caller_left' ? 'completed' : end;
    },
    hangUp: (cause) => call.end({ by: 'us', cause }),
  };
}

/** A caller who cannot be answered cannot be told so by any step: the call is over. */
async function refuse(call: Call, error: unknown): Promise<never> {
  const { cause, status } = troubleOf(error);
  await call.end({ by: 'us', cause }, status);
  throw error;
}
