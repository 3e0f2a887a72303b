import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigFaults, formatFault } from './faults.js';
import { loadConfig, type Config } from './load.js';
import { mergePatch } from './merge.js';
import { queueFlows } from './queue-flows.js';
import { Secret } from './secret.js';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'strowger-queues-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const demo = { agents: 2, phones: 0, password: new Secret('x') };
const load = (files: Record<string, string>, flows?: readonly string[]): Config => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return loadConfig(dir, { demo, flows });
};
const faults = (files: Record<string, string>, flows?: readonly string[]): string[] => {
  try {
    load(files, flows);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    return error.faults.map((f) => `${formatFault(f).replace(`${dir}/`, '')} [${f.code}]`);
  }
};

describe('what queues, agents and set-ups say of each other', () => {
  it.each<[why: string, file: string, text: string, fault: string]>([
    ['a queue that is not there', 'queues.yaml', 'queues:\n  - name: support\n  - { name: b, on: { full: { queue: suport } } }\n', 'queues.yaml:3:37 there is no queue "suport" (did you mean "support"?)'],
    ['an extension that is not there', 'queues.yaml', 'queues:\n  - { name: support, exits: { "1": { extension: "1009" } } }\n', 'queues.yaml:2:49 there is no extension "1009"'],
    ['a flow that no dialplan has', 'queues.yaml', 'queues:\n  - { name: support, on: { closed: { flow: nigt } } }\n', 'queues.yaml:2:44 there is no flow "nigt" (did you mean "night"?)'],
    ['a room that is not built', 'queues.yaml', 'queues:\n  - { name: support, on: { closed: { voicemail: {} } } }\n', 'queues.yaml:2:38 nobody can be sent to "voicemail" yet'],
    ['a queue that sends to itself', 'queues.yaml', 'queues:\n  - { name: support, on: { full: { queue: support } } }\n', 'queues.yaml:2:43 queue "support" sends contacts to itself'],
    ['an escalation to a queue that is not there', 'queues.yaml', 'queues:\n  - { name: support, escalate: [{ after_seconds: 9, also: [back] }] }\n', 'queues.yaml:2:60 there is no queue "back"'],
    ['a rank that is none', 'agents.yaml', 'agents:\n  - { id: a, extension: "1001", queues: [{ name: support, rank: 0 }] }\n', 'agents.yaml:2:65 "rank": too small'],
    ['a queue named twice', 'agents.yaml', 'agents:\n  - { id: a, extension: "1001", queues: [support, { name: support }] }\n', 'agents.yaml:2:59 queue "support" is named twice'],
    ['a skill too high', 'agents.yaml', 'agents:\n  - { id: a, extension: "1001", skills: { chinese: 12 } }\n', 'agents.yaml:2:52 "chinese": too big'],
    ['a blocked agent who is not there', 'queues.yaml', 'queues: [{ name: support }]\nblocked: [{ customer: "+861", agent: "1009" }]\n', 'queues.yaml:2:38 there is no agent "1009" (did you mean "1001"?)'],
    ['a set-up of a queue that is not there', 'setups.yaml', 'setups:\n  - name: night\n    queues: { suport: { mode: closed } }\n', 'setups.yaml:3:15 there is no queue "suport"'],
    ['a set-up with settings that are wrong', 'setups.yaml', 'setups:\n  - name: night\n    queues: { support: { mode: shut } }\n', 'setups.yaml:3:32 "mode": must be one of open, closed, emergency'],
    ['a set-up with an unknown key', 'setups.yaml', 'setups:\n  - name: night\n    queues: { support: { offer_second: 5 } }\n', 'setups.yaml:3:40 unknown key "offer_second" (did you mean "offer_seconds"?)'],
    ['a set-up that leads to a queue that is not there', 'setups.yaml', 'setups:\n  - name: night\n    queues: { support: { on: { closed: { queue: x1 } } } }\n', 'setups.yaml:3:49 there is no queue "x1"'],
    ['a set-up that renames', 'setups.yaml', 'setups:\n  - name: night\n    queues: { support: { name: b } }\n', 'setups.yaml:3:26 a set-up cannot change "name"'],
    ['a set-up of an agent who is not there', 'setups.yaml', 'setups:\n  - name: night\n    agents: { "1009": { skills: {} } }\n', 'setups.yaml:3:15 there is no agent "1009"'],
    ['a time that is none', 'setups.yaml', 'setups:\n  - name: night\n    when: { weekly: { daily: "22:00-25:00" } }\n', 'setups.yaml:3:30'],
  ])('is refused: %s', (_why, file, text, fault) => {
    const found = faults({ [file]: text }, ['night', 'welcome']);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(fault);
  });

  it('names the code of a room that is not built', () => {
    expect(faults({ 'queues.yaml': 'queues: [{ name: support, on: { full: bot } }]' })[0]).toContain('[target_not_available]');
  });

  it('may not lead round in a circle', () => {
    const text = 'queues:\n  - { name: support, on: { closed: { queue: b } } }\n  - { name: b, on: { closed: { queue: support }, full: { queue: support } } }\n';
    expect(faults({ 'queues.yaml': text })).toEqual([expect.stringContaining('queues.yaml:2:36 "closed" leads from queue to queue and back to "support"'), expect.stringContaining('queues.yaml:3:30')]);
  });

  it('is said once, though set-ups lie over it', () => {
    const files = { 'queues.yaml': 'queues: [{ name: support, on: { full: { queue: x1 } } }]', 'setups.yaml': 'setups: [{ name: night, queues: { support: { mode: closed } }, agents: { "1001": { skills: { a: 1 } } } }]' };
    expect(faults(files)).toHaveLength(1);
  });

  it('leaves flows alone where no dialplans are known', () => expect(faults({ 'queues.yaml': 'queues: [{ name: support, on: { closed: { flow: any } } }]' })).toEqual([]));
});

it('warns of a skill that nobody has, or not so well', () => {
  const { warnings } = load({
    'queues.yaml': 'queues:\n  - { name: support, skills: { chinse: 1 } }\n  - { name: b, rules: [{ when: { tier: gold }, require: { chinese: 9 } }] }\n',
    'agents.yaml': 'agents: [{ id: a, extension: "1001", skills: { chinese: 5 } }]\n',
  });
  expect(warnings.map((f) => `${f.line}:${f.column} ${f.message} (${f.hint})`)).toEqual([
    '2:40 no agent has the skill "chinse" (did you mean "chinese"?)', '3:68 no agent has the skill "chinese" at level 9 (the best has 5)',
  ]);
});

it('reads what holds for all queues', () => {
  expect(load({ 'queues.yaml': 'queues: [{ name: support }]\nblending: { voice: [chat] }\nblocked: [{ customer: "+861", agent: "1001" }]\nrank_seconds: 60\n' }).routing)
    .toEqual({ blending: { voice: ['chat'] }, blocked: [{ customer: '+861', agent: '1001' }], rankMs: 60_000 });
});

it('reads an agent with ranks, rings, skills and capacity', () => {
  const [agent] = load({ 'queues.yaml': 'queues: [{ name: support }, { name: vip }]', 'agents.yaml': 'agents: [{ id: lin, extension: "1001", queues: [support, { name: vip, rank: 2, ring: 3 }], skills: { chinese: 8 }, capacity: { voice: 1, chat: 3 } }]' }).agents;
  expect(agent).toMatchObject({ queues: [{ queue: 'support', rank: 1, ring: 1 }, { queue: 'vip', rank: 2, ring: 3 }], skills: { chinese: 8 }, capacity: { voice: 1, chat: 3 } });
});

it('knows where each queue may send a caller, over other queues too', () => {
  const { queues } = load({ 'queues.yaml': 'queues: [{ name: support, on: { full: { queue: b } }, exits: { "1": { flow: menu } } }, { name: b, on: { closed: { flow: night } }, escalate: [{ after_seconds: 1, also: [c] }] }, { name: c, escalate: [{ after_seconds: 9, move: { flow: sorry } }] }]' });
  expect(queueFlows(queues)).toEqual({ support: ['menu', 'night', 'sorry'], b: ['night', 'sorry'], c: ['sorry'] });
});

describe('a patch laid over a value (RFC 7396, appendix A)', () => {
  it.each<[value: unknown, patch: unknown, result: unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }], [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }], [{ a: 'b' }, { a: null }, {}], [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }], [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }], [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }], [['a', 'b'], ['c', 'd'], ['c', 'd']], [{ a: 'b' }, ['c'], ['c']], [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }], [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j + %j = %j', (value, patch, result) => expect(mergePatch(value, patch)).toEqual(result));

  it('takes "__proto__" for a key like any other', () => {
    const merged = mergePatch({}, JSON.parse('{ "__proto__": { "polluted": true } }'));
    expect([({} as { polluted?: boolean }).polluted, Object.keys(merged as object)]).toEqual([undefined, ['__proto__']]);
  });
});
