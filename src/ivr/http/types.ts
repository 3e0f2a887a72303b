import type { Ms } from '../../base/index.js';
import type { Value } from '../expressions/index.js';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpSpec {
  readonly method: Method;
  readonly url: string;
  /** `${NAME}` in a value stands for the secret of that name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: Value;
  /** For each attempt, from the look-up of the name to the last byte. */
  readonly timeoutMs: Ms;
  /** Attempts after the first. */
  readonly retries?: number;
  /** Retries POST and PATCH too: the service recognises a request it has seen. */
  readonly retryUnsafe?: boolean;
  /** What the answer must be. */
  readonly expect?: 'json' | 'text';
}

/**
 * `private_address`: it leads into the house's own network and STROWGER_ALLOW_HOSTS does not name it. `status`: answered, but not 2xx.
 * `redirect`: too many, without a target, or from https to http. `secret`: a header names one that is not set. `refused`: no answer at all.
 */
export type HttpFailure = 'timeout' | 'refused' | 'status' | 'too_large' | 'not_json' | 'private_address' | 'redirect' | 'secret' | 'bad_url' | 'cancelled';

export type HttpAnswer =
  | { readonly ok: true; readonly status: number; readonly json: Value }
  | { readonly ok: true; readonly status: number; readonly text: string }
  /** `json` is what a service says of its error, where it does. `detail` is for the log. */
  | { readonly ok: false; readonly why: HttpFailure; readonly status?: number; readonly json?: Value; readonly detail: string };

export interface HttpClient {
  /** Never rejects, and settles soon after `signal` fires. */
  request(spec: HttpSpec, signal: AbortSignal): Promise<HttpAnswer>;
}
