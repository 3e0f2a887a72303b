import { bestMatch, type Config, type TrunkConfig } from '../config/index.js';
import { extensionOf } from './directory.js';
import type { Guard } from './guard.js';
import { didOf, type Caller } from './numbers/plan.js';
import type { Answer, SipRequest } from './request.js';
import { parseUri, userOf } from './uri.js';

export type Identity =
  | { readonly ok: true; readonly caller: Caller; readonly dialled: string }
  | { readonly ok: false; readonly answer: Answer; readonly why: string };

export interface IdentifyOptions {
  readonly guard: Guard;
  readonly config: Config;
  /** Trunks that the source of a request may be. */
  readonly trunksAt: (req: SipRequest) => readonly TrunkConfig[];
  /** Whether a phone registered from this very place. */
  readonly isPhone: (req: SipRequest) => boolean;
}

/**
 * Who sends this request: a trunk by its source, else an extension by digest, else nobody. An extension may only call
 * as itself, whatever its From says.
 */
export function identify(req: SipRequest, options: IdentifyOptions): Identity {
  const user = parseUri(req.uri)?.user ?? '';
  const trunk = pickTrunk(options.trunksAt(req), user);
  if (trunk) {
    // A carrier that calls the Contact we registered puts the number dialled into To.
    const dialled = trunk.register?.username === user ? (userOf(req.get('To')) ?? user) : user;
    const from = userOf(req.get('P-Asserted-Identity')) ?? userOf(req.get('From')) ?? 'anonymous';
    if (!mayBePhone(req, trunk, dialled, options)) return { ok: true, caller: { kind: 'trunk', trunk, from }, dialled };
  }
  const proof = options.guard.prove(req);
  if (!proof.ok) return { ok: false, answer: proof.answer, why: proof.why };
  return { ok: true, caller: { kind: 'extension', extension: proof.extension }, dialled: user };
}

/**
 * A phone at the address of a trunk (one machine, one NAT) must prove itself like any other; to take a request for a
 * phone's is the stricter way, so From may be believed here.
 */
function mayBePhone(req: SipRequest, trunk: TrunkConfig, dialled: string, { config, isPhone }: IdentifyOptions): boolean {
  if (req.get('Authorization') !== undefined || req.get('Proxy-Authorization') !== undefined || isPhone(req)) return true;
  const from = userOf(req.get('From'));
  return from !== undefined && extensionOf(config, from) !== undefined && didOf(trunk, dialled, config.system.homeCountry) === undefined;
}

/** Several trunks of one carrier share its addresses: the account called tells them apart, then the number. */
function pickTrunk(trunks: readonly TrunkConfig[], user: string): TrunkConfig | undefined {
  if (trunks.length < 2) return trunks[0];
  return trunks.find((t) => t.register?.username === user) ?? trunks.find((t) => bestMatch(t.numbers, (n) => n.pattern, user) !== undefined) ?? trunks[0];
}
