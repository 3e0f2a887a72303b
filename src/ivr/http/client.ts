import type { Ms } from '../../base/index.js';
import type { Value } from '../expressions/index.js';
import { Failed, permitted, send, systemLookup, type Hop, type Lookup, type Reply } from './attempt.js';
import { fill } from './secrets.js';
import type { HttpAnswer, HttpClient, HttpSpec } from './types.js';

export interface HttpOptions {
  /** Private or loopback hosts that may be called: `settings.allowHosts`. */
  readonly allowHosts: readonly string[];
  /** What `${NAME}` stands for in a header. */
  readonly secrets?: (name: string) => string | undefined;
  readonly lookup?: Lookup;
  /** How long to wait before the attempt of that number (1 is the first retry). */
  readonly backOff?: (attempt: number) => Ms;
  /** Settles early, and quietly, when the signal fires. */
  readonly wait?: (ms: Ms, signal: AbortSignal) => Promise<void>;
}

const MOST_REDIRECTS = 5;
/** Answers after which the same request may well succeed: RFC 9110 §15. */
const PASSING = new Set([408, 425, 429, 502, 503, 504]);
const IDEMPOTENT = new Set(['GET', 'PUT', 'DELETE']);
/** RFC 9110 §15.4: a 303, and by custom a 301 or 302 to a POST, is followed with GET. */
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Requests of flows: nothing that a designer writes or a service answers can reach where it must not, or last. */
export function createHttp({ allowHosts, secrets = () => undefined, lookup = systemLookup, backOff = doubled, wait = pause }: HttpOptions): HttpClient {
  const attempt = async (spec: HttpSpec, signal: AbortSignal): Promise<HttpAnswer> => {
    const limit = AbortSignal.timeout(spec.timeoutMs);
    const either = AbortSignal.any([signal, limit]);
    try {
      const reply = await Promise.race([follow(firstHop(spec, secrets), { allowHosts, lookup, signal: either }), aborted(either)]);
      return answerOf(reply, spec.expect ?? 'json');
    } catch (cause) {
      if (signal.aborted) return { ok: false, why: 'cancelled', detail: 'the caller is gone' };
      if (limit.aborted) return { ok: false, why: 'timeout', detail: `no answer within ${spec.timeoutMs} ms` };
      if (cause instanceof Failed) return { ok: false, why: cause.why, detail: cause.message };
      return { ok: false, why: 'refused', detail: cause instanceof Error ? cause.message : String(cause) };
    }
  };
  return {
    async request(spec, signal) {
      const again = IDEMPOTENT.has(spec.method) || spec.retryUnsafe === true ? (spec.retries ?? 0) : 0;
      let answer = await attempt(spec, signal);
      for (let n = 1; n <= again && mayPass(answer) && !signal.aborted; n += 1) {
        await wait(backOff(n), signal);
        answer = await attempt(spec, signal);
      }
      return answer;
    },
  };
}

const mayPass = (answer: HttpAnswer): boolean => !answer.ok && (answer.why === 'timeout' || answer.why === 'refused' || (answer.why === 'status' && PASSING.has(answer.status ?? 0)));

function firstHop({ method, url, headers = {}, body }: HttpSpec, secrets: (name: string) => string | undefined): Hop {
  const target = urlOf(url);
  if (!target) throw new Failed('bad_url', 'the address is not a URL');
  if (target.username !== '' || target.password !== '') throw new Failed('bad_url', 'a password has no place in a URL: use a header with a secret');
  const written = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), fill(value, secrets)]));
  const json = body === undefined ? undefined : JSON.stringify(body);
  const ours = { accept: 'application/json, */*;q=0.5', 'accept-encoding': 'identity', 'user-agent': 'strowger', ...(json === undefined ? {} : { 'content-type': 'application/json' }) };
  return { method, url: target, headers: { ...ours, ...written, ...lengthOf(json) }, body: json };
}
const urlOf = (written: string, base?: string): URL | undefined => (URL.canParse(written, base) ? new URL(written, base) : undefined);
const lengthOf = (body: string | undefined): Readonly<Record<string, string>> => (body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) });

interface Way {
  readonly allowHosts: readonly string[];
  readonly lookup: Lookup;
  readonly signal: AbortSignal;
}

/** Every hop is looked up and checked like the first. */
async function follow(first: Hop, { allowHosts, lookup, signal }: Way): Promise<Reply> {
  let hop = first;
  for (let n = 0; n <= MOST_REDIRECTS; n += 1) {
    const reply = await send(hop, await permitted(hop.url, allowHosts, lookup), signal);
    if (!REDIRECTS.has(reply.status)) return reply;
    hop = nextHop(hop, reply);
  }
  throw new Failed('redirect', `more than ${MOST_REDIRECTS} redirects`);
}

function nextHop(hop: Hop, { status, location }: Reply): Hop {
  const url = location === undefined ? undefined : urlOf(location, hop.url.href);
  if (!url) throw new Failed('redirect', 'a redirect without a target');
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') throw new Failed('redirect', `a redirect from https to ${url.origin}`);
  // What was said to one house in confidence is not said to another.
  const kept = url.origin === hop.url.origin ? hop.headers : only(hop.headers, ['accept', 'accept-encoding', 'user-agent', 'content-type', 'content-length']);
  if (status === 303 || (hop.method === 'POST' && (status === 301 || status === 302)))
    return { method: 'GET', url, headers: except(kept, ['content-type', 'content-length']), body: undefined };
  return { ...hop, url, headers: kept };
}
type Headers = Hop['headers'];
const only = (headers: Headers, names: readonly string[]): Headers => Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
const except = (headers: Headers, names: readonly string[]): Headers => Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

function answerOf({ status, encoding, body }: Reply, expect: 'json' | 'text'): HttpAnswer {
  const good = status >= 200 && status < 300;
  if (good && expect === 'text') return { ok: true, status, text: body };
  const json = encoding === undefined || encoding === 'identity' ? parsed(body) : undefined;
  if (!good) return { ok: false, why: 'status', status, detail: `answered ${status}`, ...(json === undefined ? {} : { json }) };
  if (body === '') return { ok: true, status, json: null }; // 204, or a 200 with nothing to say
  return json === undefined ? { ok: false, why: 'not_json', status, detail: 'the answer is not JSON' } : { ok: true, status, json };
}

function parsed(body: string): Value | undefined {
  try {
    return JSON.parse(body) as Value;
  } catch {
    return undefined; // how JSON.parse says that it is not JSON
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const fail = (): void => reject(new Failed('cancelled', 'given up'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });

const doubled = (attempt: number): Ms => Math.min(2_000, 100 * 2 ** attempt) * (0.75 + Math.random() / 2);

const pause = (ms: Ms, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
