import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import type { Call, Phone } from '../kit/phone.js';
import { realBackend, startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { folder } from './house.js';
import { agentState, ended, newest, setState, type CallView } from './talk.js';

const QUEUES = `
queues:
  - { name: all, strategy: ring_all, offer_seconds: 10, announce_position_seconds: 0, max_unanswered: 0 }
  - { name: first, announce_position_seconds: 0, escalate: [ { after_seconds: 0.5, move: { queue: second } } ] }
  - { name: second, announce_position_seconds: 0 }
  - { name: outside, announce_position_seconds: 0, max_wait_seconds: 0.5, on: { max_wait: { extension: "1210" } } }
  - { name: short, announce_position_seconds: 0, max_waiting: 1, on: { full: { flow: full } } }
  - { name: shut, mode: closed, on: { closed: { flow: shut } } }
  - { name: back, announce_position_seconds: 0, exits: { "1": { flow: full }, "2": callback }, callback: { first: agent, retry_seconds: 1 } }
  - { name: customer, announce_position_seconds: 0, callback: { first: customer, retry_seconds: 1 } }
  - { name: tidy, announce_position_seconds: 0, wrap_up_seconds: 20, wrap_up_max_seconds: 200 }
  - { name: english, announce_position_seconds: 0, skills: { english: 5 } }
  - { name: phones, announce_position_seconds: 0, offer_seconds: 30 }
`;
/** Everybody has a queue of his own to keep the stories apart. */
const AGENTS: Readonly<Record<string, string>> = {
  '2001': 'all', '2002': 'all', '2003': 'all', '2004': 'second', '2005': 'back', '2006': 'customer', '2007': 'tidy', '2008': 'english', '2009': 'english', '2010': 'phones', '2011': 'phones',
};
const SKILLS: Readonly<Record<string, string>> = { '2008': '{ english: 3 }', '2009': '{ english: 8 }' };
const NUMBERS = ['all', 'first', 'outside', 'short', 'shut', 'back', 'customer', 'tidy', 'english', 'phones'];
const numberOf = (queue: string): string => String(4100 + NUMBERS.indexOf(queue));
const DIALPLAN = `
version: 1
entries:
${NUMBERS.map((q) => `  - { number: "${numberOf(q)}", flow: to_${q} }`).join('\n')}
flows:
${NUMBERS.map((q) => `  to_${q}: [ { set: { language: en } }, { queue: { name: ${q} } } ]`).join('\n')}
  full: [ { dial: { extension: "1211" } }, { hang_up: {} } ]
  shut: [ { dial: { extension: "1212" } }, { hang_up: {} } ]
`;

let strowger: Strowger;
const open: Phone[] = [];
beforeAll(async () => {
  strowger = await startStrowger({
    agents: 1, phones: 20, env: { KIT_PASSWORD: 'kit-password' }, dialplans: folder({ 'main.yaml': DIALPLAN }),
    config: folder({
      'recordings.yaml': 'recording: { notice: false }\n',
      'queues.yaml': QUEUES,
      'extensions.yaml': `extensions:\n${Object.keys(AGENTS).map((n) => `  - { number: "${n}", password: "\${KIT_PASSWORD}" }\n`).join('')}`,
      'agents.yaml': `agents:\n${Object.entries(AGENTS).map(([n, queue]) => `  - { id: "${n}", extension: "${n}", queues: [${queue}], skills: ${SKILLS[n] ?? '{}'} }\n`).join('')}`,
    }),
  });
  await until('the prompts', 90_000, async () => !(await (await strowger.raw('/healthz')).text()).includes('being rendered'));
});
afterAll(() => strowger.stop());
beforeEach(() => {
  onTestFailed(() => console.error(strowger.output().split('\n').filter((l) => !l.includes('"msg":"request"')).join('\n').slice(-8_000)));
  return async () => {
    await Promise.all(open.splice(0).map((phone) => phone.close()));
  };
});

async function phone(user: string): Promise<Phone> {
  const made = await strowger.phone(user, AGENTS[user] === undefined ? {} : { password: 'kit-password' });
  open.push(made);
  return made;
}
async function callTo(queue: string, from: string): Promise<Call> {
  const call = await (await phone(from)).call(numberOf(queue));
  await call.answered(10_000);
  return call;
}
const waiting = (queue: string, many: number): Promise<unknown> => strowger.when<{ waiting: number }>(`/v1/queues/${queue}`, 10_000, (q) => q.waiting === many);
const inState = (agent: string, state: string): Promise<unknown> => strowger.when<{ state: string }>(`/v1/agents/${agent}`, 10_000, (a) => a.state === state);
async function bothHear(a: Call, b: Call): Promise<void> {
  a.media.tone(440);
  b.media.tone(660);
  await Promise.all([a.media.heard(660, 10_000), b.media.heard(440, 10_000)]);
}
const idOf = (offered: Call): string => offered.header('X-Strowger-Call') ?? '';
const view = async (id: string): Promise<CallView> => (await strowger.api<CallView>(`/v1/calls/${id}`)).body;
const types = (cdr: CallView): string[] => cdr.timeline.map(({ type }) => type);

describe('all phones ring', () => {
  const ringAll = async (from: string): Promise<{ call: Call; offered: Call[] }> => {
    const agents = [await phone('2001'), await phone('2002'), await phone('2003')];
    for (const agent of ['2001', '2002', '2003']) await inState(agent, 'available');
    const call = await callTo('all', from);
    const offered = await Promise.all(agents.map((agent) => agent.nextCall(10_000)));
    offered.forEach((one) => one.ring());
    return { call, offered };
  };

  it('those who do not get the call ring until it stands, and are not called again', async () => {
    const { call, offered } = await ringAll('1201');
    const [winner, ...losers] = offered;
    winner!.answer();
    await bothHear(call, winner!);
    for (const loser of losers) expect((await loser.ended(3_000)).by).toBe('cancelled');
    const facts = types(await view(idOf(winner!)));
    const ends = facts.flatMap((type, i) => (type === 'call.offer_ended' ? [i] : []));
    expect([ends.length, ends.filter((i) => i > facts.indexOf('call.bridged')).length]).toEqual([3, 2]);
    await call.bye();
    expect((await ended(strowger, idOf(winner!))).cause).toBe('completed');
  });

  it('of two who pick up in the same moment one has the call, the other hears BYE at once', async () => {
    const { call, offered } = await ringAll('1202');
    const [a, b, c] = offered;
    a!.answer();
    b!.answer();
    await until('the loser to be told', 3_000, () => [a, b].filter((one) => one!.state() === 'ended').length === 1);
    const winner = [a, b].find((one) => one!.state() !== 'ended')!;
    await bothHear(call, winner);
    expect((await c!.ended(3_000)).by).toBe('cancelled');
    expect([a, b].filter((one) => one!.end()?.by === 'them').length).toBe(1);
    const cdr = await view(idOf(winner));
    expect(types(cdr).filter((type) => type === 'call.bridged').length).toBe(1);
    await winner.bye();
    await call.ended(5_000);
  });

  it('who picks up first and hangs up before the two hear each other costs the caller nothing: the others ring on', async () => {
    const { call, offered } = await ringAll('1203');
    const [hasty, patient] = offered;
    await whileTheMediaServerHoldsItsBreath(async () => {
      hasty!.answer();
      await hasty!.until('the ACK', 3_000, () => hasty!.state() === 'talking');
      await hasty!.bye();
    });
    expect(call.state()).toBe('talking');
    const next = patient!.state() === 'ended' ? await open.find((one) => one.user === '2002')!.nextCall(10_000) : patient!;
    next.answer();
    await bothHear(call, next);
    expect((await view(idOf(next))).timeline.filter(({ type }) => type === 'call.ended')).toEqual([]);
    await call.bye();
    const cdr = await ended(strowger, idOf(next));
    expect([cdr.cause, cdr.agent]).toEqual(['completed', '2002']);
  });
});

/** What happens meanwhile happens before any bridge can be confirmed. A real FreeSWITCH is not ours to stop: there it is a race that the BYE wins. */
async function whileTheMediaServerHoldsItsBreath(run: () => Promise<void>): Promise<void> {
  if (realBackend()) return run();
  strowger.kill('media', 'SIGSTOP');
  try {
    await run();
  } finally {
    strowger.kill('media', 'SIGCONT');
  }
}

describe('where callers go instead of waiting', () => {
  it('to a second queue, with the time they have waited', async () => {
    const call = await callTo('first', '1204');
    await waiting('second', 1);
    const agent = await phone('2004');
    const offered = await agent.nextCall(10_000);
    expect(offered.from.display).toBe('second');
    offered.answer();
    await bothHear(call, offered);
    await offered.bye();
    await call.ended(5_000);
    expect((await ended(strowger, idOf(offered))).agent).toBe('2004');
  });

  it('to an extension after the longest wait, with audio both ways', async () => {
    const boss = await phone('1210');
    const call = await callTo('outside', '1205');
    const offered = await boss.nextCall(10_000);
    offered.answer();
    await bothHear(call, offered);
    await offered.bye();
    await call.ended(5_000);
    const cdr = await ended(strowger, (await newest(strowger, '1205')).id);
    expect([cdr.cause, types(cdr).includes('call.left_queue')]).toEqual(['completed', true]);
  });

  it('to a flow when the queue is full, closed, or by a key', async () => {
    const [second, night] = [await phone('1211'), await phone('1212')];
    const first = await callTo('short', '1206');
    await waiting('short', 1);
    const over = await callTo('short', '1207');
    const full = await second.nextCall(10_000);
    full.reject(486);
    await over.ended(5_000);
    await first.bye();
    const shut = await callTo('shut', '1206');
    (await night.nextCall(10_000)).reject(486);
    await shut.ended(5_000);
    const keyed = await callTo('back', '1207');
    await waiting('back', 1);
    await keyed.media.digits('9');
    await keyed.media.digits('1');
    const exit = await second.nextCall(10_000);
    exit.answer();
    await bothHear(keyed, exit);
    await waiting('back', 0);
    await exit.bye();
    await keyed.ended(5_000);
  });
});

describe('a callback', () => {
  it('keeps the place: the agent is rung first, then the customer, who is tried again when busy', async () => {
    const customer = await phone('1208');
    const call = await customer.call(numberOf('back'));
    await call.answered(10_000);
    await waiting('back', 1);
    await call.media.digits('2');
    expect((await call.ended(20_000)).by).toBe('them');
    const asked = await ended(strowger, (await newest(strowger, '1208')).id);
    expect(asked.cause).toBe('completed');
    expect(types(asked)).toContain('call.callback_scheduled');

    const agent = await phone('2005');
    const offered = await agent.nextCall(10_000);
    expect(offered.from.user).toBe('1208');
    offered.answer();
    (await customer.nextCall(10_000)).reject(486);
    await offered.ended(10_000);
    const busy = await ended(strowger, idOf(offered));
    expect([busy.cause, busy.to]).toEqual(['busy', '1208']);

    const again = await agent.nextCall(15_000);
    again.answer();
    const back = await customer.nextCall(10_000);
    back.answer();
    await bothHear(back, again);
    await back.media.packets(back.media.reception().packets + 50);
    await back.bye();
    await again.ended(5_000);
    const cdr = await ended(strowger, idOf(again));
    expect([cdr.cause, cdr.to, cdr.agent, cdr.queue]).toEqual(['completed', '1208', '2005', 'back']);
    expect(cdr.timeline.find(({ type }) => type === 'call.started')?.data).toMatchObject({ callback_of: asked.id });
    await until('the recording', 5_000, async () => (await strowger.raw(`/v1/calls/${cdr.id}/recording`)).status === 200);
    await waiting('back', 0);
    await inState('2005', 'available');
  });

  it('booked by the API, the customer is rung first and then the agent', async () => {
    const customer = await phone('1209');
    const agent = await phone('2006');
    await inState('2006', 'available');
    const { status, body } = await strowger.api<{ id: string }>('/v1/callbacks', { method: 'POST', body: JSON.stringify({ number: '1209', queue: 'customer' }) });
    expect(status).toBe(201);
    const back = await customer.nextCall(10_000);
    expect(agent.calls.length).toBe(0);
    back.answer();
    const offered = await agent.nextCall(10_000);
    offered.answer();
    await bothHear(back, offered);
    await offered.bye();
    await back.ended(5_000);
    const cdr = await ended(strowger, idOf(offered));
    const started = cdr.timeline.find(({ type }) => type === 'call.started');
    expect([cdr.cause, cdr.agent, started?.data['contact'], started?.data['to']]).toEqual(['completed', '2006', body.id, '1209']);
    await inState('2006', 'available');
  });
});

describe('an agent', () => {
  it('has more time to wrap up by *48 and none by *49', async () => {
    const agent = await phone('2007');
    const call = await callTo('tidy', '1213');
    const offered = await agent.nextCall(10_000);
    offered.answer();
    await bothHear(call, offered);
    await call.bye();
    await inState('2007', 'wrap_up');
    const until_ = async (): Promise<number> => Date.parse((await strowger.api<{ wrap_up_until: string }>('/v1/agents/2007')).body.wrap_up_until);
    const before = await until_();
    const dial = async (code: string): Promise<void> => {
      const feature = await agent.call(code);
      await feature.answered(10_000);
      expect((await feature.ended(10_000)).by).toBe('them');
    };
    await dial('*48');
    expect(Math.abs((await until_()) - before - 60_000)).toBeLessThan(5);
    await dial('*49');
    await inState('2007', 'available');
    await dial('*47');
    await inState('2007', 'training');
  });

  it('who speaks too little English is not rung', async () => {
    const [little, fluent] = [await phone('2008'), await phone('2009')];
    await Promise.all(['2008', '2009'].map((one) => inState(one, 'available')));
    const call = await callTo('english', '1214');
    const offered = await fluent.nextCall(10_000);
    expect(little.calls.length).toBe(0);
    await call.bye();
    expect((await offered.ended(5_000)).by).toBe('cancelled');
  });

  it('whose phone goes while it rings is passed by at once', async () => {
    const first = await phone('2010');
    await inState('2010', 'available');
    const call = await callTo('phones', '1215');
    const lost = await first.nextCall(10_000);
    lost.ring();
    const other = await phone('2011');
    await inState('2011', 'available');
    await first.unregister();
    const offered = await other.nextCall(5_000);
    expect((await lost.ended(5_000)).by).toBe('cancelled');
    offered.answer();
    await bothHear(call, offered);
    await offered.bye();
    await call.ended(5_000);
    expect(await agentState(strowger, '2010')).toBe('offline');
    expect((await setState(strowger, '2010', 'available')).status).toBe(409);
  });
});

it('nobody is left behind', async () => {
  for (const gauge of ['calls_active', 'legs_active', 'media_endpoints', 'rtp_ports_in_use'])
    await expect.poll(() => strowger.metric(`strowger_${gauge}`), { timeout: 20_000, interval: 250 }).toBe(0);
});
