export interface Retry {
  /** How often a request is sent again after 429, 503 or a broken connection. */
  readonly times: number;
  /** No single pause is longer, whatever Retry-After says. Milliseconds. */
  readonly longestMs: number;
}
type Fetch = (request: Request) => Promise<Response>;

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Sends again what may be sent again. A change gets an Idempotency-Key, so that it takes effect once however often it is sent; the key stays
 * the same over all tries. The last answer is handed on as it is. @throws whatever `send` threw last
 */
export function retried(send: Fetch, { times, longestMs }: Retry, pause: (ms: number, signal: AbortSignal) => Promise<void> = paused): Fetch {
  return async (request) => {
    if (CHANGES.has(request.method) && !request.headers.has('idempotency-key')) request.headers.set('idempotency-key', crypto.randomUUID());
    for (let left = times, waitMs = 250; ; left -= 1, waitMs *= 2) {
      const copy = left > 0 ? request.clone() : request;
      const got = await settled(send(copy));
      const again = left > 0 && !request.signal.aborted && ('error' in got || mayPass(got.response));
      if (!again && 'error' in got) throw got.error;
      if (!again && 'response' in got) return got.response;
      const saidMs = 'response' in got ? afterMs(got.response) : undefined;
      if ('response' in got) await got.response.body?.cancel();
      await pause(Math.min(saidMs ?? waitMs, longestMs), request.signal);
    }
  };
}

type Settled = { readonly response: Response } | { readonly error: unknown };
const settled = (answer: Promise<Response>): Promise<Settled> => answer.then((response) => ({ response }), (error: unknown) => ({ error }));

/** 409 same_key_running says Retry-After too: the first try is still at work. */
const mayPass = ({ status, headers }: Response): boolean => status === 429 || status === 503 || (status === 409 && headers.has('retry-after'));

/** Retry-After in seconds (RFC 9110 §10.2.3), as the house says it. */
export function afterMs({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

/** @throws the signal's reason */
export function paused(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
