import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Ms } from '../base/index.js';
import type { Outcome } from './retry.js';

export interface Address {
  readonly address: string;
  readonly family: number;
}
/** Where a URL leads, if it may be called at all. @throws with a message that says why not */
export type Permit = (url: URL) => Promise<readonly Address[]>;

export interface Letter {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
/** Bytes of an answer that are looked at; the rest is not read. */
const LARGEST_ANSWER = 64 * 1024;

/**
 * One POST to just the addresses that were permitted, so a name that means something else a moment later (DNS rebinding) changes nothing.
 * Redirects are not followed. Settles within `timeoutMs`, whatever the other side does.
 */
export async function post({ url, headers, body }: Letter, permit: Permit, timeoutMs: Ms, stop: AbortSignal): Promise<Outcome> {
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([limit, stop]);
  try {
    const target = new URL(url);
    const addresses = await Promise.race([permit(target), aborted(signal)]);
    return judge(await exchange(target, addresses, { headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, body, signal }));
  } catch (cause) {
    return failed(null, limit.aborted ? `no answer within ${timeoutMs} ms` : cause instanceof Error ? cause.message : String(cause));
  }
}

const failed = (status: number | null, error: string, retryAfterMs?: Ms): Outcome => ({ ok: false, status, error: error.slice(0, 500), retryAfterMs });

function judge({ status, retryAfter }: { status: number; retryAfter: string | undefined }): Outcome {
  if (status >= 200 && status < 300) return { ok: true, status };
  if (status >= 300 && status < 400) return failed(status, `answered ${status}: redirects are not followed`);
  return failed(status, `answered ${status}`, /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) * 1_000 : undefined);
}

function exchange(url: URL, addresses: readonly Address[], { headers, body, signal }: { headers: Record<string, string>; body: string; signal: AbortSignal }): Promise<{ status: number; retryAfter: string | undefined }> {
  const options: RequestOptions = {
    method: 'POST', headers, agent: false, signal, maxHeaderSize: 16 * 1024,
    lookup: (_host, asked, done) => {
      const [first] = addresses;
      if (asked.all === true) done(null, addresses.map((a) => ({ ...a })));
      else done(null, first?.address ?? '', first?.family);
    },
  };
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === 'https:' ? tlsRequest : plainRequest)(url, options, (answer: IncomingMessage) => {
      let size = 0;
      const done = (): void => {
        resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] });
        outgoing.destroy();
      };
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > LARGEST_ANSWER) done();
      });
      answer.on('end', done);
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = (): void => reject(new Error('given up'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
