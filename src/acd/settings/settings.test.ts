import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { StrowgerError } from '../../base/index.js';
import { ConfigFaults } from '../../config/index.js';
import type { AgentId, QueueId } from '../engine/index.js';
import { NoSuchAgent, NoSuchQueue } from '../errors.js';
import { AgentExists, NoSuchSetup, NoSuchVersion, QueueExists, SettingsRefused, SettingsStale } from './errors.js';
import { office as openOffice, type Office } from './settings.fixture.js';

const support = 'support' as QueueId;
const by = { by: 'api:admin' };
const opened: Office[] = [];
const office = async (...args: Parameters<typeof openOffice>): Promise<Office> => {
  const made = await openOffice(...args);
  opened.push(made);
  return made;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((o) => o.leave()));
});
const pointers = (run: () => unknown): string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof SettingsRefused) return error.faults.map((f) => `${f.pointer} ${f.message}`);
    throw error;
  }
  return [];
};

describe('a change at run time', () => {
  it('is in force at once, kept on disk and told', async () => {
    const o = await office();
    const settings = o.open();
    settings.start();
    expect(settings.patchQueue(support, { offer_seconds: 20, skills: { chinese: 5 } }, { ...by, comment: 'more time' }).settings).toMatchObject({ offer_seconds: 20, skills: { chinese: 5 } });
    expect(o.configured.at(-1)?.queues[0]).toMatchObject({ id: 'support', offerMs: 20_000, required: [{ skill: 'chinese', level: 5 }] });
    expect(o.facts).toEqual(['queue.settings_changed queue:support {"version":1,"by":"api:admin","queue":"support","comment":"more time"}']);
    expect((await o.reopen()).setup().queues[0]).toMatchObject({ offerMs: 20_000 });
  });

  it('gives the engine, before it is started, what held before a restart', async () => {
    const o = await office();
    o.open().addQueue({ name: 'vip', skills: {} }, by);
    expect((await o.reopen()).setup().queues.map((q) => q.id)).toEqual(['support', 'vip']);
    expect(o.configured).toEqual([]);
  });

  it('goes back to the default with null', async () => {
    const settings = (await office()).open();
    settings.patchQueue(support, { offer_seconds: 20, on: { full: 'callback' }, reserve: { agents: 1, priority: 8 } }, by);
    expect(settings.patchQueue(support, { offer_seconds: null, on: { full: null }, reserve: null }, by).settings).toMatchObject({ offer_seconds: 15, on: {} });
    expect(settings.setup().queues[0]?.reserve).toBeUndefined();
  });

  it('that is wrong changes nothing, and says where', async () => {
    const o = await office();
    const settings = o.open();
    settings.start();
    expect(pointers(() => settings.patchQueue(support, { offer_second: 20, relax: [{ after_seconds: -1, drop: 'all' }], on: { full: { voicemail: {} } } }, by))).toEqual([
      '/queues/support/relax/0/after_seconds "after_seconds": too small: expected number to be >=0', '/queues/support/on/full/voicemail nobody can be sent to "voicemail" yet',
      '/queues/support/offer_second unknown key "offer_second"',
    ]);
    expect(pointers(() => settings.patchQueue(support, { on: { full: { queue: 'suport' } } }, by))).toEqual(['/queues/support/on/full/queue there is no queue "suport"']);
    expect(pointers(() => settings.patchQueue(support, { name: 'other' }, by))).toEqual(['/queues/support/name "name" cannot be changed']);
    expect(pointers(() => settings.patchAgent('1001' as AgentId, { queues: ['sales'] }, by))).toEqual(['/agents/1001/queues/0 there is no queue "sales"']);
    expect(pointers(() => settings.patchRouting({ blocked: [{ customer: 'c', agent: 'nobody' }] }, by))).toEqual(['/routing/blocked/0/agent there is no agent "nobody"']);
    expect([o.configured, o.facts, settings.version()]).toEqual([[], [], 0]);
  });

  it('made for an older state is refused; for any state it is taken', async () => {
    const settings = (await office()).open();
    const { etag } = settings.queue(support);
    const changed = settings.patchQueue(support, { offer_seconds: 20 }, { ...by, ifMatch: etag });
    expect(changed.etag).not.toBe(etag);
    expect(() => settings.patchQueue(support, { offer_seconds: 25 }, { ...by, ifMatch: etag })).toThrow(SettingsStale);
    expect(() => settings.removeQueue(support, { ...by, ifMatch: etag })).toThrow(SettingsStale);
    expect(settings.patchQueue(support, { offer_seconds: 25 }, { ...by, ifMatch: `"x", ${changed.etag}` }).settings.offer_seconds).toBe(25);
    expect(settings.patchQueue(support, { offer_seconds: 30 }, { ...by, ifMatch: '*' }).settings.offer_seconds).toBe(30);
  });

  it('is not told to the engine when it comes to nothing', async () => {
    const o = await office();
    const settings = o.open();
    settings.start();
    settings.patchQueue(support, { offer_seconds: 15 }, by);
    expect([o.configured, settings.version()]).toEqual([[], 1]);
  });

  it('leaves everything that it does not touch the very same', async () => {
    const settings = (await office({ 'queues.yaml': 'queues: [{ name: support }, { name: vip }]' })).open();
    const before = settings.setup();
    settings.patchQueue(support, { offer_seconds: 20 }, by);
    const after = settings.setup();
    expect([after.queues[0] === before.queues[0], after.queues[1] === before.queues[1], after.agents[0] === before.agents[0]]).toEqual([false, true, true]);
  });

  it('of music or sentences is told to those who play them', async () => {
    const o = await office();
    const settings = o.open();
    let told = 0;
    settings.onChange(() => (told += 1));
    settings.start();
    settings.patchQueue(support, { announcements: [{ after_seconds: 30, say: { en: 'Thanks.' } }] }, by);
    expect([told, o.configured, settings.queueConfig('support')?.announcements]).toEqual([1, [], [{ afterMs: 30_000, everyMs: undefined, say: { en: 'Thanks.' } }]]);
  });

  it('can be looked at before it is made', async () => {
    const o = await office();
    const settings = o.open();
    expect(settings.previewQueue(support, { skills: { chinese: 9 } }).waiting).toBe(1);
    expect(pointers(() => settings.previewQueue(support, { skills: { chinese: 99 } }))).toHaveLength(1);
    expect([settings.version(), settings.queue(support).settings.skills]).toEqual([0, {}]);
  });
});

describe('queues and agents', () => {
  it('are made and removed; agents of a queue that goes are agents of it no more', async () => {
    const settings = (await office()).open();
    expect(settings.addQueue({ name: 'vip', strategy: 'round_robin' }, by).settings).toMatchObject({ name: 'vip', strategy: 'round_robin', offer_seconds: 15 });
    expect(() => settings.addQueue({ name: 'vip' }, by)).toThrow(QueueExists);
    settings.patchAgent('1001' as AgentId, { queues: ['support', { name: 'vip', rank: 2 }], capacity: { voice: 1, chat: 3 } }, by);
    expect(settings.setup().agents[0]).toMatchObject({ queues: [{ queue: 'support' }, { queue: 'vip', rank: 2 }], capacity: { voice: 1, chat: 3 } });
    settings.removeQueue('vip' as QueueId, by);
    expect(settings.setup().agents[0]?.queues.map((q) => q.queue)).toEqual(['support']);
    expect(settings.setup().queues.map((q) => q.id)).toEqual(['support']);
  });

  it('of people come and go as well', async () => {
    const settings = (await office({ 'extensions.yaml': 'extensions: [{ number: "2001", password: secret }]' })).open();
    expect(settings.addAgent({ id: 'lin', extension: '2001', queues: ['support'] }, by).settings).toMatchObject({ id: 'lin', capacity: { voice: 1 } });
    expect(() => settings.addAgent({ id: 'lin', extension: '2001' }, by)).toThrow(AgentExists);
    expect(pointers(() => settings.addAgent({ id: 'omar', extension: '2002' }, by))).toEqual(['/agents/omar/extension there is no extension "2002"']);
    settings.removeAgent('lin' as AgentId, { ...by, ifMatch: settings.agent('lin' as AgentId).etag });
    expect(settings.setup().agents.map((a) => a.id)).toEqual(['1001', '1002']);
  });

  it('that others refer to stay', async () => {
    const settings = (await office({ 'queues.yaml': 'queues: [{ name: support, on: { full: { queue: vip } } }, { name: vip }]' })).open();
    expect(pointers(() => settings.removeQueue('vip' as QueueId, by))).toEqual(['/queues/support/on/full/queue there is no queue "vip"']);
  });

  it('that are not there are said to be', async () => {
    const settings = (await office()).open();
    expect(() => settings.queue('x' as QueueId)).toThrow(NoSuchQueue);
    expect(() => settings.patchQueue('x' as QueueId, {}, by)).toThrow(NoSuchQueue);
    expect(() => settings.patchAgent('x' as AgentId, {}, by)).toThrow(NoSuchAgent);
    expect(() => settings.switchSetup('x', true, by)).toThrow(NoSuchSetup);
    expect(() => settings.restore(7, by)).toThrow(NoSuchVersion);
  });

  it('share what holds for all of them', async () => {
    const settings = (await office()).open();
    expect(settings.patchRouting({ rank_seconds: 30, blending: { voice: ['chat'] } }, { ...by, ifMatch: settings.routing().etag }).settings).toMatchObject({ rank_seconds: 30 });
    expect(settings.setup()).toMatchObject({ rankMs: 30_000, blending: { voice: ['chat'] } });
  });
});

it('whatever was changed, gone back to or refused: a restart finds it as it was', async () => {
  const change = fc.record({
    offer_seconds: fc.option(fc.integer({ min: -1, max: 20 })), skills: fc.option(fc.dictionary(fc.constantFrom('a', 'b'), fc.option(fc.integer({ min: 1, max: 11 })))), mode: fc.constantFrom('open', 'closed', 'shut'),
    on: fc.option(fc.dictionary(fc.constantFrom('full', 'closed'), fc.option(fc.constantFrom('hang_up', 'callback', 'bot')))),
  }, { requiredKeys: [] });
  const act = fc.oneof(
    fc.record({ queue: fc.constantFrom('support', 'vip'), patch: change }), fc.record({ restore: fc.integer({ min: 0, max: 6 }) }), fc.record({ add: fc.constant('vip') }), fc.record({ remove: fc.constant('vip') }),
    fc.record({ setup: fc.option(fc.boolean()) }),
  );
  const o = await office({ 'setups.yaml': 'setups: [{ name: night, queues: { support: { mode: closed } } }]' });
  const settings = o.open();
  settings.start();
  fc.assert(fc.property(fc.array(act, { maxLength: 8 }), (acts) => {
    for (const one of acts) {
      const before = settings.setup();
      try {
        if ('queue' in one) settings.patchQueue(one.queue as QueueId, one.patch, by);
        else if ('restore' in one) settings.restore(one.restore, by);
        else if ('add' in one) settings.addQueue({ name: one.add }, by);
        else if ('remove' in one) settings.removeQueue(one.remove as QueueId, by);
        else settings.switchSetup('night', one.setup, by);
      } catch (error) {
        if (!(error instanceof StrowgerError)) throw error;
        expect(settings.setup()).toBe(before);
      }
      expect(o.configured.at(-1) ?? settings.setup()).toEqual(settings.setup());
    }
    expect(o.open().setup()).toEqual(settings.setup());
  }), { numRuns: 60 });
  expect((await o.reopen()).setup()).toEqual(settings.setup());
  expect(o.errors).toEqual([]);
});

describe('versions', () => {
  it('can be gone back to, forward again, and to what the files say', async () => {
    const o = await office();
    const settings = o.open();
    for (const offer_seconds of [20, 25, 30]) settings.patchQueue(support, { offer_seconds }, by);
    const now = (s = settings): number => s.queue(support).settings.offer_seconds;
    expect([settings.restore(1, { ...by, comment: 'it was better' }), now()]).toEqual([4, 20]);
    settings.patchQueue(support, { max_waiting: 9 }, by);
    expect([settings.restore(3, by), now(), settings.queue(support).settings.max_waiting]).toEqual([6, 30, 0]);
    expect([settings.restore(5, by), now(), settings.queue(support).settings.max_waiting]).toEqual([7, 20, 9]);
    expect([settings.restore(0, by), now()]).toEqual([8, 15]);
    settings.reload(by);
    expect([now(), now(await o.reopen())]).toEqual([15, 15]);
    expect(settings.versions(3).map((v) => [v.version, v.restores, v.by])).toEqual([[8, 0, 'api:admin'], [7, 5, 'api:admin'], [6, 3, 'api:admin']]);
    expect(settings.versions(9, 3).map((v) => v.patch)).toEqual([{ queues: { support: { offer_seconds: 25 } } }, { queues: { support: { offer_seconds: 20 } } }]);
  });
});

describe('files read again', () => {
  const two = 'queues: [{ name: support }, { name: vip, offer_seconds: 9 }]';
  it('come into force under the changes made at run time', async () => {
    const o = await office({ 'queues.yaml': two });
    const settings = o.open();
    settings.start();
    settings.patchQueue('vip' as QueueId, { max_waiting: 5 }, by);
    o.write({ 'queues.yaml': two.replace('offer_seconds: 9', 'offer_seconds: 12') });
    settings.reload(by);
    expect(o.configured.at(-1)?.queues[1]).toMatchObject({ offerMs: 12_000, maxWaiting: 5 });
  });

  it('that are broken are refused as a whole', async () => {
    const o = await office({ 'queues.yaml': two });
    const settings = o.open();
    settings.start();
    o.write({ 'queues.yaml': two.replace('offer_seconds: 9', 'offer_seconds: 12'), 'agents.yaml': 'agents: [{ id: 7 }]' });
    expect(() => settings.reload(by)).toThrow(ConfigFaults);
    expect([o.configured, settings.queue('vip' as QueueId).settings.offer_seconds]).toEqual([[], 9]);
  });

  it('without a queue that was changed at run time leave that change without effect', async () => {
    const o = await office({ 'queues.yaml': two });
    const settings = o.open();
    settings.patchQueue('vip' as QueueId, { max_waiting: 5 }, by);
    o.write({ 'queues.yaml': 'queues: [{ name: support }]' });
    settings.reload(by);
    expect(settings.setup().queues.map((q) => q.id)).toEqual(['support']);
  });

  it('that contradict a change made at run time are refused; at a start the change is left out', async () => {
    const o = await office({ 'queues.yaml': two });
    const settings = o.open();
    settings.patchQueue(support, { on: { full: { queue: 'vip' } }, max_waiting: 3 }, by);
    settings.patchQueue(support, { offer_seconds: 20 }, by);
    o.write({ 'queues.yaml': 'queues: [{ name: support }]' });
    expect(pointers(() => settings.reload(by))).toEqual(['/queues/support/on/full/queue there is no queue "vip"']);
    expect((await o.reopen()).queue(support).settings).toMatchObject({ on: {}, offer_seconds: 20 });
    expect(o.errors).toEqual(['a change of the settings does not fit the files any more and is left out']);
  });
});

describe('opening hours', () => {
  const hours = { 'queues.yaml': 'queues: [{ name: support, hours: { weekly: { mon-fri: "09:00-18:00" } } }]' };
  it('close and open the queue by themselves', async () => {
    const o = await office(hours, '2026-11-20T09:00:00Z'); // a Friday, 17:00 in Shanghai
    const settings = o.open();
    settings.start();
    expect(settings.queue(support).mode).toBe('open');
    o.clock.to('2026-11-20T10:00:00Z');
    expect([settings.queue(support).mode, o.configured.at(-1)?.queues[0]?.mode]).toEqual(['closed', 'closed']);
    o.clock.to('2026-11-23T01:00:00Z');
    expect([settings.queue(support).mode, o.configured.length]).toEqual(['open', 2]);
    expect(o.facts).toEqual([
      'queue.mode_changed queue:support {"queue":"support","from":"open","to":"closed"}', 'queue.mode_changed queue:support {"queue":"support","from":"closed","to":"open"}',
    ]);
    settings.close();
    expect(o.clock.armed()).toBe(0);
  });

  it('are looked at in the zone of the house, also after a restart in the night', async () => {
    expect((await office(hours, '2026-11-20T15:00:00Z')).open().setup().queues[0]?.mode).toBe('closed');
  });

  it('do not open a queue that somebody closed, and an emergency stays one', async () => {
    const o = await office(hours);
    const settings = o.open();
    expect(settings.patchQueue(support, { mode: 'closed' }, by).mode).toBe('closed');
    expect(settings.patchQueue(support, { mode: 'emergency' }, by).mode).toBe('emergency');
    o.clock.to('2026-11-20T15:00:00Z');
    expect(settings.patchQueue(support, { mode: 'emergency' }, by).mode).toBe('emergency');
  });
});

describe('named set-ups', () => {
  const files = {
    'setups.yaml': `setups:
  - { name: night, when: { weekly: { daily: "22:00-06:00" } }, queues: { support: { mode: closed, on: { closed: callback } } } }
  - { name: promotion, queues: { support: { at_once: 3, offer_seconds: 10 } }, agents: { "1001": { skills: { sales: 9 } } } }
  - { name: calm, queues: { support: { offer_seconds: 30 } } }
`,
  };
  it('are switched by hand, and the later lies over the earlier', async () => {
    const o = await office(files);
    const settings = o.open();
    settings.start();
    expect(settings.switchSetup('promotion', true, by)).toMatchObject({ active: true, switched: true });
    expect(o.configured.at(-1)).toMatchObject({ queues: [{ atOnce: [{ agents: 3 }], offerMs: 10_000 }], agents: [{ skills: { sales: 9 } }, { skills: {} }] });
    settings.switchSetup('calm', true, by);
    expect(o.configured.at(-1)?.queues[0]).toMatchObject({ atOnce: [{ agents: 3 }], offerMs: 30_000 });
    expect([settings.queue(support).settings.offer_seconds, settings.queue(support).effective.offer_seconds]).toEqual([15, 30]);
    settings.switchSetup('promotion', false, by);
    settings.switchSetup('calm', null, by);
    expect(o.configured.at(-1)?.queues[0]).toMatchObject({ atOnce: [{ agents: 1 }], offerMs: 15_000 });
    expect(o.facts.filter((f) => f.startsWith('setup.'))).toEqual([
      'setup.switched system {"setup":"promotion","active":true,"by":"api:admin"}', 'setup.switched system {"setup":"calm","active":true,"by":"api:admin"}',
      'setup.switched system {"setup":"promotion","active":false,"by":"api:admin"}', 'setup.switched system {"setup":"calm","active":false,"by":"api:admin"}',
    ]);
  });

  it('are switched by date, unless by hand', async () => {
    const o = await office(files, '2026-11-20T13:00:00Z'); // 21:00
    const settings = o.open();
    settings.start();
    expect(settings.setups()[0]).toMatchObject({ name: 'night', active: false, switched: null, nextAt: Date.parse('2026-11-20T14:00:00Z') });
    o.clock.to('2026-11-20T14:00:00Z');
    expect(o.configured.at(-1)?.queues[0]).toMatchObject({ mode: 'closed', on: { closed: { to: 'callback' } } });
    settings.switchSetup('night', false, by);
    expect(o.configured.at(-1)?.queues[0]).toMatchObject({ mode: 'open', on: {} });
    o.clock.to('2026-11-21T15:00:00Z');
    expect(settings.queue(support).mode).toBe('open');
    settings.switchSetup('night', null, by);
    expect(settings.queue(support).mode).toBe('closed');
  });

  it('stay switched over a restart', async () => {
    const o = await office(files);
    o.open().switchSetup('promotion', true, by);
    expect((await o.reopen()).setup().queues[0]?.offerMs).toBe(10_000);
  });

  it('that contradict each other: the later is left out, and it is said', async () => {
    const o = await office({ 'setups.yaml': 'setups:\n  - { name: all, queues: { support: { strategy: ring_all } } }\n  - { name: three, queues: { support: { at_once: 3 } } }\n' });
    const settings = o.open();
    settings.start();
    settings.switchSetup('all', true, by);
    expect(settings.switchSetup('three', true, by)).toMatchObject({ active: true, refused: true });
    expect([settings.setup().queues[0]?.atOnce[0]?.agents, o.errors.length]).toEqual(['all', 1]);
  });

  it('must stay right when the settings under them change', async () => {
    const settings = (await office({ 'setups.yaml': 'setups: [{ name: three, queues: { support: { at_once: 3 } } }]' })).open();
    expect(pointers(() => settings.patchQueue(support, { strategy: 'ring_all' }, by))).toEqual(['/setups/three/queues/support/at_once "ring_all" rings all at once']);
  });
});

describe('dialplans', () => {
  it('must have the flows to which queues send callers, and keep their queues', async () => {
    const dialplans = {
      flows: () => ['welcome', 'night'],
      faults: ({ queues, queueFlows }: { queues: readonly string[]; queueFlows: Readonly<Record<string, readonly string[]>> }) => [
        { file: 'main.yaml', line: 9, column: 1, code: 'dialplan.old', message: 'was wrong before', hint: undefined },
        ...(queues.includes('vip') ? [] : [{ file: 'main.yaml', line: 3, column: 5, code: 'dialplan.missing_queue', message: 'there is no queue "vip"', hint: undefined }]),
        ...((queueFlows.vip ?? []).includes('night') ? [{ file: 'main.yaml', line: 3, column: 5, code: 'dialplan.missing_flow', message: 'no flow "night" here', hint: undefined }] : []),
      ],
    };
    const o = await office({ 'queues.yaml': 'queues: [{ name: support }, { name: vip }]' }, undefined, dialplans);
    const settings = o.open();
    settings.start();
    expect(pointers(() => settings.removeQueue('vip' as QueueId, by))).toEqual(['/queues main.yaml:3:5 there is no queue "vip"']);
    expect(pointers(() => settings.patchQueue('vip' as QueueId, { on: { closed: { flow: 'night' } } }, by))).toEqual(['/queues main.yaml:3:5 no flow "night" here']);
    expect(pointers(() => settings.patchQueue(support, { on: { closed: { flow: 'nigth' } } }, by))).toEqual(['/queues/support/on/closed/flow there is no flow "nigth"']);
    expect(settings.patchQueue(support, { on: { closed: { flow: 'night' } } }, by).settings.on).toEqual({ closed: { flow: 'night' } });
  });
});
