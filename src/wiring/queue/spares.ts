import type { Endpoint, MediaPool } from '../../media/index.js';

/** Media sessions made before they are needed: while callers wait, the agent who becomes free is rung without waiting for one. */
export interface Spares {
  /** The pool, but what is ready goes first to whoever makes an offer. */
  readonly media: MediaPool;
  /** How many callers wait: so many spares are kept, up to a few; none when nobody waits. */
  want(waiting: number): void;
}

export const MOST_SPARES = 3;

export function createSpares(media: MediaPool, headers: () => Record<string, string>): Spares {
  const ready: Endpoint[] = [];
  let wanted = 0;
  let coming = 0;
  const fill = (): void => {
    for (; ready.length + coming < wanted; coming += 1) {
      media.create({ headers: headers() }).then(
        (endpoint) => {
          coming -= 1;
          if (ready.length < wanted) ready.push(endpoint);
          else void endpoint.destroy();
        },
        () => void (coming -= 1), // whoever needs one makes it, and hears why not
      );
    }
  };
  return {
    media: {
      ...media,
      async create(options) {
        if (options.remoteSdp === undefined) {
          for (let spare = ready.shift(); spare; spare = ready.shift()) {
            if (spare.gone.aborted) continue;
            fill();
            return spare;
          }
        }
        return media.create(options);
      },
    },
    want(waiting) {
      wanted = Math.min(MOST_SPARES, waiting);
      while (ready.length > wanted) void ready.pop()?.destroy();
      fill();
    },
  };
}
