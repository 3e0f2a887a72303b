import { describe, expect, it } from 'vitest';
import { explain } from './explain.js';
import { demoAgent, demoQueue, hall, needs } from './hall.fixture.js';
import { preview } from './preview.js';
import { restore } from './restore.js';
import { snapshot, type Snapshot } from './snapshot.js';
import { emptySetup } from './state.js';
import { step } from './step.js';

const centre = () =>
  hall().open(
    [demoQueue('support', { required: needs({ chinese: 3 }), reserve: { agents: 1, priority: 9 }, wrapUp: { ms: 30_000, maxMs: 60_000 }, maxWaitMs: 90_000 }), demoQueue('sales')],
    [demoAgent('lin', ['support'], { skills: { chinese: 5 } }), demoAgent('omar', ['support', 'sales'], { skills: { chinese: 2 } }), demoAgent('eve', ['support'], { skills: { chinese: 9 } })],
  );

describe('a snapshot', () => {
  const busy = () => centre().join('c1').accept('lin').join('c2').join('c3', 'sales').pickUp('omar').at(5_000).decline('eve').leave('c1').join('c4', 'support', 9);
  const revived = (kept: Snapshot) => restore(JSON.parse(JSON.stringify(kept)) as Snapshot);

  it('is plain JSON, and a state made of it looks the same', () => {
    const kept = snapshot(busy().state());
    expect(JSON.parse(JSON.stringify(kept))).toEqual(kept);
    expect(snapshot(revived(kept))).toEqual(kept);
  });

  it('goes on as the state would have that it was taken of', () => {
    const h = busy();
    const copy = revived(snapshot(h.state()));
    const events = [{ type: 'time.passed' as const }, { type: 'contact.returned' as const, contact: 'c3' as never }, { type: 'agent.chose' as const, agent: 'eve' as never, state: 'available' as const, reason: null, by: 'x' }];
    for (const [i, event] of events.entries()) expect(step(copy, event, 20_000 * (i + 1))).toEqual(step(h.state(), event, 20_000 * (i + 1)));
    expect(snapshot(copy)).toEqual(snapshot(h.state()));
  });

  it('shares nothing with the state', () => {
    const h = busy();
    const kept = snapshot(h.state());
    const text = JSON.stringify(kept);
    h.at(200_000).join('c9');
    expect(JSON.stringify(kept)).toBe(text);
  });
});

describe('why', () => {
  const why = (h: ReturnType<typeof centre>, contact: string) => explain(h.state(), contact as never, h.now());
  const reasons = (h: ReturnType<typeof centre>, contact: string): string[] | undefined => why(h, contact)?.queues[0]?.candidates.map((c) => `${c.agent}: ${c.why}${c.detail === null ? '' : ` (${c.detail})`}`);

  it('an agent was chosen, and the others were not', () => {
    const h = centre().join('c1');
    expect(reasons(h, 'c1')).toEqual(['lin: chosen', 'eve: could', 'omar: level_too_low (chinese 2 < 3)']);
    expect(why(h, 'c1')).toMatchObject({ state: 'offered', waitsFor: 'answer', offers: [{ agent: 'lin', queue: 'support' }] });
  });

  it('nobody has it yet', () => {
    const h = centre().choose('eve', 'away', 'lunch').registered('lin', false).join('c1').at(1_000);
    expect(reasons(h, 'c1')).toEqual(['eve: away (lunch)', 'lin: offline (not_registered)', 'omar: level_too_low (chinese 2 < 3)']);
    expect(why(h, 'c1')).toMatchObject({ state: 'waiting', waitsFor: 'able_agent', waitedMs: 1_000, queues: [{ position: 1, next: { inMs: 89_000, what: 'max_wait' } }] });
  });

  it.each<[string, (h: ReturnType<typeof centre>) => unknown, string]>([
    ['all who could are busy', (h) => h.join('c0', 'support', 9).accept('lin').join('c00', 'support', 9).accept('eve').join('c1'), 'free_agent'],
    ['others are before it', (h) => h.join('c0', 'support', 9).accept('lin').join('c00', 'support', 9).accept('eve').join('c000', 'support', 9).join('c1'), 'turn'],
    ['the last free agent is kept for somebody else', (h) => h.choose('omar', 'away').join('c0').accept('lin').join('c1'), 'reserve'],
    ['the bridge is being made', (h) => h.join('c1').pickUp('lin'), 'bridge'],
    ['its time has not come', (h) => h.comes('c1', { notBefore: 60_000 }), 'time'],
  ])('%s', (_what, arrange, expected) => {
    const h = centre();
    arrange(h);
    expect(why(h, 'c1')?.waitsFor).toBe(expected);
  });

  it('is not known of a stranger', () => expect(why(centre(), 'nobody')).toBeUndefined());
});

describe('a preview', () => {
  const h = centre().choose('lin', 'away').choose('eve', 'away').join('c1').join('c2').join('c3', 'sales');
  const setup = (level: number, queues = ['support', 'sales']) => ({
    ...emptySetup, agents: h.state().setup.agents, queues: queues.map((id) => demoQueue(id, id === 'support' ? { required: needs({ chinese: level }) } : {})),
  });
  it('counts who would find more agents, fewer, none, or no queue; and changes nothing', () => {
    const before = JSON.stringify(snapshot(h.state()));
    expect(preview(h.state(), setup(2), 1_000)).toMatchObject({ waiting: 3, gaining: { contacts: 2, agents: 1 }, losing: { contacts: 0, agents: 0 }, stranded: 0, dismissed: 0 });
    expect(preview(h.state(), setup(9, ['support']), 1_000)).toMatchObject({ dismissed: 1 });
    expect(JSON.stringify(snapshot(h.state()))).toBe(before);
  });
});
