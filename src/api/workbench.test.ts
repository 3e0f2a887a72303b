import { describe, expect, it } from 'vitest';
import { ConfigFaults } from '../config/index.js';
import type { DialplanDesk, TestsResult, Workbench } from '../ivr/index.js';
import { call, rooms } from './api.fixture.js';

const asked: object[] = [];
const nowhere = { entry: undefined, path: [], place: undefined };
const result: TestsResult = {
  cases: [{ file: 'tests', name: 'a', faults: [], lines: [{ atMs: 1_500, kind: 'over', how: 'hung_up' }], ...nowhere }, { file: 'tests', name: 'b', faults: [{ file: 'tests', line: 3, column: 7, code: 'test.not_heard', message: '"x" was not heard', hint: undefined }], lines: [], ...nowhere }],
  faults: [], coverage: [{ dialplan: 'main.yaml', steps: 3, reached: 2, missed: [{ flow: 'main', step: 2, do: 'say', line: 5, column: 7 }] }],
};
const workbench: Workbench = {
  draw: (what) => Promise.resolve((asked.push(what), what.format === 'svg' ? '<svg/>' : 'flowchart TD')),
  simulate: (what) => (what.tests === 'bad' ? Promise.reject(new ConfigFaults([{ file: 'tests', line: 1, column: 1, code: 'config.syntax', message: 'no tests', hint: undefined }])) : Promise.resolve((asked.push(what), result))),
};
const dialplans = { get: (name: string) => ({ name, text: 'version: 1', flows: ['main'] }) } as unknown as DialplanDesk;
const api = () => {
  asked.length = 0;
  return rooms({ calls: [call({ timeline: [{ seq: 1, at: 0, type: 'call.flow_entered', data: { flow: 'main' } }] })] }, { dialplans, workbench });
};
const json = async (answer: Response | Promise<Response>): Promise<Record<string, unknown>> => (await (await answer).json()) as Record<string, unknown>;

describe('POST /v1/dialplans/{name}/simulate', () => {
  it('tells how the conversations went', async () => {
    const answer = await api().send('POST', '/v1/dialplans/main.yaml/simulate', { tests: 'cases' });
    expect([answer.status, await json(answer)]).toEqual([200, {
      passed: 1, failed: 1,
      cases: [{ name: 'a', passed: true, call_ms: 1_500, faults: [] }, { name: 'b', passed: false, call_ms: 0, faults: [{ file: 'tests', line: 3, column: 7, code: 'test.not_heard', message: '"x" was not heard', hint: null }] }],
      coverage: { steps: 3, reached: 2, missed: [{ flow: 'main', step: 2, do: 'say', line: 5, column: 7 }] },
    }]);
    expect(asked).toEqual([{ name: 'main.yaml', text: 'version: 1', tests: 'cases' }]);
  });
  it('takes a text that is not in service', async () => {
    await api().send('POST', '/v1/dialplans/new.yaml/simulate', { tests: 'cases', text: 'version: 2' });
    expect(asked).toEqual([{ name: 'new.yaml', text: 'version: 2', tests: 'cases' }]);
  });
  it('says what is wrong with tests', async () => {
    const answer = await api().send('POST', '/v1/dialplans/main.yaml/simulate', { tests: 'bad' });
    expect([answer.status, (await json(answer))['errors']]).toEqual([422, [{ file: 'tests', line: 1, column: 1, code: 'config.syntax', message: 'no tests', hint: null }]]);
  });
});

describe('GET /v1/dialplans/{name}/drawing', () => {
  it.each([['', 'image/svg+xml; charset=utf-8', '<svg/>'], ['?format=mermaid', 'text/plain; charset=utf-8', 'flowchart TD']])('%s is %s', async (query, type, body) => {
    const answer = await api().get(`/v1/dialplans/main.yaml/drawing${query}`);
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, type, body]);
  });
  it('marks the way of a call', async () => {
    await api().get('/v1/dialplans/main.yaml/drawing?call=call_1&language=zh-CN&flow=main');
    expect(asked).toEqual([{ name: 'main.yaml', text: 'version: 1', format: 'svg', flow: 'main', language: 'zh-CN', facts: [{ type: 'call.flow_entered', data: { flow: 'main' } }] }]);
  });
  it.each([['?flow=nowhere', 404], ['?call=call_9', 404], ['?format=png', 400]])('%s: %i', async (query, status) => expect((await api().get(`/v1/dialplans/main.yaml/drawing${query}`)).status).toBe(status));
});
