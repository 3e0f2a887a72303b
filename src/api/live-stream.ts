import type { Principal } from '../access/index.js';
import type { Ms } from '../base/index.js';
import type { Live, LiveQueue } from '../insight/index.js';
import { TooManyStreams } from './errors.js';
import { iso } from './routes.js';

interface Shown {
  readonly id: string;
}

const BEAT: Ms = 15_000;
const STALL: Ms = 30_000;
/** Of one principal, and of all. */
const MOST_EACH = 20;
const MOST = 200;

export interface LiveStreams {
  /** `shown`: what he may see of the queues. @throws TooManyStreams */
  open(principal: Principal, shown: (queues: readonly LiveQueue[]) => readonly Shown[]): ReadableStream<Uint8Array>;
}

/** Everybody who looks at live figures. */
export function createLiveStreams(live: Pick<Live, 'figures' | 'watch'>): LiveStreams {
  const open = new Map<string, number>();
  let all = 0;
  const count = (id: string, n: 1 | -1): void => {
    all += n;
    const his = (open.get(id) ?? 0) + n;
    if (his > 0) open.set(id, his);
    else open.delete(id);
  };
  return {
    open(principal, shown) {
      if (all >= MOST || (open.get(principal.id) ?? 0) >= MOST_EACH) throw new TooManyStreams(all >= MOST ? MOST : MOST_EACH);
      count(principal.id, 1);
      return streamOf(live, shown, principal.gone, () => count(principal.id, -1));
    },
  };
}

/** What changed since the last time he was told. Nothing waits for a slow reader: he hears the newest when he has room again. */
function changesFor(shown: (queues: readonly LiveQueue[]) => readonly Shown[]) {
  const told = new Map<string, string>();
  return (queues: readonly LiveQueue[]): { readonly queues: readonly Shown[]; readonly gone: readonly string[] } => {
    const now = shown(queues);
    const changed = now.filter((queue) => {
      const text = JSON.stringify(queue);
      if (told.get(queue.id) === text) return false;
      told.set(queue.id, text);
      return true;
    });
    const gone = [...told.keys()].filter((id) => !now.some((queue) => queue.id === id));
    gone.forEach((id) => told.delete(id));
    return { queues: changed, gone };
  };
}

function streamOf(live: Pick<Live, 'figures' | 'watch'>, shown: (queues: readonly LiveQueue[]) => readonly Shown[], gone: AbortSignal, over: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const changes = changesFor(shown);
  const signal = AbortSignal.any([gone]); // many streams of one principal listen to one signal
  let leave = (): void => undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let saidAt = -Infinity;
      const say = (text: string, at: number): void => {
        saidAt = at;
        controller.enqueue(encoder.encode(text));
      };
      const tell = ({ at, day, queues }: ReturnType<Live['figures']>, first = false): void => {
        if ((controller.desiredSize ?? 0) <= 0) return at - saidAt > STALL ? stop(() => controller.error(new Error('the reader took nothing for too long'))) : undefined;
        const changed = changes(queues);
        if (first || changed.queues.length > 0 || changed.gone.length > 0) return say(`${first ? 'retry: 2000\n' : ''}data: ${JSON.stringify({ at: iso(at), day, ...changed })}\n\n`, at);
        if (at - saidAt >= BEAT) say(': still here\n\n', at);
      };
      const end = (): void => stop(() => controller.close());
      const stop = (how: () => void): void => {
        leave();
        how();
      };
      const unwatch = live.watch((figures) => tell(figures), end);
      leave = () => {
        leave = () => undefined;
        unwatch();
        signal.removeEventListener('abort', end);
        over();
      };
      if (signal.aborted) return end();
      signal.addEventListener('abort', end);
      tell(live.figures(), true);
    },
    cancel: () => leave(),
  });
}
