import { bestMatch, type TrunkConfig } from '../config/index.js';
import type { Guard } from './guard.js';
import type { Caller } from './numbers/plan.js';
import type { Answer, SipRequest } from './request.js';
import { parseUri, userOf } from './uri.js';

export type Identity =
  | { readonly ok: true; readonly caller: Caller; readonly dialled: string }
  | { readonly ok: false; readonly answer: Answer; readonly why: string };

export interface IdentifyOptions {
  readonly guard: Guard;
  /** Trunks that a source address may be. */
  readonly trunksAt: (address: string) => readonly TrunkConfig[];
}

/**
 * Who sends this request: a trunk by its source address, else an extension by digest, else nobody. An extension may
 * only call as itself, whatever its From says.
 */
export function identify(req: SipRequest, { guard, trunksAt }: IdentifyOptions): Identity {
  const user = parseUri(req.uri)?.user ?? '';
  const trunks = trunksAt(req.source_address);
  const trunk = pickTrunk(trunks, user);
  if (trunk) {
    // A carrier that calls the Contact we registered puts the number dialled into To.
    const dialled = trunk.register?.username === user ? (userOf(req.get('To')) ?? user) : user;
    const from = userOf(req.get('P-Asserted-Identity')) ?? userOf(req.get('From')) ?? 'anonymous';
    return { ok: true, caller: { kind: 'trunk', trunk, from }, dialled };
  }
  const proof = guard.prove(req);
  if (!proof.ok) return { ok: false, answer: proof.answer, why: proof.why };
  return { ok: true, caller: { kind: 'extension', extension: proof.extension }, dialled: user };
}

/** Several trunks of one carrier share its addresses: the account called tells them apart, then the number. */
function pickTrunk(trunks: readonly TrunkConfig[], user: string): TrunkConfig | undefined {
  if (trunks.length < 2) return trunks[0];
  return trunks.find((t) => t.register?.username === user) ?? trunks.find((t) => bestMatch(t.numbers, (n) => n.pattern, user) !== undefined) ?? trunks[0];
}
