import { describe, expect, it } from 'vitest';
import type { AgentId, ContactId, Explanation, QueueId } from '../acd/index.js';
import { candidateSays, nextSays, waitsForSays } from './sentences.js';
import { shownWhy } from './why.js';

type InQueue = Explanation['queues'][number];
type Candidate = InQueue['candidates'][number];
const candidate = (over: Partial<Candidate> = {}): Candidate => ({ agent: 'lin' as AgentId, why: 'could', detail: null, score: 1, fit: 5, idleMs: 30_400, ...over });
const inQueue = (over: Partial<InQueue> = {}): InQueue => ({
  queue: 'support' as QueueId, strategy: 'longest_idle', position: 2, priority: 7, agedPriority: 7.5, required: [{ skill: 'chinese', level: 5 }], preferred: [], ring: 1,
  rules: [1], relaxed: 0, keptFor: null, candidates: [candidate()], next: { inMs: 12_300, what: 'relax' }, ...over,
});
const why = (over: Partial<Explanation> = {}): Explanation => ({
  contact: 'c1' as ContactId, subject: 'call:1', state: 'waiting', waitedMs: 45_600.7, attributes: { tags: ['vip'] }, waitsFor: 'free_agent', offers: [], agent: null, queues: [inQueue()], ...over,
});

it('shows candidates, scores, rules and what comes next', () => {
  expect(shownWhy(why())).toMatchObject({
    contact: 'c1', waited_ms: 45_601, waits_for: 'free_agent', attributes: { tags: ['vip'] },
    queues: [{
      queue: 'support', strategy: 'longest_idle', position: 2, priority: 7, aged_priority: 7.5, required: [{ skill: 'chinese', level: 5 }], ring: 1, rules: [1], kept_for: null,
      candidates: [{ agent: 'lin', why: 'could', score: 1, fit: 5, idle_ms: 30_400, sentence: { en: 'lin could take it, free for 30 s, but others come first' } }],
      next: { in_ms: 12_300, what: 'relax', sentence: { en: 'In 12 s less will be asked for.' } },
    }],
  });
});

it('has no place for one that is taken, and no ring where all are asked', () => {
  expect(shownWhy(why({ queues: [inQueue({ position: 0, ring: 0, next: null })] })).queues[0]).toMatchObject({ position: null, ring: null, next: null });
});

describe('a sentence on every agent', () => {
  it.each<[Candidate['why'], string | null, string, string]>([
    ['chosen', null, 'lin was chosen: free for longest, free for 30 s', '选中 lin：空闲最久，已空闲 30 秒'], ['offline', 'not_registered', 'lin is offline (not_registered)', '离线'],
    ['away', 'lunch', 'lin is away (lunch)', '离开（lunch）'], ['training', null, 'lin is in training', '培训中'], ['busy', 'talking', 'lin is busy (talking)', '忙'],
    ['no_capacity', 'chat', 'lin has work of another channel on hand (chat)', '其他渠道'], ['paused', '4 s', 'left alone for a moment after a refusal (4 s)', '暂不打扰'], ['channel', 'chat', 'does not take this channel', '不接该渠道'],
    ['skill_missing', 'chinese', 'lacks the skill "chinese"', '缺少技能“chinese”'], ['level_too_low', 'chinese 3 < 5', 'too low a level: chinese 3 < 5', '等级不足'], ['outer_ring', '2', 'belongs to ring 2', '第 2 圈'],
    ['blocked_pair', null, 'kept apart from this customer', '屏蔽'], ['reserved', null, 'kept in reserve', '预留'], ['kept_for_other', 'omar', 'the contact is kept for omar', '为 omar 保留'],
  ])('%s', (reason, detail, en, zh) => {
    const says = candidateSays(candidate({ why: reason, detail }), 'longest_idle');
    expect(says.en).toContain(en);
    expect(says['zh-CN']).toContain(zh);
  });
});

describe('a sentence on what it waits for', () => {
  it.each<[Partial<Explanation>, string, string]>([
    [{ waitsFor: 'free_agent' }, 'every agent who could take it is busy after 46 s', '均忙，已等待 46 秒'], [{ waitsFor: 'able_agent' }, 'Nobody who works could take it: it needs chinese 5', '需要 chinese 5'],
    [{ waitsFor: 'turn' }, 'number 2 in line', '第 2 位'], [{ waitsFor: 'answer', offers: [{ agent: 'lin' as AgentId, queue: 'support' as QueueId, ringingMs: 1 }] }, 'rings at lin', 'lin 处振铃'],
    [{ waitsFor: 'bridge', agent: 'lin' as AgentId }, 'lin has answered', 'lin 已应答'], [{ waitsFor: 'nothing', agent: 'lin' as AgentId }, 'with lin', '由 lin 接待'],
    [{ waitsFor: 'kept_agent', queues: [inQueue({ keptFor: 'omar' as AgentId })] }, 'kept for omar', '为 omar 保留'], [{ waitsFor: 'reserve' }, 'in reserve', '预留'], [{ waitsFor: 'time' }, 'booked for later', '预约'],
    [{ state: 'gone', agent: 'lin' as AgentId }, 'lin had it', '由 lin 接待'], [{ state: 'gone' }, 'without an agent', '未接通'],
  ])('%j', (over, en, zh) => {
    const says = waitsForSays(why(over));
    expect(says.en).toContain(en);
    expect(says['zh-CN']).toContain(zh);
  });

  it.each(['relax', 'escalate', 'max_wait', 'hold_ends', 'widen'] as const)('and on %s', (what) => {
    expect(nextSays({ inMs: 5_000, what }).en).toContain('5 s');
    expect(nextSays({ inMs: 5_000, what })['zh-CN']).toContain('5 秒');
  });
});
