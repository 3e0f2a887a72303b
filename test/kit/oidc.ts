import { createServer, type Server } from 'node:http';
import Provider, { type Context } from 'oidc-provider';
import { freePort } from './ports.js';

export type Account = { readonly sub: string; readonly [claim: string]: unknown };
export type OidcServer = { readonly issuer: string; readonly client: { readonly id: string; readonly secret: string }; readonly close: () => Promise<void> };

/** A provider of OpenID Connect on the loopback, by other people's hands: whoever `account` names now is logged in without being asked. */
export async function startOidc(redirect: string, account: () => Account): Promise<OidcServer> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const client = { id: 'strowger', secret: 'a-secret-of-tests-that-is-long-enough' };
  const accounts = new Map<string, Account>();
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirect], grant_types: ['authorization_code'], response_types: ['code'] }],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'], email: ['email'] }, cookies: { keys: ['a-key-of-tests'] },
    features: { devInteractions: { enabled: false } }, interactions: { url: () => '/interaction' }, pkce: { required: () => true },
    findAccount: (_ctx: unknown, id: string) => ({ accountId: id, claims: () => accounts.get(id) ?? { sub: id } }),
    async loadExistingGrant({ oidc }: Context) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  const handle = provider.callback();
  const server: Server = createServer((request, response) => {
    if (!request.url?.startsWith('/interaction')) return handle(request, response);
    const now = account();
    accounts.set(now.sub, now);
    provider.interactionFinished(request, response, { login: { accountId: now.sub } }).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { issuer, client, close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))) };
}

/** A browser as far as redirects and cookies go. Cookies are kept by host and port. */
export function browser() {
  const jars = new Map<string, Map<string, string>>();
  const go = async (url: string, headers: Record<string, string> = {}): Promise<Response> => {
    const jar = jars.get(new URL(url).host) ?? new Map<string, string>();
    jars.set(new URL(url).host, jar);
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), ...headers } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  return {
    go,
    cookies: (url: string) => jars.get(new URL(url).host) ?? new Map<string, string>(),
    /** Follows redirects up to one that `stop` wants to see, or to the first answer that is none. */
    async follow(url: string, stop: (location: string) => boolean = () => false): Promise<{ readonly response: Response; readonly at: string }> {
      for (let [at, hops] = [url, 0]; hops < 20; hops += 1) {
        const response = await go(at);
        const location = response.headers.get('location');
        if (location === null) return { response, at };
        const next = new URL(location, at).href;
        if (stop(next)) return { response, at: next };
        await response.body?.cancel();
        at = next;
      }
      throw new Error('it goes in circles');
    },
  };
}
