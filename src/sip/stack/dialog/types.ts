import type { Remote } from '../transport/types.js';

/** RFC 3261 §12. A value: the functions of this folder answer a changed copy. */
export interface Dialog {
  readonly role: 'uac' | 'uas';
  readonly state: 'early' | 'confirmed' | 'terminated';
  readonly callId: string;
  readonly localTag: string;
  /** Empty for a peer of RFC 2543. */
  readonly remoteTag: string;
  /** Whole From or To values without tag. */
  readonly local: string;
  readonly remote: string;
  /** URI of the peer's Contact. */
  readonly remoteTarget: string;
  /** Values of Route, in the order of our requests. */
  readonly routeSet: readonly string[];
  readonly localSeq: number;
  /** undefined until the peer sent a request. */
  readonly remoteSeq: number | undefined;
  readonly secure: boolean;
  /** Where the peer's last message came from; see `nextHop`. */
  readonly observed: Remote | undefined;
}
