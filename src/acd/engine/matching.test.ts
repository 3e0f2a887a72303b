import { describe, expect, it } from 'vitest';
import { demoAgent, demoQueue, hall, needs, strategy, type Hall } from './hall.fixture.js';
import type { AcdSetup, AgentId, AgentSetup, Attributes, NewContact, QueueSetup } from './types.js';

const support = (change: Partial<QueueSetup> = {}): QueueSetup[] => [demoQueue('support', change)];
const agent = (id: string, change: Partial<AgentSetup> = {}): AgentSetup => demoAgent(id, ['support'], change);
const skilled = (id: string, skills: Record<string, number>): AgentSetup => agent(id, { skills });
const open = (queue: Partial<QueueSetup>, agents: readonly AgentSetup[], rest: Partial<AcdSetup> = {}): Hall => hall().open(support(queue), agents, rest);
const with_ = (attributes: Attributes): Partial<NewContact> => ({ attributes });

describe('skills', () => {
  it('of the required level decide who may be asked', () => {
    const h = open({ required: needs({ chinese: 5 }) }, [skilled('lin', { chinese: 4 }), skilled('omar', { chinese: 5 }), agent('eve')]);
    expect(h.join('c1').join('c2').offers()).toEqual(['omar←c1']);
  });

  it('of several all must be there, and a contact may bring needs of its own', () => {
    const h = open({ required: needs({ chinese: 1 }) }, [skilled('lin', { chinese: 5 }), skilled('omar', { chinese: 5, refund: 3 })]);
    expect(h.comes('c1', { needs: needs({ refund: 3 }) }).offers()).toEqual(['omar←c1']);
    expect(h.comes('c2', { needs: needs({ refund: 1 }) }).offers()).toEqual(['omar←c1']);
  });

  it('that are preferred win among those who are able, and bind nobody', () => {
    const prefer = { strategy: strategy('most_skilled'), preferred: needs({ refund: 3 }) };
    expect(open(prefer, [agent('lin'), skilled('omar', { refund: 3 })]).join('c1').offers()).toEqual(['omar←c1']);
    expect(open(prefer, [agent('lin')]).join('c1').offers()).toEqual(['lin←c1']);
  });

  it('are asked for less after a while: the requirement relaxes step by step (bullseye)', () => {
    const relax = [{ afterMs: 10_000, drop: [], lower: needs({ chinese: 2 }), ring: undefined }, { afterMs: 20_000, drop: 'all' as const, lower: [], ring: undefined }];
    const h = open({ required: needs({ chinese: 5 }), relax }, [skilled('lin', { chinese: 2 }), agent('eve')]).join('c1').join('c2');
    expect(h.at(9_999).offers()).toEqual([]);
    expect(h.at(10_000).offers()).toEqual(['lin←c1']);
    expect(h.at(20_000).offers()).toEqual(['lin←c1', 'eve←c2']);
  });

  it('learnt while somebody waits count at once', () => {
    const h = open({ required: needs({ chinese: 5 }) }, [agent('lin')]).join('c1');
    h.post({ type: 'agent.changed', agent: skilled('lin', { chinese: 5 }) });
    expect(h.offers()).toEqual(['lin←c1']);
  });
});

describe('rings', () => {
  const relax = [{ afterMs: 10_000, drop: [], lower: [], ring: 2 }, { afterMs: 20_000, drop: [], lower: [], ring: 3 }];
  const inRing = (id: string, ring: number): AgentSetup => agent(id, { queues: [{ queue: 'support' as never, rank: 1, ring }] });
  it('widen', () => {
    const h = open({ relax, offerMs: 60_000 }, [inRing('eve', 3), inRing('lin', 2)]).join('c1').join('c2');
    expect(h.offers()).toEqual([]);
    expect(h.at(10_000).offers()).toEqual(['lin←c1']);
    expect(h.at(20_000).offers()).toEqual(['lin←c1', 'eve←c2']);
  });
});

describe('what is known of the contact changes the choice: each alone', () => {
  const two = [skilled('lin', {}), skilled('omar', { special: 5 })];
  const rule = (when: QueueSetup['rules'][number]['when']): Partial<QueueSetup> => ({ rules: [{ when, require: needs({ special: 1 }), prefer: [], priority: 0 }] });
  it.each<[string, Partial<QueueSetup>, Attributes]>([
    ['intent', rule([{ attribute: 'intent', is: ['cancel_order'] }]), { intent: 'cancel_order' }],
    ['source channel', rule([{ attribute: 'source', is: ['wechat'] }]), { source: 'wechat' }],
    ['region', rule([{ attribute: 'region', is: ['CN-44', 'CN-31'] }]), { region: 'CN-31' }],
    ['language', rule([{ attribute: 'language', is: ['zh-CN'] }]), { language: 'zh-CN' }],
    ['tier', rule([{ attribute: 'tier', is: ['gold'] }]), { tier: 'gold' }],
    ['value', rule([{ attribute: 'value', min: 10_000 }]), { value: 10_000 }],
    ['one of its tags', rule([{ attribute: 'tags', is: ['vip'] }]), { tags: ['new', 'vip'] }],
    ['dedicated adviser', { sticky: [{ attribute: 'adviser', holdMs: 30_000 }] }, { adviser: 'omar' }],
    ['last agent', { sticky: [{ attribute: 'last_agent', holdMs: 0 }] }, { last_agent: 'omar' }],
    ['owner of the open ticket', { sticky: [{ attribute: 'owner', holdMs: 20_000 }] }, { owner: 'omar' }],
  ])('%s', (_what, queue, attributes) => {
    expect(open(queue, two).comes('c1', {}).offers()).toEqual(['lin←c1']);
    expect(open(queue, two).comes('c1', with_(attributes)).offers()).toEqual(['omar←c1']);
  });

  it('the channel skill of the agent', () => {
    const chatters = [agent('lin', { capacity: { voice: 1 } }), agent('omar', { capacity: { voice: 1, chat: 2 } })];
    expect(open({}, chatters).comes('c1', { channel: 'chat' }).comes('c2', { channel: 'chat' }).comes('c3', { channel: 'chat' }).offers()).toEqual(['omar←c1', 'omar←c2']);
    expect(open({ rules: [{ when: [{ attribute: 'channel', is: ['voice'] }], require: needs({ calm: 3 }), prefer: [], priority: 0 }] }, [agent('lin'), skilled('omar', { calm: 3 })]).comes('c1', with_({ channel: 'voice' })).offers()).toEqual(['omar←c1']);
  });

  it('a blocked pair never meets, in either order of coming', () => {
    const blocked = { blocked: [{ customer: 'li', agent: 'lin' as AgentId }] };
    expect(open({}, [agent('lin'), agent('omar')], blocked).comes('c1', with_({ customer: 'li' })).offers()).toEqual(['omar←c1']);
    const h = open({}, [agent('lin')], blocked).comes('c1', with_({ customer: 'li' })).join('c2');
    expect(h.offers()).toEqual(['lin←c2']);
    expect(h.accept('lin').released('c2').offers()).toEqual([]);
    expect(open({}, [agent('lin')]).comes('c1', { avoid: ['lin' as AgentId] }).offers()).toEqual([]);
  });

  it('also when it becomes known only while it waits', () => {
    const h = open(rule([{ attribute: 'language', is: ['zh-CN'] }]), [skilled('omar', { special: 5 })]).choose('omar', 'away').join('c1').join('c2');
    h.post({ type: 'contact.changed', contact: 'c2' as never, priority: 9, attributes: { language: 'zh-CN' } });
    expect(h.choose('omar', 'available').offers()).toEqual(['omar←c2']);
  });
});

describe('kept for one agent', () => {
  const keep = { sticky: [{ attribute: 'adviser', holdMs: 30_000 }] };
  it('the contact waits for that one, others are served meanwhile, and then anybody may have it', () => {
    const h = open(keep, [agent('lin'), agent('omar')]).join('c0').accept('lin').comes('c1', with_({ adviser: 'lin' }));
    expect(h.offers()).toEqual([]);
    expect(h.join('c2').offers()).toEqual(['omar←c2']);
    expect(h.accept('omar').released('c0').offers()).toEqual(['lin←c1']);
  });
  it('ends with its time, with its agent turning away, and with its agent not answering', () => {
    const start = () => open(keep, [agent('lin'), agent('omar')]).join('c0').accept('lin').comes('c1', with_({ adviser: 'lin' }));
    expect(start().at(29_999).offers()).toEqual([]);
    expect(start().at(30_000).offers()).toEqual(['omar←c1']);
    expect(start().choose('lin', 'away').offers()).toEqual(['omar←c1']);
    expect(start().released('c0').decline('lin', 'rejected').offers()).toEqual(['omar←c1']);
    expect(start().post({ type: 'agent.changed', agent: { ...agent('lin'), queues: [] } }).offers()).toEqual(['omar←c1']);
  });
  it('is not waited for when not at work', () => {
    expect(open(keep, [agent('lin'), agent('omar')]).choose('lin', 'away').comes('c1', with_({ adviser: 'lin' })).offers()).toEqual(['omar←c1']);
  });
});

describe('a reserve', () => {
  const reserve = { reserve: { agents: 1, priority: 8 } };
  it('keeps its agents free for those who matter', () => {
    const h = open(reserve, [agent('lin'), agent('omar')]).join('c1').join('c2');
    expect(h.offers()).toEqual(['lin←c1']);
    expect(h.join('c3', 'support', 8).offers()).toEqual(['lin←c1', 'omar←c3']);
  });
  it('lets go as soon as one more is free, even one who could not have taken the contact', () => {
    const h = open({ ...reserve, required: needs({ chinese: 1 }) }, [skilled('lin', { chinese: 1 }), agent('omar')]).choose('omar', 'away').join('c1');
    expect(h.offers()).toEqual([]);
    expect(h.choose('omar', 'available').offers()).toEqual(['lin←c1']);
  });
});

describe('priority', () => {
  it('comes first where it is strict, however long others wait', () => {
    const h = open({ ageingMs: 0 }, [agent('lin')]).choose('lin', 'away').join('c1', 'support', 4).at(86_400_000).join('c2', 'support', 5);
    expect(h.choose('lin', 'available').offers()).toEqual(['lin←c2']);
  });
  it.each([[119_999, 'lin←c2'], [120_001, 'lin←c1']])('is outwaited at the rate set: %d ms for two levels of a minute each', (waited, offered) => {
    const h = open({ ageingMs: 60_000 }, [agent('lin')]).choose('lin', 'away').join('c1', 'support', 5).at(waited).join('c2', 'support', 7);
    expect(h.choose('lin', 'available').offers()).toEqual([offered]);
  });
  it('is raised by a rule, within 1 and 10', () => {
    const rules = [{ when: [{ attribute: 'tier', is: ['gold'] }], require: [], prefer: [], priority: 20 }];
    const h = open({ rules }, [agent('lin')]).choose('lin', 'away').join('c1', 'support', 9).comes('c2', with_({ tier: 'gold' }));
    expect(h.choose('lin', 'available').offers()).toEqual(['lin←c2']);
    expect(h.state().contacts.get('c2' as never)?.entries[0]?.priority).toBe(10);
  });
});

describe('several queues', () => {
  const both = [demoQueue('support'), demoQueue('sales')];
  const ranked = (id: string, support_: number, sales: number): AgentSetup =>
    demoAgent(id, [], { queues: [{ queue: 'support' as never, rank: support_, ring: 1 }, { queue: 'sales' as never, rank: sales, ring: 1 }] });
  it('of an agent are served by rank, each rank being worth some waiting', () => {
    const start = () => hall().open(both, [ranked('lin', 2, 1)], { rankMs: 60_000 }).choose('lin', 'away').join('c1', 'support');
    expect(start().at(59_999).join('c2', 'sales').choose('lin', 'available').offers()).toEqual(['lin←c2']);
    expect(start().at(60_001).join('c2', 'sales').choose('lin', 'available').offers()).toEqual(['lin←c1']);
  });
  it('of a contact: the first free agent of any of them takes it, and it leaves all', () => {
    const h = hall().open(both, [demoAgent('lin', ['support']), demoAgent('omar', ['sales'])]).choose('lin', 'away').choose('omar', 'away');
    h.comes('c1', { queues: ['support', 'sales'] as never }).choose('omar', 'available');
    expect(h.offers()).toEqual(['omar←c1']);
    expect(h.accept('omar').choose('lin', 'available').offers()).toEqual([]);
    expect([...h.state().queues.values()].map((q) => q.line.size)).toEqual([0, 0]);
  });
});

describe('capacity', () => {
  const able = (id = 'lin'): AgentSetup => agent(id, { capacity: { voice: 1, chat: 3 } });
  const chat = (h: Hall, ...ids: string[]): Hall => ids.reduce((all, id) => all.comes(id, { channel: 'chat' }), h);
  it('is one call or three chats', () => {
    expect(chat(open({}, [able()]), 'x1', 'x2', 'x3', 'x4').offers()).toEqual(['lin←x1', 'lin←x2', 'lin←x3']);
    expect(chat(open({}, [able()]), 'x1').accept('lin').join('c1').offers()).toEqual([]);
    expect(chat(open({}, [able()]).join('c1').accept('lin'), 'x1').offers()).toEqual([]);
  });
  it('blends as the settings say: a call may interrupt chats, chats do not interrupt a call', () => {
    const h = chat(open({}, [able()], { blending: { voice: ['chat'] } }), 'x1').accept('lin').join('c1');
    expect(h.offers()).toEqual(['lin←c1']);
    expect(chat(h.accept('lin'), 'x2').offers()).toEqual([]);
    expect(h.released('c1').offers()).toEqual(['lin←x2']);
  });
  it('frees up as soon as one of three is over', () => {
    const h = chat(open({}, [able()]), 'x1').accept('lin');
    chat(h, 'x2').accept('lin');
    chat(h, 'x3').accept('lin');
    expect(chat(h, 'x4').offers()).toEqual([]);
    expect(h.released('x2').offers()).toEqual(['lin←x4']);
  });
});

describe('strategies', () => {
  const three = ['lin', 'omar', 'eve'].map((id) => agent(id));
  const serve = (h: Hall, contact: string, ms: number): Hall => {
    const who = h.join(contact).offers().at(-1)?.split('←')[0] ?? '';
    return h.accept(who).at(h.now() + ms).released(contact);
  };
  const order = (by: QueueSetup['strategy'], agents = three): string => {
    const h = open({ strategy: by }, agents);
    for (const [i, ms] of [60_000, 1_000, 30_000, 500, 500, 500].entries()) serve(h, `c${i}`, ms);
    h.did();
    return ['d1', 'd2', 'd3'].map((c) => h.join(c).offers().at(-1)?.split('←')[0]).join(' ');
  };
  it.each<[string, QueueSetup['strategy'], string]>([
    ['longest idle', strategy('longest_idle'), 'lin omar eve'],
    ['least occupied', strategy('least_occupied'), 'omar eve lin'],
    ['fewest today', strategy('fewest_today'), 'lin omar eve'],
    ['round robin', strategy('round_robin'), 'lin omar eve'],
  ])('%s', (_name, by, expected) => expect(order(by)).toBe(expected));

  it('weighted: skill against contacts taken today', () => {
    const weights = { idleMinute: 0, skillLevel: 1, handledToday: 3 };
    const h = open({ strategy: strategy('weighted', weights), preferred: needs({ refund: 1 }) }, [skilled('lin', { refund: 9 }), skilled('omar', { refund: 5 })]);
    expect(['c1', 'c2', 'c3'].map((c) => {
      const who = h.join(c).offers()[0]?.split('←')[0] ?? '';
      h.accept(who).released(c);
      return who;
    })).toEqual(['lin', 'lin', 'omar']);
  });
  it('fewest today begins anew with the day', () => {
    const h = open({ strategy: strategy('fewest_today') }, [agent('lin'), agent('omar')]).choose('omar', 'away').join('c1').accept('lin').released('c1');
    h.at(1_000).choose('omar', 'available').post({ type: 'day.began' });
    expect(h.join('c2').offers()).toEqual(['lin←c2']);
  });
});
