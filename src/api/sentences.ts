import type { Explanation } from '../acd/index.js';

export interface Says {
  readonly 'zh-CN': string;
  readonly en: string;
}
type InQueue = Explanation['queues'][number];
type Candidate = InQueue['candidates'][number];

const says = (en: string, zh: string): Says => ({ en, 'zh-CN': zh });
const seconds = (ms: number): number => Math.round(ms / 1000);

const RANKED: Readonly<Record<string, Says>> = {
  longest_idle: says('free for longest', '空闲最久'),
  least_occupied: says('least occupied of late', '近期最不忙'),
  fewest_today: says('fewest contacts today', '今日接待最少'),
  round_robin: says('whose turn it is', '轮到'),
  most_skilled: says('the best skills for it', '技能最匹配'),
  weighted: says('the best weighted score', '加权得分最优'),
};

/** One sentence on one agent. */
export function candidateSays({ agent, why, detail, idleMs }: Candidate, strategy: string): Says {
  const ranked = RANKED[strategy] ?? says(strategy, strategy);
  const idle = idleMs === null ? says('', '') : says(`, free for ${seconds(idleMs)} s`, `，已空闲 ${seconds(idleMs)} 秒`);
  const more = detail === null ? '' : ` (${detail})`;
  const moreZh = detail === null ? '' : `（${detail}）`;
  switch (why) {
    case 'chosen': return says(`${agent} was chosen: ${ranked.en}${idle.en}`, `选中 ${agent}：${ranked['zh-CN']}${idle['zh-CN']}`);
    case 'could': return says(`${agent} could take it${idle.en}, but others come first`, `${agent} 可以接听${idle['zh-CN']}，但有更优先者`);
    case 'offline': return says(`${agent} is offline${more}`, `${agent} 离线${moreZh}`);
    case 'away': return says(`${agent} is away${more}`, `${agent} 离开${moreZh}`);
    case 'training': return says(`${agent} is in training${more}`, `${agent} 培训中${moreZh}`);
    case 'busy': return says(`${agent} is busy${more}`, `${agent} 忙${moreZh}`);
    case 'no_capacity': return says(`${agent} has work of another channel on hand${more}`, `${agent} 正在处理其他渠道的联系${moreZh}`);
    case 'paused': return says(`${agent} is left alone for a moment after a refusal${more}`, `${agent} 刚拒接，暂不打扰${moreZh}`);
    case 'channel': return says(`${agent} does not take this channel${more}`, `${agent} 不接该渠道${moreZh}`);
    case 'skill_missing': return says(`${agent} lacks the skill "${detail ?? ''}"`, `${agent} 缺少技能“${detail ?? ''}”`);
    case 'level_too_low': return says(`${agent} has too low a level: ${detail ?? ''}`, `${agent} 技能等级不足：${detail ?? ''}`);
    case 'outer_ring': return says(`${agent} belongs to ring ${detail ?? ''}, which is not asked yet`, `${agent} 属于第 ${detail ?? ''} 圈，尚未轮到`);
    case 'blocked_pair': return says(`${agent} is kept apart from this customer`, `${agent} 与该客户互相屏蔽`);
    case 'reserved': return says(`${agent} is kept in reserve for higher priorities`, `${agent} 为更高优先级预留`);
    case 'kept_for_other': return says(`the contact is kept for ${detail ?? 'another agent'}`, `该联系为 ${detail ?? '另一坐席'} 保留`);
  }
}

/** One sentence on what the contact waits for. */
export function waitsForSays(e: Explanation): Says {
  const first = e.queues[0];
  const names = e.offers.map((o) => o.agent).join(', ');
  const kept = e.queues.find((q) => q.keptFor !== null)?.keptFor ?? '';
  const since = says(` after ${seconds(e.waitedMs)} s`, `，已等待 ${seconds(e.waitedMs)} 秒`);
  if (e.state === 'gone') return e.agent === null ? says('It has left without an agent.', '已离开，未接通坐席。') : says(`It has left; ${e.agent} had it.`, `已结束，由 ${e.agent} 接待。`);
  switch (e.waitsFor) {
    case 'nothing': return says(`It is with ${e.agent ?? 'an agent'}.`, `正由 ${e.agent ?? '坐席'} 接待。`);
    case 'answer': return says(`It rings at ${names}${since.en}.`, `正在 ${names} 处振铃${since['zh-CN']}。`);
    case 'bridge': return says(`${e.agent ?? 'An agent'} has answered; the two are being joined.`, `${e.agent ?? '坐席'} 已应答，正在接通。`);
    case 'free_agent': return says(`It is next; every agent who could take it is busy${since.en}.`, `排在最前，可接听的坐席均忙${since['zh-CN']}。`);
    case 'able_agent': return says(`Nobody who works could take it${first ? needs(first).en : ''}${since.en}.`, `在岗坐席均无法接听${first ? needs(first)['zh-CN'] : ''}${since['zh-CN']}。`);
    case 'turn': return says(`It is number ${first?.position ?? '?'} in line${since.en}; others come first.`, `排在第 ${first?.position ?? '?'} 位${since['zh-CN']}，前面还有人。`);
    case 'kept_agent': return says(`It is kept for ${kept}${since.en}.`, `为 ${kept} 保留${since['zh-CN']}。`);
    case 'reserve': return says(`Free agents are kept in reserve for higher priorities${since.en}.`, `空闲坐席为更高优先级预留${since['zh-CN']}。`);
    case 'time': return says('It is booked for later.', '已预约，时间未到。');
  }
}

function needs({ required }: InQueue): Says {
  if (required.length === 0) return says('', '');
  const list = required.map((need) => `${need.skill} ${need.level}`).join(', ');
  return says(`: it needs ${list}`, `：需要 ${list}`);
}

export function nextSays({ inMs, what }: NonNullable<InQueue['next']>): Says {
  const s = seconds(inMs);
  switch (what) {
    case 'relax': return says(`In ${s} s less will be asked for.`, `${s} 秒后将放宽要求。`);
    case 'escalate': return says(`In ${s} s it will be escalated.`, `${s} 秒后将升级处理。`);
    case 'max_wait': return says(`In ${s} s it will have waited too long and goes elsewhere.`, `${s} 秒后将超过最长等待并转往他处。`);
    case 'hold_ends': return says(`In ${s} s it will no longer be kept for one agent.`, `${s} 秒后不再为某一坐席保留。`);
    case 'widen': return says(`In ${s} s more phones will ring at once.`, `${s} 秒后将同时振铃moreZh坐席。`);
  }
}
