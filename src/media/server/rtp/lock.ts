import type { Ms } from '../../../base/index.js';
import { sequenceDistance } from './packet.js';

/**
 * Symmetric RTP with a lock. The far end's packets may come from elsewhere than its SDP says (NAT), so the source is
 * learnt; once learnt, address, port and SSRC are locked and everybody else is a stranger. Before that a source has to
 * prove itself by packets in sequence: the less it resembles the SDP, the more of them.
 */
export interface SourceLock {
  expected: Source | undefined;
  locked: (Source & { ssrc: number; likeness: Likeness; lastAt: Ms; lastSequence: number }) | undefined;
  readonly candidates: Candidate[];
  readonly relearnAfterMs: Ms;
}

export interface Source {
  readonly address: string;
  readonly port: number;
}

interface Candidate extends Source {
  ssrc: number;
  lastSequence: number;
  lastAt: Ms;
  inOrder: number;
}

/** 2: exactly what the SDP says; 1: its address with another port; 0: somewhere else. */
type Likeness = 0 | 1 | 2;
/** Packets in order that a source needs while nothing is locked, by likeness. */
const PROOF: Record<Likeness, number> = { 2: 1, 1: 2, 0: 3 };
/** … and when it wants to take the place of one that fell silent: 200 ms of speech. */
const PROOF_TO_REPLACE = 10;
/** A new SSRC of the locked address and port, while the old one says nothing. */
const PROOF_OF_NEW_SSRC = 2;
/** The SDP's own address is not given up as fast as a learnt one. */
const EXACT_PATIENCE = 3;
const MAX_CANDIDATES = 4;
const CANDIDATE_AGE_MS = 1_000;

export const createLock = (relearnAfterMs: Ms): SourceLock => ({ expected: undefined, locked: undefined, candidates: [], relearnAfterMs });

/** The SDP's address. A changed one opens the lock; the same one again (hold, session refresh) leaves it closed. */
export function expectSource(lock: SourceLock, source: Source | undefined): void {
  if (lock.expected?.address === source?.address && lock.expected?.port === source?.port) return;
  lock.expected = source;
  lock.locked = undefined;
  lock.candidates.length = 0;
}

/** Whether this packet is the far end's. */
export function admit(lock: SourceLock, address: string, port: number, ssrc: number, sequence: number, now: Ms): boolean {
  const { locked } = lock;
  if (locked?.port !== port || locked.address !== address || locked.ssrc !== ssrc) return admitOther(lock, address, port, ssrc, sequence, now);
  locked.lastAt = now;
  locked.lastSequence = sequence;
  if (lock.candidates.length > 0) dropRivals(lock);
  return true;
}

/** The locked source spoke: whoever claims its address with another SSRC starts from nothing. */
function dropRivals(lock: SourceLock): void {
  const { locked, candidates } = lock;
  for (let i = candidates.length - 1; i >= 0; i -= 1) {
    const c = candidates[i];
    if (c && c.port === locked?.port && c.address === locked.address) candidates.splice(i, 1);
  }
}

function likeness(lock: SourceLock, address: string, port: number): Likeness {
  if (lock.expected?.address !== address) return 0;
  return lock.expected.port === port ? 2 : 1;
}

function admitOther(lock: SourceLock, address: string, port: number, ssrc: number, sequence: number, now: Ms): boolean {
  if (!lock.expected) return false;
  const like = likeness(lock, address, port);
  const proof = proofNeeded(lock, like, address, port, now);
  if (proof === undefined) return false;
  if (proof > 1 && candidate(lock, address, port, ssrc, sequence, now).inOrder < proof) return false;
  lock.locked = { address, port, ssrc, likeness: like, lastAt: now, lastSequence: sequence };
  lock.candidates.length = 0;
  return true;
}

function proofNeeded(lock: SourceLock, like: Likeness, address: string, port: number, now: Ms): number | undefined {
  const { locked } = lock;
  if (!locked) return PROOF[like];
  if (locked.address === address && locked.port === port) return PROOF_OF_NEW_SSRC;
  if (like === 2) return PROOF[2];
  const patience = locked.likeness === 2 ? lock.relearnAfterMs * EXACT_PATIENCE : lock.relearnAfterMs;
  return now - locked.lastAt >= patience ? PROOF_TO_REPLACE : undefined;
}

function candidate(lock: SourceLock, address: string, port: number, ssrc: number, sequence: number, now: Ms): Candidate {
  const known = lock.candidates.find((c) => c.port === port && c.address === address);
  if (!known) {
    if (lock.candidates.length >= MAX_CANDIDATES) lock.candidates.shift();
    const fresh: Candidate = { address, port, ssrc, lastSequence: sequence, lastAt: now, inOrder: 1 };
    lock.candidates.push(fresh);
    return fresh;
  }
  const step = sequenceDistance(known.lastSequence, sequence);
  const goesOn = known.ssrc === ssrc && step > 0 && step < 4 && now - known.lastAt < CANDIDATE_AGE_MS;
  known.inOrder = goesOn ? known.inOrder + 1 : 1;
  known.ssrc = ssrc;
  known.lastSequence = sequence;
  known.lastAt = now;
  return known;
}
