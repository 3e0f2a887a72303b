import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { simulateScenario, type Simulated } from './index.js';
import { readScenario, type Scenario } from './scenario.js';

const faultsOf = (text: string): string[] => {
  const read = readScenario('s.yaml', text);
  return read.ok ? [] : read.faults.map((f) => `${f.line}:${f.column} ${f.code} ${f.message}${f.hint === undefined ? '' : ` (${f.hint})`}`);
};
function scenario(text: string): Scenario {
  const read = readScenario('s.yaml', text);
  if (!read.ok) throw new Error(faultsOf(text).join('; '));
  return read.value;
}
type Rich = Extract<Simulated, { form: 'rich' }>;
const run = (text: string, seed?: number): Rich['outcome'] => (simulateScenario(scenario(text), seed) as Rich).outcome;

const small = `
start: 2026-11-20
time_zone: Asia/Shanghai
queues:
  - { name: support, announce: { first_seconds: 10, every_seconds: 20 } }
agents:
  - { id: lin, count: 4, queues: [support], shifts: [ { from: "09:00", to: "12:00" } ] }
contacts:
  - { kind: call, queues: support, arrivals: [ { from: "09:00", to: "12:00", per_hour: 70 } ], handling_seconds: 180, patience_seconds: 240 }
`;

describe('a scenario', () => {
  it('of the simple form is the one line of the contracts', () => {
    expect(scenario('{ arrivals_per_hour: 120, mean_handling_s: 180, mean_patience_s: null, agents: 8, hours: 200, seed: 1, threshold_s: 20 }')).toEqual({
      form: 'simple', simple: { arrivals_per_hour: 120, mean_handling_s: 180, mean_patience_s: null, agents: 8, hours: 200, seed: 1, threshold_s: 20 },
    });
  });
  it.each([
    ['{ arrivals_per_hour: 120, mean_handling_s: 180, mean_patience_s: null, agent: 8, hours: 200 }', '1:1 config.missing "agents" is missing'],
    ['{ arrivals_per_hour: 120, mean_handling_s: 180, mean_patience_s: null, agents: 8, agnets: 8, hours: 200 }', '1:83 config.unknown_key unknown key "agnets" (did you mean "agents"?)'],
    [small.replace('[support], shifts', '[suport], shifts'), '7:35 config.unknown_reference there is no queue "suport" (did you mean "support"?)'],
    [small.replace('queues: support', 'queues: sales'), '9:27 config.unknown_reference there is no queue "sales"'],
    [small.replace('to: "12:00" } ] }', 'to: "08:00" } ] }'), '7:76 config.wrong_value "to" must be later than "from" (09:00) (over midnight: two periods)'],
    ['queues: [', '1:10 config.syntax'],
  ])('with a fault says where: %#', (text, fault) => expect(faultsOf(text).some((f) => f.startsWith(fault))).toBe(true));
});

it.each(['mmc.yaml', 'mmcm.yaml', 'day.yaml'])('the example %s is without fault', (name) => {
  expect(faultsOf(readFileSync(new URL(`../../../bench/acd/${name}`, import.meta.url), 'utf8'))).toEqual([]);
});

describe('a simulated morning', () => {
  const outcome = run(small);
  it('accounts for everybody who called', () => {
    const { contacts, answered, abandoned, diverted } = outcome.total;
    expect(contacts).toBeGreaterThan(150);
    expect(answered + abandoned + diverted).toBe(contacts);
    expect(outcome.kinds.map((k) => [k.kind, k.contacts])).toEqual([['call', contacts]]);
  });
  it('keeps agents who are alike alike', () => {
    expect(outcome.groups).toMatchObject([{ group: 'lin', agents: 4 }]);
    expect(outcome.groups[0]?.contacts_gini).toBeLessThan(0.1);
    expect(outcome.occupancy).toBeGreaterThan(0.7);
    expect(outcome.occupancy).toBeLessThanOrEqual(1);
  });
  it('is the same with the same seed, another with another', () => {
    expect(run(small)).toEqual(outcome);
    expect(run(small, 2).total.contacts).not.toBe(outcome.total.contacts);
  });
  it('lets everybody go home at the end of the shift: who still waits gives up', () => {
    const late = run(small.replace('to: "12:00", per_hour: 70', 'to: "12:30", per_hour: 70'));
    expect(late.total.abandoned).toBeGreaterThan(outcome.total.abandoned + 20);
  });
  it('turns callers away outside of the hours of the queue', () => {
    const closed = run(small.replace('name: support,', 'name: support, hours: { weekly: { fri: ["10:00-12:00"] }, time_zone: Asia/Shanghai },'));
    expect(closed.total.diverted).toBeGreaterThan(40);
  });
  it('serves those of more priority sooner', () => {
    const busy = run(`${small.replace('count: 4', 'count: 3')}  - { kind: gold, queues: support, priority: 9, arrivals: [ { from: "09:00", to: "12:00", per_hour: 10 } ], handling_seconds: 180, patience_seconds: 240 }\n`);
    const wait = (kind: string): number => busy.kinds.find((k) => k.kind === kind)?.asa_s ?? 0;
    expect(wait('gold')).toBeLessThan(wait('call') * 0.7);
  });
});

it('ends though somebody waits for ever', () => {
  const patient = run(small.replace('patience_seconds: 240', 'patience_seconds: null').replace('to: "12:00", per_hour: 70', 'to: "12:30", per_hour: 70'));
  expect(patient.total.abandoned).toBeGreaterThan(20);
  expect(patient.total.longest_wait_s).toBeGreaterThan(3_600);
});

describe('the expected wait, as callers of a day hear it', () => {
  const hall = (queue: string, agents: number, perHour: number, handling: string): string => `
queues: [ { name: q, wrap_up_seconds: 0, announce: { first_seconds: 10, every_seconds: 20 }${queue} } ]
agents: [ { id: a, count: ${agents}, queues: [q] } ]
contacts: [ { kind: call, queues: q, arrivals: [ { per_hour: ${perHour} } ], handling_seconds: ${handling}, patience_seconds: 300 } ]
`;
  it.each([
    ['many agents, exponential', hall('', 30, 620, '180')],
    ['lognormal conversations', hall('', 25, 400, '{ mean: 240, like: lognormal, cv: 0.8 }')],
    ['ranks of priority', `${hall('', 25, 360, '{ mean: 240, like: lognormal, cv: 0.8 }').trim().slice(0, -1)}, { kind: gold, queues: q, priority: 8, arrivals: [ { per_hour: 40 } ], handling_seconds: 200, patience_seconds: 300 } ]`],
  ])('holds for about eight of ten, and is narrow: %s', (_, text) => {
    const told = run(text, 3).expected_wait;
    expect(told.told).toBeGreaterThan(300);
    expect(told.coverage).toBeGreaterThan(0.74);
    expect(told.coverage).toBeLessThan(0.92);
    expect(told.median_relative_width).toBeLessThanOrEqual(1);
  });
});
