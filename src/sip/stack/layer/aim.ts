import { serialize } from '../message/serialize.js';
import type { SipRequest } from '../message/types.js';
import type { Local, Remote, Transport } from '../transport/types.js';
import { withVia } from './build.js';

/** A request as it goes out, and where to. */
export interface Aim {
  readonly to: Remote;
  readonly request: SipRequest;
  readonly bytes: Buffer;
  /** Turns to the fallback; false when there is none (left). */
  fallBack(): boolean;
}

export interface AimParts {
  readonly transport: Transport;
  readonly request: SipRequest;
  readonly to: Remote;
  /** Where it goes when `to` cannot be reached at all (RFC 3261 §18.1.1). */
  readonly fallback: Remote | undefined;
  readonly local: Local | undefined;
  readonly branch: string;
}

export function createAim({ transport, request: bare, to: first, fallback: second, local, branch }: AimParts): Aim {
  let to = first;
  let fallback = second;
  let request = withVia(bare, transport, to, local, branch);
  let bytes = serialize(request);
  return {
    get to() {
      return to;
    },
    get request() {
      return request;
    },
    get bytes() {
      return bytes;
    },
    fallBack() {
      if (!fallback) return false;
      to = fallback;
      fallback = undefined;
      request = withVia(bare, transport, to, local, branch);
      bytes = serialize(request);
      return true;
    },
  };
}
