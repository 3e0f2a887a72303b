import type { LookupAddress } from 'node:dns';
import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Ms } from '../../../base/index.js';
import { TtsFailed } from '../errors.js';
import { sha256 } from '../files.js';
import type { TtsEngine, Utterance } from '../ports.js';
import { createLanes } from './lanes.js';

/** Where a URL leads, if it may be called; the connection is made to just these addresses. Rejects when it may not. */
export type Permit = (url: URL) => Promise<readonly LookupAddress[]>;

export interface HttpVoice {
  readonly url: string;
  readonly voice: string | undefined;
  readonly rate: number;
  /** Sent as `Authorization: Bearer`. */
  readonly token: { reveal(): string } | undefined;
  readonly timeoutMs: Ms;
}

const LARGEST_WAV = 50_000_000;
/** Requests at a time. */
const WIDTH = 4;

/** A voice behind a POST of `{ text, language, voice, rate }` that answers `audio/wav`. Redirects are not followed. */
export function httpEngine({ url, voice, rate, token, timeoutMs }: HttpVoice, permit: Permit): TtsEngine {
  const name = `the voice at ${new URL(url).host}`;
  const lanes = createLanes(WIDTH);
  const life = new AbortController();

  const ask = async (what: Utterance): Promise<Uint8Array> => {
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([life.signal, limit]);
    const body = JSON.stringify({ text: what.text, language: what.lang, ...(voice === undefined ? {} : { voice }), rate: Math.round((rate * what.rate) / 100) });
    try {
      const addresses = await settledBy(signal, permit(new URL(url)));
      return await settledBy(signal, post(new URL(url), addresses, body, token?.reveal(), signal));
    } catch (cause) {
      const why = limit.aborted ? `gave no answer within ${timeoutMs} ms` : cause instanceof Error ? `failed: ${cause.message}` : 'failed';
      throw new TtsFailed(`${name} ${why}`, { cause });
    }
  };
  return {
    name,
    identity: sha256('http', url, voice ?? '', String(rate)),
    say: (what, urgent) => lanes.run(urgent, () => ask(what)),
    close() {
      life.abort();
      return Promise.resolve();
    },
  };
}

const settledBy = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const give = (): void => reject(new Error('given up'));
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', give));
  });

function post(url: URL, addresses: readonly LookupAddress[], body: string, token: string | undefined, signal: AbortSignal): Promise<Uint8Array> {
  const headers = {
    'content-type': 'application/json', 'content-length': Buffer.byteLength(body), accept: 'audio/wav', 'accept-encoding': 'identity', 'user-agent': 'strowger',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const begin = url.protocol === 'https:' ? tlsRequest : plainRequest;
    const outgoing = begin(url, {
      method: 'POST', headers, agent: false, signal,
      lookup: (_host, asked, done) => {
        const [first] = addresses;
        if (asked.all === true) done(null, [...addresses]);
        else done(null, first?.address ?? '', first?.family);
      },
    }, (answer) => void read(answer).then(resolve, reject).finally(() => outgoing.destroy()));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function read(answer: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const type = (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (answer.statusCode !== 200) return reject(new Error(`it answered ${answer.statusCode ?? 'nothing'}`));
    if (!/^audio\/(?:x-|vnd\.)?wave?$/.test(type)) return reject(new Error(`it answered with ${type === '' ? 'something unnamed' : type}, not audio/wav`));
    const chunks: Buffer[] = [];
    let size = 0;
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_WAV) reject(new Error('its answer is larger than a prompt can be'));
      else chunks.push(chunk);
    });
    answer.on('end', () => resolve(Buffer.concat(chunks)));
    answer.on('error', reject);
    answer.on('close', () => reject(new Error('the connection closed in the middle of the answer')));
  });
}
