import { dialplan, PASSWORD, type Furnished } from './furnished.js';

type Ids = Furnished['ids'];
const idIn = (ids: Ids, path: string, name = 'id'): string => ids[path]?.[name] ?? '';
const number = { trunk: 'carrier', number: '+8675512340000', entry: '4000' };

/** Bodies that name something in the house, which chance does not. */
export const BODIES: Readonly<Record<string, (ids: Ids) => unknown>> = {
  'POST /v1/queues': () => ({ name: 'returns' }),
  'POST /v1/callbacks': () => ({ number: '+8613900000002', queue: 'support' }),
  'POST /v1/conversations/{id}/callback': () => ({ number: '+8613900000004', queue: 'support' }), 'POST /v1/conversations/{id}/transfer': () => ({ queue: 'support' }),
  'POST /v1/conversations': () => ({ customer: { kind: 'member_id', value: 'M-1001' }, subject: 'Order A1', message: { text: 'Where is it?' } }), 'POST /v1/conversations/{id}/messages': () => ({ text: 'hello' }), 'POST /v1/conversations/{id}/end': () => ({}),
  'PUT /v1/conversations/{id}/read': () => ({ seq: 1 }), 'POST /v1/conversations/{id}/typing': () => ({ on: true }),
  'PUT /v1/conversations/{id}/customer': (ids) => ({ customer: idIn(ids, '/v1/customers') }),
  'POST /v1/customers/{id}/calls': (ids) => ({ call: idIn(ids, '/v1/calls') }), 'POST /v1/customers/{id}/merge': (ids) => ({ customer: idIn(ids, '/v1/customers', 'twin') }),
  'POST /v1/customers/{id}/identities': () => ({ kind: 'phone', value: '+8613800138009' }),
  'POST /v1/dialplans/check': () => ({ name: 'main.yaml', text: dialplan() }), 'POST /v1/dialplans/{name}/versions': () => ({ text: dialplan() }), 'POST /v1/dialplans/{name}/publish': () => ({ version: 1 }),
  'PUT /v1/calendars/{id}': () => ({ name: 'shop', weekly: { 'mon-fri': '09:00-17:00' } }), 'PUT /v1/trunks/{id}': () => ({ name: 'carrier', peers: ['127.0.0.9/32'], hosts: [{ uri: 'sip:127.0.0.9:9' }] }),
  'PUT /v1/numbers/{id}': () => number, 'PUT /v1/routes/{id}': () => ({ trunk: 'carrier', pattern: '+86x.' }), 'PUT /v1/extensions/{id}': () => ({ number: '2001', password: 'open-sesame' }),
  'POST /v1/trunks': () => ({ name: 'second', peers: ['127.0.0.8/32'], hosts: [{ uri: 'sip:127.0.0.9:8' }] }), 'POST /v1/numbers': () => ({ ...number, trunk: 'second', number: '+8675512340001' }), 'POST /v1/routes': () => ({ trunk: 'second', pattern: '+1x.' }),
  'PUT /v1/alert-rules/{id}': () => ({ name: 'crowded', figure: 'waiting', above: 40 }), 'POST /v1/alert-rules': () => ({ name: 'unhappy', figure: 'satisfaction', queue: 'support', below: 3.5, at_least: 10 }),
  'POST /v1/calendars': () => ({ name: 'store', weekly: { 'mon-fri': '09:00-18:00' } }), 'POST /v1/extensions': () => ({ number: '2002', password: 'open-sesame' }),
  'POST /v1/login': () => ({ login: 'mei', password: PASSWORD }), 'PUT /v1/me/password': () => ({ old: PASSWORD, new: `${PASSWORD} again` }), 'POST /v1/users': () => ({ login: 'omar', name: 'Omar', roles: ['agent'] }),
  'POST /v1/roles': () => ({ names: { 'zh-CN': '文员', en: 'Clerk' }, permissions: { 'calls.read': 'own' } }), 'POST /v1/keys': () => ({ name: 'site', permissions: { 'queues.read': 'all' } }),
  'POST /v1/webhooks': () => ({ url: 'http://127.0.0.9:9/other', types: ['call.*'] }), 'PATCH /v1/webhooks/{id}': () => ({ description: 'x' }),
  'POST /v1/tickets': () => ({ type: 'question', subject: 'And this one?' }), 'POST /v1/tickets/bulk': (ids) => ({ ids: [idIn(ids, '/v1/tickets')], do: { patch: { priority: 'high' } } }),
  'POST /v1/tickets/{id}/queue': () => ({ queue: 'support' }), 'POST /v1/ticket-views': () => ({ name: 'mine', filter: { tag: 'vip' } }),
  'POST /v1/agents/{id}/wrap-up': () => ({ extend_s: 10 }), 'PUT /v1/settings/house/{id}': () => ({}),
};
export const QUERIES: Readonly<Record<string, string>> = {
  'GET /v1/customers/lookup': 'phone=%2B8613800138000', 'GET /v1/dialplans/{name}/diff': 'from=1&to=1', 'POST /v1/files': 'name=a.txt', 'DELETE /v1/customers/{id}/identities': 'kind=phone&value=%2B8613800138009',
};
/** Where another thing than the first of its kind is meant. */
export const ELSEWHERE: Readonly<Record<string, (ids: Ids) => string>> = { 'POST /v1/customers/{id}/unmerge': (ids) => `/v1/customers/${idIn(ids, '/v1/customers', 'twin')}/unmerge` };
/** What ends a thing that others still need, or needs what others have made. */
export const LATE: readonly string[] = [
  'POST /v1/customers/{id}/unmerge', 'POST /v1/conversations/{id}/transfer', 'POST /v1/conversations/{id}/leave', 'POST /v1/conversations/{id}/end', 'POST /v1/dialplans/{name}/rollback', 'PUT /v1/me/password', 'POST /v1/logout', 'POST /v1/settings/house/{id}/release',
];
export const LAST: readonly string[] = ['DELETE /v1/trunks/{id}'];

const [LINK, IN_FILE, PERSON, VISITOR, NOTHING] = ['needs a link of its own: test/e2e/tickets.test.ts', 'leads back to a file, which has no such thing here: test/e2e/objects.test.ts', 'needs a log-in with a second factor or another session: src/api/login.test.ts', 'needs the cookie of a visitor: test/e2e/chat.test.ts', 'the shipped configuration has none'];
/** What is not answered with success in this house, and why; other tests ask most of it. */
export const NEVER: Readonly<Record<string, string>> = {
  'POST /v1/agents': 'needs an extension that is there and nobody\'s', 'POST /v1/calls/{id}/transfer': 'the call must be talking: test/e2e/transfer.test.ts',
  'POST /v1/agents/{id}/wrap-up': 'his wrap-up must be running just now',
  'POST /v1/conversations/trail': 'needs a customer who has consented: test/e2e/app-chat.test.ts',
  'POST /v1/chat/files': VISITOR, 'POST /v1/chat/offline': VISITOR, 'POST /v1/offers/{id}/accept': 'an offer must be open just now: src/api/offers.test.ts', 'POST /v1/offers/{id}/decline': 'an offer must be open just now: src/api/offers.test.ts',
  'POST /v1/dialplans/{name}/simulate': 'needs tests written for the dialplan: src/api/dialplans.test.ts', 'POST /v1/dialplans/{name}/rollback': 'needs a second version: src/api/dialplans.test.ts',
  'POST /v1/extensions/{id}/release': IN_FILE, 'POST /v1/trunks/{id}/release': IN_FILE, 'POST /v1/numbers/{id}/release': IN_FILE, 'POST /v1/routes/{id}/release': IN_FILE, 'POST /v1/calendars/{id}/release': IN_FILE, 'POST /v1/alert-rules/{id}/release': IN_FILE,
  'POST /v1/ticket-workers/{name}/link': NOTHING, 'POST /v1/tickets/{id}/macros/{name}': NOTHING, 'PUT /v1/setups/{name}': NOTHING, 'GET /v1/login/oidc/{provider}': NOTHING, 'GET /v1/login/oidc/{provider}/callback': NOTHING,
  'POST /v1/my-tickets/tickets/{id}/comments': LINK, 'POST /v1/my-tickets/files': LINK, 'GET /v1/my-tickets/tickets': LINK, 'GET /v1/my-tickets/tickets/{id}': LINK, 'GET /files/{id}': LINK,
  'POST /v1/field-work/tickets/{id}/transitions': LINK, 'POST /v1/field-work/tickets/{id}/comments': LINK, 'POST /v1/field-work/files': LINK, 'GET /v1/field-work/tickets': LINK, 'GET /v1/field-work/tickets/{id}': LINK,
  'POST /v1/tickets/{id}/transitions': 'a state must be named that its type has', 'POST /v1/tickets/{id}/merge': 'a second ticket must be named', 'POST /v1/tickets/{id}/split': 'a comment must be named', 'DELETE /v1/tickets/{id}/links': 'a link must be named',
  'POST /v1/me/second-factor/confirm': PERSON, 'POST /v1/me/second-factor/remove': PERSON, 'DELETE /v1/users/{id}/second-factor': PERSON, 'DELETE /v1/me/sessions/{id}': PERSON, 'DELETE /v1/users/{id}/sessions/{session}': PERSON,
  'POST /v1/webhooks/{id}/dead-letters/{seq}/replay': 'a delivery must have been given up: src/webhooks', 'GET /v1/calls/{id}/transcript': 'needs a model for speech: test/e2e/transcript.test.ts', 'DELETE /v1/teams/{id}': 'its people must be taken out first', 'DELETE /v1/contacts/{id}': 'his callback has been taken away by then',
};
