import type { Call, Leg } from '../calls/index.js';
import type { DialEnd, DialRequest, Played, Verbs } from '../ivr/index.js';
import { recordFromAnswer } from './consent.js';
import type { FlowDesk } from './flow-desk.js';
import { recordMessage } from './flow-record.js';
import type { Destinations, VoiceQueue } from './queue/index.js';
import { reach, troubleOf } from './reach.js';
import { asTheyCome, type Sound, sounds, type Voice } from './voice.js';

/** How a flow listens to the caller's leg; see wiring/listening. */
export type Listening = (call: Call, leg: () => Promise<Leg>) => Verbs['listen'];

/** Where no speech recognition is wired, every flow goes on by keys. */
export const deaf: Listening = () => (_to, heard) => {
  heard({ kind: 'unavailable', why: 'speech recognition is off' });
  return () => undefined;
};

/** The verbs of a flow, done to a voice call. */
export function verbsFor(voice: Voice, call: Call, queue: Pick<VoiceQueue, 'wait' | 'callBack'>, destinations: Destinations, listening: Listening = deaf, desk?: Pick<FlowDesk, 'order'>): Verbs {
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
  const dial = async (request: DialRequest): Promise<DialEnd> => {
    const to = destinations.find(call, request);
    if (!to) return 'unreachable';
    const work = (): ReturnType<typeof reach> => reach(voice, call, to);
    const end = await (to.around ? to.around(work) : work());
    return end === 'far_left' || end === 'caller_left' ? 'completed' : end;
  };
  return {
    signal: call.over,
    async play(prompts, stop) {
      const leg = await answered();
      const said = await soundsOf(voice, prompts);
      const unwanted = (): boolean => stop.aborted || call.over.aborted;
      if (unwanted()) return 'stopped';
      const silence = (): void => {
        leg.endpoint.stop().catch((error: unknown) => {
          if (!leg.gone.aborted) call.log.warn({ err: error }, 'a prompt could not be stopped');
        });
      };
      stop.addEventListener('abort', silence, { once: true });
      try {
        for await (const group of asTheyCome(said)) {
          if (unwanted() || (await leg.endpoint.play(group)) !== 'done') return 'stopped';
        }
        return 'ended';
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
    callback(request) {
      queue.callBack(call, request);
      return Promise.resolve('booked');
    },
    dial,
    transfer: dial,
    listen: listening(call, answered),
    record: async (request) => recordMessage(voice, call, await answered(), request),
    ...(desk ? { desk: (order) => desk.order(call, order) } : {}),
    hangUp: (cause) => call.end({ by: 'us', cause }),
  };
}

/** What is this, in order. @throws TtsUnavailable, TtsFailed */
const soundsOf = async (voice: Voice, prompts: readonly Played[]): Promise<Sound[]> =>
  (await Promise.all(prompts.map((p): Promise<Sound[]> => ('file' in p ? Promise.resolve([p.file]) : sounds(voice, [p]))))).flat();

/** A caller who cannot be answered cannot be told so by any step: the call is over. */
async function refuse(call: Call, error: unknown): Promise<never> {
  const { cause, status } = troubleOf(error);
  await call.end({ by: 'us', cause }, status);
  throw error;
}
