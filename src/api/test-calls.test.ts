import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ConfigFaults } from '../config/index.js';
import type { Arrival, CaseResult, DialplanDesk, Workbench } from '../ivr/index.js';
import { rooms } from './api.fixture.js';

const went: CaseResult = {
  file: 'tests', name: 'call', faults: [], entry: { number: '4000', flow: 'welcome' }, path: [{ flow: 'welcome', step: 1, do: 'say' }],
  place: { by: 'queue', queues: ['support'], priority: 5, attributes: {}, language: 'en' },
  lines: [{ atMs: 0, kind: 'flow', flow: 'welcome' }, { atMs: 10, kind: 'said', text: 'Hello', language: 'en', untilMs: 900 }],
};
const fault = (line: number) => ({ file: 'tests', line, column: 1, code: 'test.not_heard', message: 'm', hint: undefined });

function api(result: CaseResult = went) {
  const asked: { name: string; text: string; tests: string }[] = [];
  const arrivals: Arrival[] = [];
  const workbench: Workbench = {
    draw: () => Promise.reject(new Error('nothing is drawn')),
    simulate: (what) => (asked.push(what), what.tests.includes('"bad"') ? Promise.reject(new ConfigFaults([{ ...fault(2), code: 'config.wrong_value' }])) : Promise.resolve({ cases: [result], faults: [], coverage: [] })),
  };
  const dialplans = { get: (name: string) => ({ name, text: 'live' }), version: (_name: string, version: number) => ({ text: `version ${version}` }) } as unknown as DialplanDesk;
  const answering = (call: Arrival) => (arrivals.push(call), call.number === '4000' ? { file: 'main.yaml', version: call.from === 'trial' ? 7 : undefined } : undefined);
  const house = rooms({}, { dialplans, workbench, answering });
  return { ...house, asked, arrivals, call: (body: object) => house.send('POST', '/v1/test/calls', body) };
}

describe('POST /v1/test/calls', () => {
  it('plays the call through the flow that answers, and tells what happened', async () => {
    const { call, asked } = api();
    const answer = await call({ to: '4000', from: '+8613800138000', at: '2026-11-20T10:00:00+08:00', steps: [{ presses: '2' }, { hears: 'please' }] });
    expect([answer.status, await answer.json()]).toEqual([200, {
      dialplan: 'main.yaml', version: null, entry: { number: '4000', flow: 'welcome' }, passed: true, faults: [], ended: { by: 'queue', queues: ['support'], priority: 5, attributes: {}, language: 'en' }, duration_ms: 10,
      transcript: [{ at_ms: 0, kind: 'flow', flow: 'welcome' }, { at_ms: 10, kind: 'said', text: 'Hello', language: 'en', until_ms: 900 }], path: [{ flow: 'welcome', step: 1, do: 'say' }],
    }]);
    expect(asked[0]).toMatchObject({ name: 'main.yaml', text: 'live' });
    expect(parse(asked[0]?.tests ?? '')).toEqual({ dialplan: 'main.yaml', cases: [{ name: 'call', call: { to: '4000', from: '+8613800138000', at: '2026-11-20T10:00:00+08:00' }, speech: true, steps: [{ presses: '2' }, { hears: 'please' }] }] });
  });

  it('says at which step something did not come true', async () => {
    const faults = async (line: number) => ((await (await api({ ...went, faults: [fault(line)] }).call({ to: '4000', steps: [{ presses: '1' }, { hears: 'x' }] })).json()) as { passed: boolean; faults: object[] });
    expect(await faults(3)).toMatchObject({ passed: false, faults: [{ step: 2, code: 'test.not_heard' }] });
    expect(await faults(1)).toMatchObject({ faults: [{ step: null }] });
  });

  it('asks for the flow of that very caller, with the version he would get', async () => {
    const { call, arrivals, asked } = api();
    await call({ to: '4000', from: 'trial', at: '2026-11-20T10:00:00Z', language: 'en', customer: { tags: ['vip'] } });
    expect(arrivals[0]).toEqual({ number: '4000', from: 'trial', trunk: undefined, language: 'en', tags: ['vip'], atMs: Date.UTC(2026, 10, 20, 10) });
    expect(asked[0]?.text).toBe('version 7');
  });

  it.each<[body: object, status: number]>([
    [{ to: '9' }, 404], [{}, 422], [{ to: '4000', steps: [{ presses: '1', waits: 2 }] }, 422], [{ to: '4000', steps: [{}] }, 422], [{ to: '4000', steps: [{ knows: { x: 'bad' } }, { says: 'bad' }] }, 422], [{ to: '4000', at: 'today' }, 422],
  ])('%j is answered %i', async (body, status) => expect((await api().call(body)).status).toBe(status));

  it('has a budget of its own', async () => {
    const { call, r } = api();
    const statuses: number[] = [];
    for (let i = 0; i < 21; i += 1) statuses.push((await call({ to: '4000' })).status);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 429]);
    r.now += 500;
    expect((await call({ to: '4000' })).status).toBe(200);
  });
});
