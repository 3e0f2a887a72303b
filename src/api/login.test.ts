import { URI, type TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { guarded, PASSWORD } from './access.fixture.js';

const lin = { login: 'lin', name: '林娜', password: PASSWORD, roles: ['supervisor'] };
const codeOf = async (answer: Promise<Response> | Response): Promise<unknown> => ((await (await answer).json()) as { code: string }).code;

describe('a browser', () => {
  it('logs in, keeps a cookie that scripts cannot read, and logs out', async () => {
    const { made, browser } = await guarded();
    await made('/v1/users', lin);
    const page = browser();
    const answer = await page.login('LIN', PASSWORD);
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^strowger_session=sts_[\w-]+; Path=\/; HttpOnly; SameSite=Lax$/), expect.stringMatching(/^strowger_device=.*; HttpOnly; SameSite=Strict$/)]);
    expect(await (await page.send('GET', '/v1/me')).json()).toMatchObject({ kind: 'user', name: 'lin', needs: [] });
    expect(((await (await page.send('GET', '/v1/me/sessions')).json()) as { items: object[] }).items).toMatchObject([{ current: true, how: 'password' }]);
    expect((await page.send('POST', '/v1/logout')).status).toBe(204);
    expect((await page.send('GET', '/v1/me')).status).toBe(401);
  });

  it('behind TLS gets Secure cookies bound to the host', async () => {
    const { made, browser } = await guarded({}, { deps: { behindTls: () => true } });
    await made('/v1/users', lin);
    expect((await browser().login('lin', PASSWORD)).headers.getSetCookie()[0]).toMatch(/^__Host-strowger_session=sts_[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });

  it('changes nothing for a page of another site, nor without its token', async () => {
    const { made, browser } = await guarded();
    await made('/v1/users', { ...lin, roles: ['admin'] });
    const page = browser();
    await page.login('lin', PASSWORD);
    const team = { name: 'T' };
    expect(await codeOf(page.send('POST', '/v1/teams', team, { 'x-csrf-token': 'x' }))).toBe('forged');
    expect(await codeOf(page.send('POST', '/v1/teams', team, { 'sec-fetch-site': 'cross-site' }))).toBe('forged');
    expect(await codeOf(browser({ 'sec-fetch-site': 'cross-site' }).login('lin', PASSWORD))).toBe('forged');
    expect((await page.send('POST', '/v1/teams', team)).status).toBe(201);
  });

  it('is out when it was idle too long, when its day is over, and when the password changes elsewhere', async () => {
    const { made, browser, clock, access } = await guarded({}, { config: { sessions: { idleMs: 60_000, longestMs: 100_000 } } });
    await made('/v1/users', lin);
    const [a, b, c] = [browser(), browser(), browser()];
    await a.login('lin', PASSWORD);
    const [held = ''] = await a.send('GET', '/v1/me').then(() => access.gone.credentials());
    const gone = access.gone.signal(held, null);
    clock.now += 61_000;
    access.sweep();
    expect([(await a.send('GET', '/v1/me')).status, gone.aborted]).toEqual([401, true]);
    await b.login('lin', PASSWORD);
    for (let i = 0; i < 4; i += 1) {
      clock.now += 24_000;
      expect((await b.send('GET', '/v1/me')).status).toBe(200);
    }
    clock.now += 24_000;
    expect((await b.send('GET', '/v1/me')).status).toBe(401);
    await Promise.all([b.login('lin', PASSWORD), c.login('lin', PASSWORD)]);
    expect(await codeOf(c.send('PUT', '/v1/me/password', { old: 'nonsense', new: 'a new password of words' }))).toBe('access.wrong_password');
    expect((await c.send('PUT', '/v1/me/password', { old: PASSWORD, new: 'a new password of words' })).status).toBe(204);
    expect([(await b.send('GET', '/v1/me')).status, (await c.send('GET', '/v1/me')).status, (await b.login('lin', PASSWORD)).status]).toEqual([401, 200, 401]);
  });

  it('of a user who is disabled is out at once, and cannot come back', async () => {
    const { made, admin, browser } = await guarded();
    const { id } = await made<{ id: string }>('/v1/users', lin);
    const page = browser();
    await page.login('lin', PASSWORD);
    await admin('PATCH', `/v1/users/${id}`, { disabled: true }, { 'if-match': '*' });
    expect([(await page.send('GET', '/v1/me')).status, await codeOf(page.login('lin', PASSWORD))]).toEqual([401, 'wrong_credentials']);
  });
});

describe('wrong passwords', () => {
  const lockout = { tries: 3, perSource: 100, windowMs: 60_000, blockMs: 60_000 };
  it('lock a name for strangers, not for the browser that was logged in before, and not for good', async () => {
    const { made, browser, clock, access, store } = await guarded({}, { config: { lockout } });
    await made('/v1/users', lin);
    const own = browser();
    await own.login('lin', PASSWORD);
    store.change(store.db.updateTable('sessions').set({ address: '192.0.2.9' })); // this test has one address only
    const stranger = browser();
    for (let i = 0; i < 3; i += 1) expect(await codeOf(stranger.login('lin', `guess ${i}`))).toBe('wrong_credentials');
    const refused = await stranger.login('lin', PASSWORD);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect((await own.login('lin', PASSWORD)).status).toBe(200);
    store.change(store.db.updateTable('sessions').set({ address: '192.0.2.9' }));
    clock.now += 60_001;
    expect((await stranger.login('lin', PASSWORD)).status).toBe(200);
    const lines = access.audit.list({ action: 'login' }, { limit: 100 }).items.map((row) => row.outcome);
    expect(lines).toEqual(['done', 'done', 'failed', 'failed', 'failed', 'done']);
  });

  it('sent at once are counted one by one', async () => {
    const { made, browser } = await guarded({}, { config: { lockout } });
    await made('/v1/users', lin);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => browser().login('lin', `guess ${i}`)));
    expect(answers.filter((a) => a.status === 401)).toHaveLength(3);
  });

  it('do not tell whether there is such a user', async () => {
    const { made, browser } = await guarded();
    await made('/v1/users', lin);
    const bodies = await Promise.all(['lin', 'nobody'].map(async (name) => ({ ...((await (await browser().login(name, 'guess')).json()) as object), request_id: '' })));
    expect(bodies[0]).toEqual(bodies[1]);
  });
});

describe('a second factor', () => {
  const totp = (uri: string, at: number): string => (URI.parse(uri) as TOTP).generate({ timestamp: at });

  it('is asked for once it is confirmed, each code once, and a recovery code does as well', async () => {
    const { made, browser, clock } = await guarded();
    await made('/v1/users', lin);
    const page = browser();
    await page.login('lin', PASSWORD);
    const { uri } = (await (await page.send('POST', '/v1/me/second-factor')).json()) as { uri: string };
    expect(uri).toMatch(/^otpauth:\/\/totp\/Strowger/);
    expect(await codeOf(page.send('POST', '/v1/me/second-factor/confirm', { code: '000000' }))).toBe('access.wrong_code');
    const { recovery_codes: codes } = (await (await page.send('POST', '/v1/me/second-factor/confirm', { code: totp(uri, clock.now) })).json()) as { recovery_codes: string[] };
    expect(codes).toHaveLength(10);
    expect(await codeOf(browser().login('lin', PASSWORD))).toBe('code_needed');
    clock.now += 30_000;
    const code = totp(uri, clock.now);
    expect([(await browser().login('lin', PASSWORD, code)).status, (await browser().login('lin', PASSWORD, code)).status]).toEqual([200, 401]);
    expect([(await browser().login('lin', PASSWORD, codes[0])).status, (await browser().login('lin', PASSWORD, codes[0])).status]).toEqual([200, 401]);
    expect((await page.send('POST', '/v1/me/second-factor/remove', { password: PASSWORD })).status).toBe(204);
    expect((await browser().login('lin', PASSWORD)).status).toBe(200);
  });

  it('cannot be guessed by asking without a code in between', async () => {
    const { made, browser, clock } = await guarded({}, { config: { lockout: { tries: 6, perSource: 100, windowMs: 60_000, blockMs: 60_000 } } });
    await made('/v1/users', lin);
    const page = browser();
    await page.login('lin', PASSWORD);
    const { uri } = (await (await page.send('POST', '/v1/me/second-factor')).json()) as { uri: string };
    await page.send('POST', '/v1/me/second-factor/confirm', { code: totp(uri, clock.now) });
    const thief = browser();
    const seen: number[] = [];
    for (let i = 0; i < 5; i += 1) seen.push((await thief.login('lin', PASSWORD, '123456')).status, (await thief.login('lin', PASSWORD)).status);
    expect(seen.at(-1)).toBe(429);
  });

  it('that a role must have stands before everything else', async () => {
    const { made, browser, clock } = await guarded({}, { config: { secondFactor: ['supervisor'] } });
    await made('/v1/users', lin);
    const page = browser();
    expect(await (await page.login('lin', PASSWORD)).json()).toMatchObject({ needs: ['second_factor'] });
    expect((await page.send('GET', '/v1/queues')).status).toBe(403);
    const { uri } = (await (await page.send('POST', '/v1/me/second-factor')).json()) as { uri: string };
    await page.send('POST', '/v1/me/second-factor/confirm', { code: totp(uri, clock.now) });
    expect((await page.send('GET', '/v1/queues')).status).toBe(200);
  });
});

it('a token in a URL is refused, whatever it is called', async () => {
  const { made, app } = await guarded();
  const { token } = await made<{ token: string }>('/v1/keys', { name: 'x' });
  for (const url of [`/v1/queues?access_token=${token}`, `/v1/queues?q=${token}`, `/v1/queues/${token}`]) {
    expect(await codeOf(app.request(url, { headers: { authorization: `Bearer ${token}` } }))).toBe('token_in_url');
  }
});
