import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { WebSocket } from 'ws';
import { withBrowser } from '../kit/browser.js';
import { mailbox, type Mailbox } from '../kit/mailbox.js';
import { operationsOf, resolved, type OpenApi, type Op, type Schema } from '../kit/openapi/document.js';
import { send as raw } from '../kit/openapi/send.js';
import { valid } from '../kit/openapi/values.js';
import { createPhone } from '../kit/phone.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until, within } from '../kit/wait.js';
import { asking, furnish, inTalk, leadsTo, logIn, PASSWORD, PNG, type Furnished } from './furnished.js';
import { folder } from './house.js';

/** docs/security.md lists every threat with the test that shows what protects; here are those that need the whole program. */
let house: Strowger;
let post: Mailbox;
let theirs: Furnished;
let document: OpenApi;
/** Somebody of another team, whose role has every permission as far as his own team reaches. */
let lin: ReturnType<typeof asking>;
let linsCookie: string;

beforeAll(async () => {
  post = await mailbox();
  house = await startStrowger({
    agents: 2, phones: 2, env: { STROWGER_ALLOW_HOSTS: '127.0.0.9' },
    config: folder({
      'system.yaml': 'log_level: debug\napi: { requests_per_second: 100000, burst: 100000 }\n',
      'mail.yaml': `smtp: { host: 127.0.0.1, port: ${String(post.port)}, tls: never, from: "Shop <shop@shop.example>", user: shop, password: "\${SMTP_PASSWORD}" }\n`,
      'chat.yaml': 'chat: { limits: { frame_bytes: 4096, sessions_per_minute: 1000, frames_per_10s: 200 } }\n', 'secrets.env': 'SMTP_PASSWORD=smtp-password-of-the-test\n',
    }),
  });
  document = (await house.api<OpenApi>('/openapi.json')).body;
  theirs = await furnish(house, { login: 'mei', agent: '1002' });
  const { body: { permissions } } = await house.api<{ permissions: string[] }>('/v1/permissions');
  const role = await send<{ id: string }>('POST', '/v1/roles', { names: { 'zh-CN': '一队', en: 'Everything of a team' }, permissions: Object.fromEntries(permissions.map((p) => [p, 'team'])), fields: [] });
  const team = await send<{ id: string }>('POST', '/v1/teams', { name: 'Day' });
  await send('POST', '/v1/users', { login: 'lin', name: 'Lin', password: PASSWORD, roles: [role.body.id], teams: [team.body.id], agent: '1001' });
  const browser = await logIn(house, 'lin');
  linsCookie = browser.cookie;
  lin = asking(house, browser);
});
afterAll(async () => {
  await theirs.visitor.close();
  await house.stop();
  await post.close();
});
beforeEach(() => onTestFailed(() => { console.error(house.output().slice(-4_000)); }));

const send = <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  house.api<T>(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const alive = async (): Promise<number> => (await fetch(`${house.base}/healthz`)).status;

describe('things of another team', () => {
  /** What every team may know of the others, and what is not about a thing that somebody owns. */
  const SHARED = ['GET /v1/teams/{id}', 'GET /v1/reports/{name}', 'GET /v1/reports/{name}/calls'];
  /** A value that the schema takes, differently with each `seed`; what chance does not name is named. */
  const bodyOf = (op: Op, seed: number): string | undefined => {
    if (op.name === 'POST /v1/tickets/{id}/queue') return JSON.stringify({ queue: 'support' });
    const [type, media] = Object.entries(op.body ?? {})[0] ?? [];
    return type?.includes('json') === true ? JSON.stringify(fc.sample(valid(document, media?.schema ?? {}), { seed, numRuns: 1 })[0] ?? null) : undefined;
  };
  const queryOf = (op: Op, seed: number): string => {
    const needed = op.parameters.filter((p) => p.in === 'query' && p.required === true).map((p): [string, string] => [p.name, String(fc.sample(valid(document, p.schema ?? {}), { seed, numRuns: 1 })[0])]);
    return needed.length === 0 ? '' : `?${new URLSearchParams(needed).toString()}`;
  };

  it('are none: whatever is asked of them, to read and to write, is 404 or 403', async () => {
    const wrong: string[] = [];
    const all = operationsOf(document).filter(({ path, needs, name }) => path.includes('{') && needs !== 'open' && !SHARED.includes(name));
    for (const op of all) {
      const seen: number[] = [];
      // Some right bodies are hard to guess; what is wrong is refused before anybody looks whose it is.
      for (let seed = 1; seed <= 60 && [400, 415, 422].includes(seen.at(-1) ?? 422); seed += 1) {
        const response = await lin(op.method.toUpperCase(), leadsTo(op.path, theirs.ids) + queryOf(op, seed), bodyOf(op, seed));
        await response.arrayBuffer();
        seen.push(response.status);
      }
      if (seen.at(-1) !== 404 && seen.at(-1) !== 403) wrong.push(`${op.name}: ${[...new Set(seen)].join(' ')}`);
    }
    expect(all.length).toBeGreaterThan(120);
    expect(wrong).toEqual([]);
    // They are there, for whoever may see them.
    for (const path of ['/v1/calls', '/v1/customers', '/v1/tickets', '/v1/conversations', '/v1/recordings', '/v1/users', '/v1/keys']) expect([path, (await house.api(`${path}/${theirs.ids[path]?.['id'] ?? ''}`)).status]).toEqual([path, 200]);
  });

  const secret = (): readonly string[] => ['/v1/calls', '/v1/customers', '/v1/tickets', '/v1/conversations', '/v1/recordings', '/v1/users', '/v1/keys', '/v1/files', '/v1/ticket-views', '/v1/webhooks', '/v1/roles', '/v1/contacts'].map((path) => theirs.ids[path]?.['id'] ?? '');

  it('stand in no list', async () => {
    const leaks: string[] = [];
    for (const op of operationsOf(document).filter(({ method, path, needs }) => method === 'get' && !path.includes('{') && path.startsWith('/v1/') && needs !== 'open' && !/events|stream/.test(path))) {
      const text = await (await lin('GET', op.path + queryOf(op, 1))).text();
      for (const id of secret()) if (text.includes(id)) leaks.push(`${op.path}: ${id}`);
    }
    expect(leaks).toEqual([]);
  });

  it('are heard of in no stream, old facts nor new ones', async () => {
    const heard: string[] = [];
    const abort = new AbortController();
    const stream = await fetch(`${house.base}/v1/events`, { headers: { cookie: linsCookie, 'last-event-id': '0' }, signal: abort.signal });
    const reading = (async () => {
      for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) heard.push(chunk);
    })().catch((error: unknown) => { if (!abort.signal.aborted) throw error; });
    const sockets = await Promise.all(['/v1/events/ws?after=0&', '/v1/conversations/ws?'].map(async (path) => {
      const { ticket } = (await (await lin('POST', '/v1/ws-tickets')).json()) as { ticket: string };
      const socket = new WebSocket(`${house.base.replace('http', 'ws')}${path}ticket=${ticket}`);
      socket.on('message', (data: Buffer) => heard.push(data.toString()));
      await within(5_000, 'the socket to open', new Promise<void>((resolve, reject) => { socket.once('open', resolve); socket.once('error', reject); }));
      return socket;
    }));
    // With a desktop he would be offered the chat himself.
    const be = async (state: string): Promise<void> => expect((await lin('PUT', '/v1/agents/1001/state', JSON.stringify({ state }))).status).toBe(200);
    await be('away');
    const [visitor, conversation] = await inTalk(house, '1002');
    await send('POST', `/v1/tickets/${theirs.ids['/v1/tickets']?.['id'] ?? ''}/comments`, { text: 'x', visibility: 'internal' });
    const own = (await (await lin('POST', '/v1/tickets', JSON.stringify({ type: 'question', subject: 'mine' }))).json()) as { id: string };
    // What is his own comes after all of that, in both streams of facts: what came before it would have come, too.
    await be('training');
    await until('his own state', 10_000, () => Promise.resolve(heard.filter((text) => text.includes('agent.state_changed') && text.includes('training')).length >= 2));
    expect(heard.filter((text) => text.includes('ticket.created') && text.includes(own.id))).toHaveLength(2); // his own tickets he hears of
    const leaks = [...secret(), conversation, visitor.id].flatMap((one) => heard.filter((text) => text.includes(one)).map((text) => `${one} in ${text.slice(0, 500)}`));
    for (const socket of sockets) socket.terminate();
    abort.abort();
    await reading;
    await visitor.close();
    expect(leaks).toEqual([]);
  });
});

describe('mass assignment', () => {
  const EXTRA = { id: 'usr_0', role: 'admin', roles: ['admin'], permissions: { 'users.write': 'all' }, team: 'other', teams: ['other'], created_at: '2001-01-01T00:00:00.000Z', created_by: 'root', updated_at: '2001-01-01T00:00:00.000Z', owner: 'root', version: 99, state: 'closed', is_admin: true, by: 'root', grants: ['users.read'], merged_into: 'x', constructor: { prototype: { admin: true } } };
  /** What a thing is known by stays as it is: else that is what is refused. */
  const FIXED: Readonly<Record<string, object>> = {
    'POST /v1/extensions': { number: '2009' }, 'PUT /v1/extensions/{id}': { number: '2001' }, 'PUT /v1/trunks/{id}': { name: 'carrier' }, 'PUT /v1/calendars/{id}': { name: 'shop' }, 'PUT /v1/alert-rules/{id}': { name: 'crowded' },
    'PUT /v1/numbers/{id}': { trunk: 'carrier', number: '+8675512340000' }, 'PUT /v1/routes/{id}': { trunk: 'carrier', pattern: '+86x.' },
  };
  /** Every property that a body may say itself, at any depth. */
  const named = (schema: Schema, deep = 0): readonly string[] => {
    const { properties = {}, anyOf = [], oneOf = [], allOf = [], items } = resolved<Schema>(document, schema);
    return deep > 4 ? [] : [...Object.keys(properties), ...[...Object.values(properties), ...anyOf, ...oneOf, ...allOf, ...(items ? [items] : [])].flatMap((one) => named(one, deep + 1))];
  };

  it('what a body does not take is refused by name, in whatever operation', async () => {
    const taken: string[] = [];
    const ops = operationsOf(document).filter(({ body, needs }) => Object.keys(body ?? {})[0]?.includes('json') === true && needs !== 'open');
    for (const op of ops) {
      const schema = Object.values(op.body ?? {})[0]?.schema ?? {};
      const known = named(schema);
      const extra = Object.fromEntries(Object.entries(EXTRA).filter(([field]) => !known.includes(field)));
      const [right] = fc.sample(valid(document, schema), { seed: 7, numRuns: 1 });
      const { status, body } = await send<unknown>(op.method.toUpperCase(), leadsTo(op.path, theirs.ids), { ...(typeof right === 'object' ? right : {}), ...FIXED[op.name], ...extra }, { 'if-match': '*' });
      if (status !== 422 || !['created_by', 'is_admin', 'grants', 'merged_into'].some((field) => JSON.stringify(body).includes(field))) taken.push(`${op.name}: ${String(status)} ${JSON.stringify(body).slice(0, 300)}`);
    }
    expect(taken).toEqual([]);
    expect(ops.length).toBeGreaterThan(60);
  });
});

describe('injection', () => {
  it.each([
    ["' OR '1'='1", 'SQL'], ["x'; DROP TABLE customers; --", 'SQL'], ['%_%', 'patterns of LIKE'], ['"* OR NEAR(', 'words of FTS'], ['${jndi:ldap://127.0.0.9/a}', 'a template'], ['\u0000', 'a null byte'],
  ])('%s is text in every search (%s)', async (text) => {
    const found = await Promise.all(['/v1/customers?q=', '/v1/tickets?q=', '/v1/users?q=', '/v1/recordings?words=', '/v1/transcripts?q=', '/v1/audit?actor=', '/v1/calls?from=', '/v1/customers/lookup?value='].map(async (path) => {
      const { status, body } = await house.api<{ items?: unknown[] }>(path + encodeURIComponent(text));
      return [path, status === 200 ? (body.items?.length ?? 0) : status < 500 ? 0 : status];
    }));
    expect(found.filter(([, n]) => n !== 0)).toEqual([]);
    expect((await house.api<{ items: unknown[] }>('/v1/customers')).body.items.length).toBeGreaterThan(0);
  });

  it('a name of two lines makes no header of its own in SIP', async () => {
    const wrong = await send<{ code: string }>('POST', '/v1/extensions', { number: '2002', name: 'Eve\r\nX-Injected: yes', password: 'open-sesame' });
    const name = wrong.status === 201 ? undefined : wrong.status;
    if (name === undefined) {
      const [eve, agent] = [await createPhone({ user: '2002', password: 'open-sesame', server: house.sip, domain: '127.0.0.1' }), await house.phone('1001')];
      await eve.register();
      const call = await eve.call('1001');
      const offered = await agent.nextCall(10_000);
      expect(offered.header('X-Injected')).toBeUndefined();
      call.cancel();
      await Promise.all([eve.close(), agent.close()]);
    } else expect(name).toBe(422);
  });

  it('a subject of two lines makes no header of its own in a mail', async () => {
    const { status, body } = await send<{ id: string }>('POST', '/v1/tickets', { type: 'question', subject: 'Hello\r\nBcc: eve@example.net', requester: { email: 'wei@example.net', name: 'Wei\r\nBcc: eve@example.net' } });
    expect([201, 422]).toContain(status);
    if (status === 201) await send('POST', `/v1/tickets/${body.id}/comments`, { text: '<script>alert(1)</script>', visibility: 'public' });
    expect(post.mails.filter(({ to }) => to === 'eve@example.net')).toEqual([]);
  });

  it('tags in names, subjects and comments are text on the page of tickets', async () => {
    const tag = '<img src=x onerror="document.title=\'owned\'">';
    const { body: { id } } = await send<{ id: string }>('POST', '/v1/tickets', { type: 'question', subject: `subject ${tag}`, text: tag, requester: { name: tag, email: 'html@example.net' } });
    await send('POST', `/v1/tickets/${id}/comments`, { text: `comment ${tag}`, visibility: 'public' });
    const { body: { url } } = await send<{ url: string }>('POST', `/v1/tickets/${id}/page-link`, {});
    await withBrowser(async (page) => {
      await page.goto(house.base + url);
      await page.getByText(`comment ${tag}`).waitFor();
      expect([await page.locator('img[src=x]').count(), await page.title()]).toEqual([0, expect.not.stringContaining('owned')]);
    });
  });
});

describe('paths', () => {
  it.each(['..%2f..%2f..%2fetc%2fpasswd', '%2e%2e%2f%2e%2e%2fsecrets.env', '..%5c..%5csecrets.env', '%00', '%ff', '..%252f..%252faccess.key', '%c0%ae%c0%ae%c0%af'])('%s leads to no file', async (part) => {
    const wrong: string[] = [];
    for (const op of operationsOf(document).filter(({ method, path }) => method === 'get' && path.includes('{'))) {
      const { status, body } = await raw(house.ports.http, { method: 'GET', path: op.path.replaceAll(/\{\w+\}/g, part), headers: { authorization: `Bearer ${house.token}` }, body: undefined });
      if (![400, 401, 404, 422, 503].includes(status) || /root:|SMTP_PASSWORD=/.test(body)) wrong.push(`${op.name}: ${String(status)} ${body.slice(0, 100)}`);
    }
    expect(wrong).toEqual([]);
  });

  it('a file that is sent under such a name is kept as another, and lies where all files lie', async () => {
    const response = await fetch(`${house.base}/v1/files?name=${encodeURIComponent('../../../evil.png')}`, { method: 'POST', headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/octet-stream' }, body: PNG });
    expect([response.status, await response.text()]).toEqual([201, expect.not.stringContaining('../')]);
    expect(readdirSync(house.data)).not.toContain('evil.png');
  });
});

describe('addresses inside the house', () => {
  it.each([
    'http://127.0.0.1/', 'http://localhost/', 'http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://127.1/', 'http://0/', 'http://[::1]/', 'http://[::]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/', 'http://[fd00:ec2::254]/', 'http://169.254.169.254/latest/meta-data/', 'http://100.100.100.200/', 'http://10.0.0.1:8080/', 'http://①②⑦.0.0.1/', 'http://127.0.0.1./', 'http://user@127.0.0.1/', 'file:///etc/passwd', 'gopher://127.0.0.1/', 'http:127.0.0.1',
  ])('%s takes no webhook', async (url) => {
    expect(await send<{ code: string }>('POST', '/v1/webhooks', { url, types: ['call.*'] })).toMatchObject({ status: 422, body: { code: 'webhooks.refused' } });
  });
});

describe('patterns that users give', () => {
  it('a set that runs backwards is refused before any number is compared with it, and so is what is too long', async () => {
    for (const number of ['[9-0]', 'x'.repeat(101)]) expect([number, (await send('POST', '/v1/numbers', { trunk: 'carrier', number, entry: '4000' })).status, (await send('POST', '/v1/routes', { trunk: 'carrier', pattern: number })).status]).toEqual([number, 422, 422]);
  });

  it.each(['(a+)+$', '(a|a)*b', '(.*a){30}', '^(([a-z])+.)+[A-Z]([a-z])+$'])('%s in CEL takes time in proportion to the text', async (pattern) => {
    const steps = [{ set: { variables: { text: `${'a'.repeat(5_000)}!` } } }, { branch: [{ when: `text.matches(${JSON.stringify(pattern)})`, then: 'out' }, { otherwise: 'out' }] }];
    const text = JSON.stringify({ version: 1, entries: [{ number: '4000', flow: 'in' }], flows: { in: steps, out: [{ hang_up: {} }] } });
    const { status, body } = await send('POST', '/v1/dialplans/evil/simulate', { text, tests: 'dialplan: ./evil.yaml\ncases: [ { name: evil, call: { to: "4000", from: "1201" }, steps: [ { ends: hang_up } ] } ]' });
    expect([status, body]).toEqual([200, expect.objectContaining({ failed: 0 })]);
  });
});

describe('JSON that is meant to hurt', () => {
  it.each([
    ['__proto__', '{"name":"Night","__proto__":{"is_admin":true}}'], ['a constructor', '{"name":"Night","constructor":{"prototype":{"is_admin":true}}}'], ['keys without end', `{"name":"Night",${Array.from({ length: 4_000 }, (_, i) => `"k${i}":1`).join(',')}}`],
    ['depth', `{"name":${'['.repeat(9_000)}${']'.repeat(9_000)}}`], ['size', `{"name":"${'x'.repeat(70_000)}"}`], ['a number without end', `{"name":${'9'.repeat(5_000)}}`],
  ])('%s is refused, and changes nothing for anybody', async (_what, body) => {
    const { status } = await house.api('/v1/teams', { method: 'POST', body });
    expect([400, 413, 422]).toContain(status);
    expect([Object.hasOwn((await house.api<object>('/v1/me')).body, 'is_admin'), (await lin('GET', '/v1/audit')).status, await alive()]).toEqual([false, 403, 200]);
  });

  it('of a key that stands there twice the last one counts, for those who check as for those who use', async () => {
    const { status, body } = await house.api<{ name: string }>('/v1/teams', { method: 'POST', body: '{"name":"","name":"Twice"}' });
    expect([status, body.name]).toEqual([201, 'Twice']);
    expect((await house.api('/v1/teams', { method: 'POST', body: '{"name":"Thrice","name":""}' })).status).toBe(422);
  });
});

describe('what is told', () => {
  it('no refusal shows our insides', async () => {
    const told: string[] = [];
    for (const [method, path, body] of [
      ['POST', '/v1/teams', '{"name":'], ['GET', '/v1/calls?cursor=%00', undefined], ['GET', '/v1/customers?q=%ff', undefined], ['GET', '/v1/nothing', undefined], ['PUT', '/v1/setups/%E0%A4%A', '{"active":true}'], ['GET', `/v1/calls/${'x'.repeat(5_000)}`, undefined],
      ['POST', '/v1/dialplans/check', '{"text":"a: [1, 2\\n  b: {"}'], ['GET', '/v1/reports/queues?by=constructor', undefined], ['POST', '/v1/webhooks', '{"url":"http://[","types":["*"]}'],
    ] as const) told.push(await (await house.raw(path, { method, ...(body === undefined ? {} : { body }) })).text());
    expect(told.filter((text) => /\.[jt]s:\d|node_modules|SQLITE|sqlite|"stack"|select .* from|\/dist\//.test(text))).toEqual([]);
  });

  it('the Host that a client claims stands in no answer', async () => {
    const evil = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', authorization: `Bearer ${house.token}`, 'content-type': 'application/json' };
    const ticket = theirs.ids['/v1/tickets']?.['id'] ?? '';
    for (const [method, path, body] of [['GET', '/openapi.json', undefined], ['GET', '/docs', undefined], ['GET', '/chat', undefined], ['POST', `/v1/tickets/${ticket}/page-link`, '{}'], ['POST', `/v1/files/${theirs.ids['/v1/files']?.['id'] ?? ''}/link`, '{}'], ['POST', '/v1/teams', '{"name":"Host"}']] as const) {
      const { status, headers, body: text } = await raw(house.ports.http, { method, path, headers: evil, body });
      expect([path, status < 400, JSON.stringify(headers).includes('evil.example'), text.includes('evil.example')]).toEqual([path, true, false, false]);
    }
  });

  it('no password, token or secret stands in the log at level debug, in an event, or in the audit log', async () => {
    const browser = await logIn(house, 'mei');
    const his = asking(house, browser);
    const { secret } = (await (await his('POST', '/v1/me/second-factor')).json()) as { secret: string };
    const key = await send<{ token: string }>('POST', '/v1/keys', { name: 'logged', permissions: { 'calls.read': 'own' } });
    const hook = await send<{ secret: string }>('POST', '/v1/webhooks', { url: 'http://127.0.0.9:9/hook', types: ['call.*'] });
    const { body: { ticket } } = await send<{ ticket: string }>('POST', '/v1/ws-tickets');
    const { body: { url } } = await send<{ url: string }>('POST', `/v1/files/${theirs.ids['/v1/files']?.['id'] ?? ''}/link`, {});
    const link = /token=(.*)/.exec(url)?.[1] ?? 'no token';
    await fetch(house.base + url);
    await fetch(`${house.base}/v1/calls?access_token=${key.body.token}`);
    await send('POST', '/v1/trunks', { name: 'secretive', peers: ['127.0.0.9/32'], hosts: [{ uri: 'sip:127.0.0.9:9' }], register: { username: 'me', password: 'told-by-api' } });
    await fetch(`${house.base}/v1/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"login":"mei","password":"a guess that is nearly right"}' });
    const secrets = { admin: house.token, password: PASSWORD, demo: house.password, cookie: browser.cookie.split('=')[1]?.split(';')[0] ?? '', csrf: browser.csrf, totp: secret, key: key.body.token, hook: hook.body.secret, ticket, link, smtp: 'smtp-password-of-the-test', trunk: 'told-by-api', phone: 'open-sesame', guess: 'a guess that is nearly right', visitor: theirs.visitor.token };
    expect(Object.entries(secrets).filter(([, text]) => text.length < 8)).toEqual([]);
    const events = await factsSoFar();
    const audit = await (await house.raw('/v1/audit?format=jsonl')).text();
    const found = Object.entries(secrets).flatMap(([name, text]) => [['log', house.output()], ['events', events], ['audit', audit]].filter(([, all]) => all?.includes(text)).map(([where]) => `${name} in the ${String(where)}`));
    expect(found).toEqual([]);
    expect([house.output().length > 10_000, events.length > 1_000, audit.length > 1_000]).toEqual([true, true, true]);
  });

  /** The whole log of facts, up to one that is made now. */
  async function factsSoFar(): Promise<string> {
    const abort = new AbortController();
    const response = await house.raw('/v1/events', { headers: { 'last-event-id': '0' }, signal: abort.signal });
    const { body: { id } } = await send<{ id: string }>('POST', '/v1/customers', { name: 'the last one' });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes(id)) text += (await reader.read()).value ?? '';
    abort.abort();
    return text;
  }
});
