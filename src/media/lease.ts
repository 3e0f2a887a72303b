import type { Ms } from '../base/index.js';
import { MediaLost, MediaUnavailable } from './errors.js';

/**
 * Settles with `work`, or rejects once `gone` fires or `leaseMs` have passed, whichever is first. A promise of
 * drachtio-fsmrf never settles when its event socket dies first (drachtio-fsmrf issue #9), so none is awaited bare.
 * @throws MediaLost when `gone` was first
 * @throws MediaUnavailable when the lease ran out
 */
export async function lease<T>(what: string, leaseMs: Ms, gone: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (gone?.aborted) throw new MediaLost(`${what}: the endpoint is gone`);
  let settle = (): void => undefined;
  const timeout = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => {
      reject(new MediaUnavailable(`${what}: no answer in ${leaseMs} ms`, { hint: 'is the media server overloaded or stopped?' }));
    }, leaseMs);
    const onGone = (): void => reject(new MediaLost(`${what}: the endpoint went away`));
    gone?.addEventListener('abort', onGone, { once: true });
    settle = () => {
      clearTimeout(timer);
      gone?.removeEventListener('abort', onGone);
    };
  });
  try {
    return await Promise.race([work(), timeout]);
  } finally {
    settle();
  }
}
