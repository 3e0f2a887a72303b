import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, it } from 'vitest';
import { rooms } from '../api.fixture.js';
import { nameOf } from './complete.js';

/** Rules that do not fit, each with the reason. Everything else that Redocly recommends holds, warnings included. */
const OFF = {
  // /v1/customers/suggestions/{id} beside /v1/customers/{id}/merge: IDs are ours and never one of those words.
  'no-ambiguous-paths': 'off',
} as const;
/** Health and metrics take no parameter and no token: there is nothing to do wrong. */
const NOTHING_WRONG = ['#/paths/~1healthz/get/responses', '#/paths/~1metrics/get/responses'].map((place) => ['operation-4xx-response', place] as const);
/** A browser is sent on: success is 302. */
const SENT_ON = ['#/paths/~1v1~1login~1oidc~1{provider}/get/responses', '#/paths/~1v1~1login~1oidc~1{provider}~1callback/get/responses'].map((place) => ['operation-2xx-response', place] as const);

it('the served document passes the linter', async () => {
  const source = await (await rooms().app.request('/openapi.json')).text();
  const config = await createConfig({ extends: ['recommended-strict'], rules: OFF });
  const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
  const found = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? ''})`);
  expect(found.filter((one) => ![...NOTHING_WRONG, ...SENT_ON].some(([rule, place]) => one.startsWith(rule) && one.endsWith(`(${place})`)))).toEqual([]);
});

it('the linter sees: a document with faults does not pass', async () => {
  const config = await createConfig({ extends: ['recommended-strict'], rules: OFF });
  const source = JSON.stringify({ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths: { '/a/{id}': { get: { responses: { 200: { description: 'y', content: { 'application/json': { schema: { $ref: '#/components/schemas/None' } } } } } } } } });
  const rules = (await lintFromString({ source, absoluteRef: 'openapi.json', config })).map(({ ruleId }) => ruleId);
  expect(rules).toEqual(expect.arrayContaining(['no-unresolved-refs', 'path-parameters-defined', 'operation-operationId', 'security-defined']));
});

it.each([
  ['get', '/healthz', 'getOpenHealthz'], ['get', '/v1/calls/{id}/recording', 'getCallsByIdRecording'], ['post', '/v1/ws-tickets', 'postWsTickets'], ['post', '/v1/webhooks/{id}/dead-letters/{seq}/replay', 'postWebhooksByIdDeadLettersBySeqReplay'],
])('%s %s is called %s', (method, path, name) => expect(nameOf(method, path)).toBe(name));
