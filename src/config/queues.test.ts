import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkValue, pointer } from './check-value.js';
import { queueForm } from './queue-form.js';
import { toQueue, type QueueConfig } from './queues.js';

const queue = (yaml = ''): QueueConfig => toQueue(queueForm.parse({ name: 'q', ...(parse(yaml) as object | null) }));
const refusal = (yaml: string): string => {
  const checked = checkValue({ name: 'q', ...(parse(yaml) as object) }, queueForm);
  return checked.ok ? 'taken' : checked.issues.map((i) => `${pointer(i.path)} ${i.code} ${i.message}${i.hint === undefined ? '' : ` (${i.hint})`}`).join('; ');
};

it('has a good default for everything', () => {
  expect(queue()).toEqual({
    name: 'q', mode: 'open', hours: undefined, strategy: 'longest_idle', weights: { idleMinute: 1, skillLevel: 5, handledToday: 2 }, atOnce: [{ afterMs: 0, agents: 1 }],
    offerMs: 15_000, autoAccept: false, connectMs: 10_000, wrapUpMs: 0, wrapUpMaxMs: 0, maxUnanswered: 2, pauseMs: { noAnswer: 0, busy: 5_000, rejected: 5_000, unreachable: 10_000 },
    required: [], preferred: [], rules: [], relax: [], sticky: [], reserve: undefined, ageingMs: 60_000, maxWaiting: 0, maxWaitMs: 0, on: {}, exits: {}, escalate: [],
    callback: { first: 'agent', attempts: 3, retryMs: 300_000 }, music: undefined,
    announce: { firstMs: 0, everyMs: 20_000, repeatMs: 60_000, position: true, expectedWait: true }, announcements: [], recordingNotice: 'house', serviceLevel: { thresholdMs: 20_000, shortAbandonMs: 5_000 },
  });
});

describe('how many phones ring at once', () => {
  it.each<[yaml: string, steps: [number, number | 'all'][]]>([
    ['at_once: 2', [[0, 2]]], ['at_once: all', [[0, 'all']]], ['strategy: ring_all', [[0, 'all']]],
    ['at_once: [{ after_seconds: 30, agents: all }, { after_seconds: 10, agents: 3 }]', [[0, 1], [10_000, 3], [30_000, 'all']]],
    ['at_once: [{ after_seconds: 0, agents: 2 }]', [[0, 2]]],
  ])('%s', (yaml, steps) => expect(queue(yaml).atOnce.map((s) => [s.afterMs, s.agents])).toEqual(steps));

  it('is all with "ring_all", which ranks by who was free for longest', () => expect(queue('strategy: ring_all').strategy).toBe('longest_idle'));
});

describe('what is told to those who wait', () => {
  it.each<[yaml: string, announce: QueueConfig['announce']]>([
    ['announce_position_seconds: 0', undefined], ['announce: false', undefined],
    ['announce_position_seconds: 30', { firstMs: 0, everyMs: 30_000, repeatMs: 90_000, position: true, expectedWait: true }],
    ['announce: { first_seconds: 5, every_seconds: 10, repeat_seconds: 60, expected_wait: false }', { firstMs: 5_000, everyMs: 10_000, repeatMs: 60_000, position: true, expectedWait: false }],
    ['{ announce_position_seconds: 0, announce: { every_seconds: 10 } }', { firstMs: 0, everyMs: 10_000, repeatMs: 30_000, position: false, expectedWait: true }],
    ['announce: { position: false, expected_wait: false }', undefined],
  ])('%s', (yaml, announce) => expect(queue(yaml).announce).toEqual(announce));

  it('may be sentences by rule', () => {
    expect(queue('announcements: [{ after_seconds: 60, every_seconds: 120, say: { en: Sorry., zh-CN: 抱歉。 } }, { after_seconds: 30, say: { en: Thanks. } }]').announcements).toEqual([
      { afterMs: 30_000, everyMs: undefined, say: { en: 'Thanks.' } }, { afterMs: 60_000, everyMs: 120_000, say: { en: 'Sorry.', 'zh-CN': '抱歉。' } },
    ]);
  });
});

it('reads rules, relaxation, sticky agents, reserve and escalation', () => {
  const q = queue(`
skills: { chinese: 5 }
prefer: { sales: 3 }
rules:
  - { when: { intent: cancel_order, value: { min: 10000 }, tags: [vip, gold] }, require: { orders: 2 }, prefer: { senior: 1 }, priority: +2 }
relax:
  - { after_seconds: 60, drop: all }
  - { after_seconds: 30, drop: [sales], lower: { chinese: 2 }, ring: 2 }
sticky: [{ attribute: adviser, hold_seconds: 20 }, { attribute: last_agent }]
reserve: { agents: 1, priority: 8 }
ageing_seconds: 0
escalate: [{ after_seconds: 120, priority: +2, also: [backup], move: { number: "+8675512345678" } }]
`);
  expect(q.required).toEqual([{ skill: 'chinese', level: 5 }]);
  expect(q.preferred).toEqual([{ skill: 'sales', level: 3 }]);
  expect(q.rules).toEqual([{
    when: [{ attribute: 'intent', is: ['cancel_order'] }, { attribute: 'value', min: 10_000 }, { attribute: 'tags', is: ['vip', 'gold'] }],
    require: [{ skill: 'orders', level: 2 }], prefer: [{ skill: 'senior', level: 1 }], priority: 2,
  }]);
  expect(q.relax).toEqual([{ afterMs: 30_000, drop: ['sales'], lower: [{ skill: 'chinese', level: 2 }], ring: 2 }, { afterMs: 60_000, drop: 'all', lower: [], ring: undefined }]);
  expect([q.sticky, q.reserve, q.ageingMs]).toEqual([[{ attribute: 'adviser', holdMs: 20_000 }, { attribute: 'last_agent', holdMs: 0 }], { agents: 1, priority: 8 }, 0]);
  expect(q.escalate).toEqual([{ afterMs: 120_000, priority: 2, also: ['backup'], move: { to: 'number', number: '+8675512345678' } }]);
});

it('sends callers to every room that exists', () => {
  const q = queue('{ on: { full: { queue: b }, closed: { flow: night }, emergency: hang_up, unstaffed: { extension: "1001" }, max_wait: callback }, exits: { "1": { number: "+861" }, "2": { callback: {} }, "*": { hang_up: {} } } }');
  expect(q.on).toEqual({ full: { to: 'queue', queue: 'b' }, closed: { to: 'flow', flow: 'night' }, emergency: { to: 'hang_up' }, unstaffed: { to: 'extension', extension: '1001' }, max_wait: { to: 'callback' } });
  expect(q.exits).toEqual({ '1': { to: 'number', number: '+861' }, '2': { to: 'callback' }, '*': { to: 'hang_up' } });
});

describe('what is refused', () => {
  it.each<[yaml: string, why: string]>([
    ['on: { closed: { voicemail: {} } }', '/on/closed/voicemail target_not_available nobody can be sent to "voicemail" yet (there are queue, extension, number, flow, callback, hang_up)'],
    ['on: { closed: bot }', '/on/closed target_not_available nobody can be sent to "bot" yet (there are queue'],
    ['exits: { "1": { queu: b } }', '/exits/1/queu config.unknown_key unknown target "queu" (did you mean "queue"?)'],
    ['on: { full: { queue: b, flow: c } }', '/on/full/flow config.wrong_value "queue" and "flow" in one target'],
    ['on: { full: {} }', '/on/full config.wrong_value say where to'],
    ['on: { full: queue }', '/on/full config.wrong_value "queue" needs a value (as { queue: … })'],
    ['on: { ful: hang_up }', '/on/ful config.unknown_key unknown key "ful" (did you mean "full"?)'],
    ['exits: { "12": hang_up }', '/exits/12 config.wrong_value "12" is no key of a telephone'],
    ['skills: { chinese: 11 }', '/skills/chinese config.wrong_value'], ['rules: [{ when: { value: {} } }]', 'give min, max or both'],
    ['wrap_up_seconds: 30\nwrap_up_max_seconds: 10', '/wrap_up_max_seconds config.wrong_value the longest wrap-up is shorter than the usual one (at least wrap_up_seconds: 30)'],
    ['strategy: ring_all\nat_once: 2', '/at_once config.wrong_value "ring_all" rings all at once'],
    ['relax: [{ after_seconds: 5 }]', '/relax/0 config.wrong_value this step relaxes nothing'],
    ['escalate: [{ after_seconds: 5 }]', '/escalate/0 config.wrong_value this step changes nothing'],
    ['at_once: 0', '/at_once'], ['reserve: { agents: 1 }', '/reserve/priority config.missing'], ['pause: { busy_seconds: 0 }', '/pause/busy_seconds'],
    ['announcements: [{ after_seconds: 1, say: {} }]', 'give a text in zh-CN, in en or in both'],
    ['hours: { weekly: { monday: "09:00-18:00" } }', '/hours/weekly/monday config.wrong_value "monday" is no day of the week'],
    ['hours: { weekly: { mon: "9-18" } }', '/hours/weekly/mon'], ['hours: { weekly: {}, time_zone: Shanghai }', '/hours/time_zone config.wrong_value a time zone as Asia/Shanghai'],
    ['hours: { weekly: {}, holidays: [2026-02-30] }', '/hours/holidays/0 config.wrong_value there is no such date'],
  ])('%s', (yaml, why) => expect(refusal(yaml)).toContain(why));
});
