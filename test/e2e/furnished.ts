import { readFileSync } from 'node:fs';
import type { Strowger } from '../kit/strowger.js';
import { visit, type Visitor } from '../kit/visitor.js';
import { ended, talking } from './talk.js';

/** One object of each kind, by the path it stands under; `*` for parts of paths that every path shares. */
export interface Furnished {
  readonly ids: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The session of the person it belongs to. */
  readonly browser: { readonly cookie: string; readonly csrf: string };
  /** Still in the conversation. */
  readonly visitor: Visitor;
}
export interface Owner {
  readonly login: string;
  readonly agent: string;
}
export const PASSWORD = 'violet tractor under the moon';
/** One red pixel. */
export const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==', 'base64');

type Api = Pick<Strowger, 'api' | 'base'>;
const sender = ({ api }: Api) => async <T = { id: string }>(method: string, path: string, body?: unknown, headers: Record<string, string> = { 'if-match': '*' }): Promise<T> => {
  const answer = await api<T>(path, { method, headers, ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
  return answer.body;
};

/** A browser that is logged in. */
export async function logIn({ base }: Pick<Strowger, 'base'>, login: string, password = PASSWORD): Promise<{ readonly cookie: string; readonly csrf: string }> {
  const response = await fetch(`${base}/v1/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login, password }) });
  if (response.status !== 200) throw new Error(`${login} cannot log in: ${String(response.status)} ${await response.text()}`);
  return { cookie: response.headers.getSetCookie().map((line) => line.split(';')[0]).join('; '), csrf: ((await response.json()) as { csrf_token: string }).csrf_token };
}
/** What this browser asks. */
export const asking = ({ base }: Pick<Strowger, 'base'>, { cookie, csrf }: { readonly cookie: string; readonly csrf: string }) => (method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(base + path, { method, headers: { cookie, 'x-csrf-token': csrf, 'if-match': '*', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body }) });

/** A call, a chat, a customer, a ticket, …: all of them his, or of his team. The house knows his agent; nobody else may take calls or chats meanwhile. */
export async function furnish(house: Strowger, { login, agent }: Owner): Promise<Furnished> {
  const send = sender(house);
  const team = (await send('POST', '/v1/teams', { name: `Team of ${login}` })).id;
  const user = (await send('POST', '/v1/users', { login, name: login, password: PASSWORD, roles: ['agent'], teams: [team], agent })).id;
  const { caller, id: call } = await talking(house, '1201', agent);
  await caller.bye();
  await ended(house, call);
  const { items: [recording] } = await house.when<{ items: { id: string; state: string; call: string }[] }>('/v1/recordings', 10_000, ({ items }) => items.some((r) => r.call === call && r.state === 'done'));
  const browser = await logIn(house, login);
  const his = asking(house, browser);
  const [session] = (await send<{ items: { id: string }[] }>('GET', `/v1/users/${user}/sessions`)).items;
  const key = (await (await his('POST', '/v1/keys', JSON.stringify({ name: 'his', permissions: { 'calls.read': 'own' } }))).json()) as { id: string };

  await send('PUT', `/v1/agents/${agent}/presence`, { ttl_seconds: 600 });
  const [visitor, conversation] = await inTalk(house, agent);
  const file = await fileOf(house, browser);
  const customer = (await send('POST', '/v1/customers', { name: '张伟', team, adviser: agent })).id;
  await send('POST', `/v1/customers/${customer}/identities`, { kind: 'phone', value: '+8613800138000' });
  await send('POST', `/v1/customers/${customer}/tags`, { tag: 'vip' });
  const note = (await send('POST', `/v1/customers/${customer}/notes`, { text: 'likes tea' })).id;
  // The same number, said of another: a suggestion to make one of them.
  const twin = (await send('POST', '/v1/customers', { name: '张玮', team })).id;
  await house.api(`/v1/customers/${twin}/identities`, { method: 'POST', body: JSON.stringify({ kind: 'phone', value: '+8613800138000' }) });
  const [suggestion] = (await send<{ items: { id: string }[] }>('GET', '/v1/customers/suggestions')).items;

  const ticket = (await send('POST', '/v1/tickets', { type: 'question', subject: 'Where is it?', assignee: agent })).id;
  const view = (await send('POST', '/v1/ticket-views', { name: `of ${login}`, filter: { tag: 'vip' } })).id;
  const webhook = (await send('POST', '/v1/webhooks', { url: 'http://127.0.0.9:9/hook', types: ['call.*'] })).id;
  const role = (await send('POST', '/v1/roles', { names: { 'zh-CN': `${login} 的角色`, en: `Role of ${login}` }, permissions: { 'calls.read': 'own' } })).id;
  await send('POST', '/v1/trunks', { name: 'carrier', peers: ['127.0.0.9/32'], hosts: [{ uri: 'sip:127.0.0.9:9' }] });
  await send('POST', '/v1/routes', { trunk: 'carrier', pattern: '+86x.' });
  await send('POST', '/v1/numbers', { trunk: 'carrier', number: '+8675512340000', entry: '4000' });
  await send('POST', '/v1/calendars', { name: 'shop', weekly: { 'mon-fri': '09:00-18:00' } });
  await send('POST', '/v1/alert-rules', { name: 'crowded', figure: 'waiting', above: 50 });
  await send('POST', '/v1/extensions', { number: '2001', password: 'open-sesame' });
  await send('POST', '/v1/queues', { name: 'billing' });
  await send('POST', '/v1/settings/house/recording/adopt');
  const { id: contact } = await send('POST', '/v1/callbacks', { number: '+8613900000001', queue: 'billing' });
  return {
    browser, visitor,
    ids: {
      '/v1/calls': { id: call }, '/v1/recordings': { id: recording?.id ?? '' }, '/v1/agents': { id: agent }, '/v1/users': { id: user, session: session?.id ?? '' }, '/v1/me/sessions': { id: session?.id ?? '' }, '/v1/keys': { id: key.id },
      '/v1/teams': { id: team }, '/v1/roles': { id: role }, '/v1/customers': { id: customer, note, tag: 'vip', twin }, '/v1/customers/suggestions': { id: suggestion?.id ?? '' }, '/v1/conversations': { id: conversation }, '/v1/files': { id: file }, '/files': { id: file },
      '/v1/tickets': { id: ticket, watcher: agent, name: 'nothing' }, '/v1/my-tickets/tickets': { id: ticket }, '/v1/ticket-views': { id: view }, '/v1/ticket-workers': { name: 'nobody' }, '/v1/webhooks': { id: webhook, seq: '1' }, '/v1/queues': { id: 'billing' }, '/v1/contacts': { id: contact },
      '/v1/trunks': { id: 'carrier' }, '/v1/routes': { id: 'carrier:+86x.' }, '/v1/numbers': { id: 'carrier:+8675512340000' }, '/v1/calendars': { id: 'shop' }, '/v1/alert-rules': { id: 'crowded' }, '/v1/extensions': { id: '2001' }, '/v1/settings/house': { id: 'recording' },
      '/v1/dialplans': { name: 'main.yaml', version: '1' }, '/v1/settings/versions': { version: '1' }, '/v1/setups': { name: 'night' }, '/v1/reports': { name: 'queues' }, '/v1/offers': { id: 'offer_none' }, '/v1/login/oidc': { provider: 'company' },
    },
  };
}

/** A visitor whose chat the agent has taken. */
export async function inTalk(house: Strowger, agent: string): Promise<readonly [Visitor, string]> {
  const send = sender(house);
  await send('PUT', `/v1/agents/${agent}/state`, { state: 'available' });
  const visitor = await visit(house.base);
  const conversation = await visitor.start();
  const { items } = await house.when<{ items: { id: string; subject: string }[] }>('/v1/offers', 10_000, (body) => body.items.some((o) => o.subject === `conversation:${conversation}`));
  await send('POST', `/v1/offers/${items.find((o) => o.subject === `conversation:${conversation}`)?.id ?? ''}/accept`);
  await house.when<{ state: string }>(`/v1/conversations/${conversation}`, 5_000, (c) => c.state === 'talking');
  await visitor.say('我的订单在哪里？');
  return [visitor, conversation];
}

async function fileOf({ base }: Pick<Strowger, 'base'>, { cookie, csrf }: Furnished['browser']): Promise<string> {
  const response = await fetch(`${base}/v1/files?name=dot.png`, { method: 'POST', headers: { cookie, 'x-csrf-token': csrf, 'content-type': 'application/octet-stream' }, body: PNG });
  if (response.status !== 201) throw new Error(`no file: ${String(response.status)} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

/** A path of the document with what is known of it in place of its parameters. */
export function leadsTo(path: string, ids: Furnished['ids']): string {
  const under = Object.keys(ids).filter((prefix) => path === prefix || path.startsWith(`${prefix}/`)).sort((a, b) => b.length - a.length)[0];
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const known = under === undefined ? undefined : ids[under]?.[name];
    if (known === undefined) throw new Error(`${path}: nothing is known for {${name}}`);
    return encodeURIComponent(known);
  });
}

export const dialplan = (): string => readFileSync(new URL('../../dialplans/main.yaml', import.meta.url), 'utf8');
