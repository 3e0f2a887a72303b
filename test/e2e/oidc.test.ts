import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browser, startOidc, type Account, type OidcServer } from '../kit/oidc.js';
import { freePorts, freeRange } from '../kit/ports.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';

const config = mkdtempSync(join(tmpdir(), 'strowger-oidc-'));
let account: Account = { sub: 'a1', preferred_username: 'Lin.Na', name: '林娜', email: 'lin@shop.example', groups: ['staff', 'call-centre'] };
let house: Strowger;
let idp: OidcServer;
beforeAll(async () => {
  const [sip = 0, http = 0] = await freePorts(2, '127.0.0.1');
  const base = `http://127.0.0.1:${http}`;
  idp = await startOidc(`${base}/v1/login/oidc/company/callback`, () => account);
  cpSync(fileURLToPath(new URL('../../config', import.meta.url)), config, { recursive: true });
  writeFileSync(join(config, 'access.yaml'), `access:
  public_url: ${base}
  oidc:
    - { name: company, label: Company, issuer: "${idp.issuer}", client_id: ${idp.client.id}, client_secret: "\${OIDC_SECRET}", roles: { claim: groups, map: { call-centre: agent, leads: supervisor } } }
    - { name: nowhere, issuer: "http://127.0.0.1:9", client_id: x, client_secret: "\${OIDC_SECRET}", roles: { everyone: [agent] } }
`);
  house = await startStrowger({ config, agents: 1, phones: 1, ports: { sip, http, rtp: await freeRange(200, '127.0.0.1') }, env: { OIDC_SECRET: idp.client.secret } });
});
afterAll(async () => {
  await house.stop();
  await idp.close();
  rmSync(config, { recursive: true });
});
const begin = (to = '/v1/me'): string => `${house.base}/v1/login/oidc/company?to=${encodeURIComponent(to)}`;
const codeOf = async (response: Response): Promise<[number, string]> => [response.status, ((await response.json()) as { code: string }).code];
type Me = { readonly id: string; readonly name: string; readonly permissions: Record<string, string> };
const logIn = async (): Promise<{ readonly me: Me; readonly b: ReturnType<typeof browser> }> => {
  const b = browser();
  const { response, at } = await b.follow(begin());
  expect([response.status, at]).toEqual([200, `${house.base}/v1/me`]);
  return { me: (await response.json()) as Me, b };
};

describe('log-in by a provider', () => {
  it('makes the user at his first log-in, with the roles of his groups, and knows him again when his name has changed', async () => {
    expect((await (await fetch(`${house.base}/v1/login/providers`)).json() as { items: object[] }).items).toContainEqual({ name: 'company', label: 'Company' });
    const { me } = await logIn();
    const user = (await house.api<Record<string, unknown>>(`/v1/users/${me.id}`)).body;
    expect(user).toMatchObject({ login: 'lin.na', name: '林娜', email: 'lin@shop.example', roles: ['agent'], oidc: 'company', has_password: false });
    account = { ...account, preferred_username: 'lin.wei', groups: ['leads'] };
    const again = await logIn();
    expect(again.me.id).toBe(me.id);
    expect((await house.api<{ roles: string[] }>(`/v1/users/${me.id}`)).body.roles).toEqual(['supervisor']);
  });

  it('asks with PKCE, state and nonce, for nobody else', async () => {
    const location = new URL((await browser().go(begin())).headers.get('location') ?? '');
    expect(location.origin).toBe(idp.issuer);
    expect(Object.fromEntries(location.searchParams)).toMatchObject({ response_type: 'code', client_id: 'strowger', code_challenge_method: 'S256', code_challenge: expect.stringMatching(/^[\w-]{43}$/), state: expect.stringMatching(/^[\w-]{20,}$/), nonce: expect.stringMatching(/^[\w-]{20,}$/) });
  });

  it('takes nobody in who was sent here by another: not another browser, not another state, not twice, not a made-up answer', async () => {
    const b = browser();
    const callback = (at: string): boolean => at.includes('/callback');
    const { at } = await b.follow(begin(), callback);
    expect(await codeOf(await browser().go(at))).toEqual([401, 'access.provider_refused']); // a link sent to a victim
    const forged = new URL(at);
    forged.searchParams.set('state', 'x');
    expect(await codeOf(await b.go(forged.href))).toEqual([401, 'access.provider_refused']);
    expect(await codeOf(await b.go(at))).toEqual([401, 'access.provider_refused']); // the browser's part is good once
    const second = browser();
    const { at: madeUp } = await second.follow(begin(), callback);
    const wrong = new URL(madeUp);
    wrong.searchParams.set('code', 'made-up');
    expect(await codeOf(await second.go(wrong.href))).toEqual([401, 'access.provider_refused']);
    const sealed = browser();
    await sealed.go(begin());
    expect(await codeOf(await sealed.go(`${house.base}/v1/login/oidc/company/callback?code=x&state=y`, { cookie: 'strowger_oidc=AAAA' }))).toEqual([401, 'access.provider_refused']);
  });

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)', '/\t/evil.example', 'evil'])('sends nobody to %j', async (to) => expect((await browser().go(begin(to))).status).toBe(400));

  it('lets in nobody without a role, and takes over nobody who has the name', async () => {
    const before = account;
    account = { sub: 'b2', preferred_username: 'omar', groups: ['guests'] };
    expect(await codeOf((await browser().follow(begin())).response)).toEqual([403, 'access.not_let_in']);
    expect((await house.api('/v1/users', { method: 'POST', body: JSON.stringify({ login: 'boss', name: 'Boss', roles: ['admin'] }) })).status).toBe(201);
    account = { sub: 'c3', preferred_username: 'boss', groups: ['leads'] };
    expect(await codeOf((await browser().follow(begin())).response)).toEqual([409, 'access.login_taken']);
    account = before;
  });

  it('somebody disabled is out, in the session he has and in a new one', async () => {
    const { me, b } = await logIn();
    expect((await house.api(`/v1/users/${me.id}`, { method: 'PATCH', body: '{"disabled":true}', headers: { 'if-match': '*' } })).status).toBe(200);
    expect((await b.go(`${house.base}/v1/me`)).status).toBe(401);
    expect(await codeOf((await browser().follow(begin())).response)).toEqual([403, 'access.not_let_in']);
    const failed = (await house.api<{ items: { action: string; after: { why: string } }[] }>('/v1/audit?outcome=failed&limit=100')).body.items.filter(({ action }) => action === 'login').map(({ after }) => after.why);
    expect(failed).toEqual(expect.arrayContaining(['not_begun_here', 'access.provider_refused', 'access.not_let_in', 'access.login_taken']));
  });

  it('a provider that is away is told as such, and one that is none', async () => {
    expect(await codeOf(await browser().go(`${house.base}/v1/login/oidc/nowhere`))).toEqual([503, 'access.provider_unreachable']);
    expect(await codeOf(await browser().go(`${house.base}/v1/login/oidc/other`))).toEqual([404, 'access.no_such_provider']);
  });
});
