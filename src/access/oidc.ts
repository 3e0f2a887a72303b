import * as client from 'openid-client';
import { z } from 'zod';
import type { AccessConfig, OidcConfig } from '../config/index.js';
import type { UserTable } from '../store/index.js';
import type { Audit } from './audit/audit.js';
import type { By } from './by.js';
import { AccessRefused } from './errors.js';
import { admin } from './permissions.js';
import type { Seal } from './seal.js';
import type { From, Session, Sessions } from './sessions.js';
import type { Users } from './users.js';

/** Log-in by OpenID Connect: authorization code with PKCE (RFC 7636), state and nonce, by openid-client. */
export interface Oidc {
  list(): readonly { readonly name: string; readonly label: string }[];
  /** Where the browser goes, and what it keeps until it comes back. `to`: a path of ours. @throws AccessRefused */
  begin(provider: string, to: string): Promise<{ readonly location: string; readonly kept: string }>;
  /** It is back, at this path and query. @throws AccessRefused */
  finish(provider: string, search: string, kept: string | undefined, from: From): Promise<{ readonly session: Session; readonly token: string; readonly to: string }>;
}
export interface OidcOptions {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly seal: Seal;
  readonly audit: Audit;
  readonly config: () => Pick<AccessConfig, 'oidc' | 'publicUrl'>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

const UNDER_WAY_MS = 600_000;
const TIMEOUT_S = 10;
const underWay = z.object({ provider: z.string(), state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string(), until: z.number() });
const claims = z.looseObject({ sub: z.string().min(1).max(255), preferred_username: z.string().optional(), name: z.string().optional(), email: z.string().optional() });
type Claims = z.output<typeof claims>;

export function createOidc({ users, sessions, seal, audit, config, clock }: OidcOptions): Oidc {
  const known = new Map<string, { readonly about: string; readonly found: Promise<client.Configuration> }>();
  const providerOf = (name: string): OidcConfig => {
    const found = config().oidc.find((p) => p.name === name);
    if (!found) throw new AccessRefused('access.no_such_provider', `there is no provider "${name}"`, 'GET /v1/login/providers lists them');
    return found;
  };
  /** Asked once, and again where it could not be asked or its lines in the file have changed. @throws AccessRefused */
  const discovered = async (p: OidcConfig): Promise<client.Configuration> => {
    const about = `${p.issuer} ${p.clientId} ${p.clientSecret.reveal()}`;
    const before = known.get(p.name);
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it stands out; the file takes http: for addresses of this machine alone
    const found = before?.about === about ? before.found : client.discovery(new URL(p.issuer), p.clientId, p.clientSecret.reveal(), undefined, { timeout: TIMEOUT_S, ...(p.issuer.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : {}) });
    known.set(p.name, { about, found });
    try {
      return await found;
    } catch (cause) {
      known.delete(p.name);
      throw unreachable(p.name, cause);
    }
  };
  const refused = (provider: string, why: string, from: From, user?: UserTable): void =>
    audit.append({ actor: user?.id ?? 'unknown', actorName: user?.login ?? 'unknown', action: 'login', object: `oidc:${provider}`, outcome: 'failed', after: { why }, source: from.source, request: from.request });
  const back = (name: string): string => `${config().publicUrl ?? ''}/v1/login/oidc/${name}/callback`;
  return {
    list: () => config().oidc.map(({ name, label }) => ({ name, label })),
    async begin(name, to) {
      const p = providerOf(name);
      const server = await discovered(p);
      const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()];
      const location = client.buildAuthorizationUrl(server, {
        redirect_uri: back(name), scope: p.scopes.join(' '), state, nonce, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
      });
      return { location: location.href, kept: seal.seal(JSON.stringify({ provider: name, state, nonce, verifier, to, until: clock() + UNDER_WAY_MS })) };
    },
    async finish(name, search, kept, from) {
      const p = providerOf(name);
      const began = beganWith(seal, kept);
      if (began?.provider !== name || began.until < clock()) {
        refused(name, 'not_begun_here', from);
        throw new AccessRefused('access.provider_refused', 'this log-in was not begun in this browser, or more than ten minutes ago', `begin again: GET /v1/login/oidc/${name}`);
      }
      const who = await claimsOf(p, await discovered(p), new URL(back(name) + search), began).catch((cause: unknown) => {
        refused(name, cause instanceof AccessRefused ? cause.code : 'wrong_answer', from);
        throw cause;
      });
      const user = await userFor(users, p, who, from).catch((cause: unknown) => {
        refused(name, cause instanceof AccessRefused ? cause.code : 'failed', from, users.byOidc(name, who.sub));
        throw cause;
      });
      return { ...sessions.open(user, 'oidc', from), to: began.to };
    },
  };
}

function beganWith(seal: Seal, kept: string | undefined): z.output<typeof underWay> | undefined {
  if (kept === undefined) return undefined;
  try {
    return underWay.parse(JSON.parse(seal.open(kept)));
  } catch {
    return undefined; // not sealed by us: the caller refuses it
  }
}

const unreachable = (name: string, cause: unknown): AccessRefused => {
  const refusal = new AccessRefused('access.provider_unreachable', `the provider "${name}" cannot be asked now`, 'the audit log and its own log say why; log in with a password meanwhile');
  refusal.cause = cause;
  return refusal;
};

/** openid-client checks state, nonce, PKCE, issuer, audience, signature and times. @throws AccessRefused */
async function claimsOf(p: OidcConfig, server: client.Configuration, url: URL, { state, nonce, verifier }: z.output<typeof underWay>): Promise<Claims> {
  try {
    const tokens = await client.authorizationCodeGrant(server, url, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
    const told = claims.parse(tokens.claims());
    // Many providers tell groups only to who asks for them.
    return p.roles.claim in told || server.serverMetadata().userinfo_endpoint === undefined ? told : claims.parse({ ...(await client.fetchUserInfo(server, tokens.access_token, told.sub)), ...told });
  } catch (cause) {
    if (cause instanceof TypeError || (cause instanceof client.ClientError && cause.code === 'OAUTH_TIMEOUT')) throw unreachable(p.name, cause);
    const refusal = new AccessRefused('access.provider_refused', `the provider "${p.name}" did not confirm this log-in`, `begin again: GET /v1/login/oidc/${p.name}`);
    refusal.cause = cause;
    throw refusal;
  }
}

function rolesIn({ roles: { claim, map, everyone } }: OidcConfig, who: Claims): readonly string[] {
  const held = [who[claim]].flat().filter((value) => typeof value === 'string');
  return [...new Set([...everyone, ...held.flatMap((value) => (Object.hasOwn(map, value) ? [map[value] ?? ''] : []))])].sort();
}

/**
 * Whom the provider knows by this subject: made at his first log-in, with the roles of now at each. A user of the same name who was made otherwise is somebody else:
 * nobody takes over an account by choosing its name elsewhere. @throws AccessRefused
 */
async function userFor(users: Users, p: OidcConfig, who: Claims, from: From): Promise<UserTable> {
  const roles = rolesIn(p, who);
  const before = users.byOidc(p.name, who.sub);
  if (before && before.disabled_at !== null) throw new AccessRefused('access.not_let_in', 'this user is disabled', 'an administrator can say why');
  if (roles.length === 0) throw new AccessRefused('access.not_let_in', `nothing in "${p.roles.claim}" of this log-in gives a role here`, 'see access.oidc.roles in config/access.yaml');
  const by: By = { principal: { ...admin, id: `oidc:${p.name}`, name: p.label }, scope: 'all', source: from.source, request: from.request };
  const id = before?.id ?? (await users.add({ login: loginOf(who), name: (who.name ?? loginOf(who)).slice(0, 200), email: emailOf(who), roles, teams: [], agent: null, extension: null, oidc: { provider: p.name, subject: who.sub } }, by)).id;
  if (before && JSON.stringify([...(JSON.parse(before.roles) as string[])].sort()) !== JSON.stringify(roles)) await users.change(id, { roles }, undefined, by);
  const now = users.row(id);
  if (!now || now.disabled_at !== null) throw new AccessRefused('access.not_let_in', 'this user is disabled', 'an administrator can say why');
  return now;
}

/** As logins are here: small letters, digits and a few signs. */
const loginOf = ({ preferred_username, email, sub }: Claims): string => (preferred_username ?? email ?? sub).toLowerCase().replace(/[^a-z0-9._@+-]/g, '-').replace(/^[^a-z0-9]+/, '').slice(0, 100) || `user-${sub.toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, 60)}`;
const emailOf = ({ email }: Claims): string | null => (email !== undefined && z.email().safeParse(email).success ? email : null);
