import type { NewTicket } from '../src/desk/tickets/index.js';
import type { Segment } from '../src/wiring/transcripts/segments.js';
import { GIVEN, LATIN_GIVEN, LATIN_SUR, randomFrom, SURNAMES } from './people.js';

/** What is to be found: the n-th of each kind is the same each time, whoever puts it into the database. */
export const T0 = Date.UTC(2026, 0, 1);
/** Between two of them. */
const STEP_MS = 25_000;
const MESSAGES = 10;
export const conversationsOf = (messages: number): number => Math.ceil(messages / MESSAGES);
export const [AGENTS, QUEUES, TEAMS] = [300, 20, 50];
/** One of three hundred, as names of the country go, and one with a number that people ask for. */
const [NAME, NUMBER] = ['张伟', '+8613800138000'];

// The first ones are said most.
const ZH = [
  '请问我的订单什么时候到', '我要退款', '好的，马上为您查询', '物流一直没有更新', '请提供订单号', '可以换货吗', '感谢您的耐心等待', '发票怎么开', '地址写错了', '快递员没有联系我', '商品有质量问题', '优惠券不能用', '已经为您登记', '还有其他可以帮您的吗',
  '不用了谢谢', '我想取消订单', '运费由谁承担', '账户登录不了', '验证码收不到', '会员什么时候到期', '维修师傅几点上门', '保修期还有多久', '请重新发送一次', '屏幕碎了要多少钱', '热水器漏水', '宽带断了两天', '套餐怎么变更', '银行卡扣了两次钱', '我要投诉', '请转人工',
];
const EN = [
  'please', 'thank you for your patience', 'where is my order', 'I want a refund', 'the delivery is late', 'can you help me', 'your parcel has left the warehouse', 'the screen is broken', 'I cannot log in', 'please cancel my subscription', 'the invoice is wrong', 'is there a warranty', 'the technician did not come',
  'my card was charged twice', 'could you send it again', 'the router keeps restarting', 'I would like to change my address', 'have a nice day',
];
type Draw = (below: number) => number;
const pick = <T>(draw: Draw, list: readonly T[]): T => list[draw(list.length)] as T;
/** The first ones more often. */
const often = <T>(draw: Draw, list: readonly T[]): T => list[Math.floor((draw(1_000) / 1_000) ** 2 * list.length)] as T;
/** Draws of one thing; the first few of neighbours are alike. */
function drawFor(kind: number, n: number): Draw {
  const draw = randomFrom(((kind * 40_503 + n) * 2_654_435_761 + 1) | 1);
  for (let i = 0; i < 8; i += 1) draw(2);
  return draw;
}
function nameBy(draw: Draw): string {
  if (draw(300) === 0) return NAME;
  return draw(5) === 0 ? `${pick(draw, LATIN_GIVEN)} ${pick(draw, LATIN_SUR)}` : `${pick(draw, SURNAMES)}${pick(draw, GIVEN)}${draw(3) === 0 ? '' : pick(draw, GIVEN)}`;
}
const numberOf = (n: number): string => (n % 100_000 === 77 ? NUMBER : `+861${String(3 + (n % 7))}${String((n * 7_907) % 1_000_000_007).padStart(9, '0').slice(-9)}`);
/** A sentence or two, in one language or both, some with a name, a number, an order. */
function textBy(draw: Draw, n: number): string {
  const parts = [draw(10) < 3 ? often(draw, EN) : often(draw, ZH), ...(draw(2) === 0 ? [often(draw, ZH)] : []), ...(draw(4) === 0 ? [often(draw, EN)] : [])];
  if (draw(5) === 0) parts.push(`我叫${nameBy(draw)}`);
  if (draw(15) === 0) parts.push(`电话${numberOf(n)}`);
  if (draw(12) === 0) parts.push(`订单A-2026${String(draw(1_000_000)).padStart(6, '0')}`);
  return parts.join('，');
}

export interface Talk {
  readonly at: number;
  readonly visitor: string;
  readonly customer: string;
  readonly name: string;
  readonly agent: string;
  readonly queue: string;
  readonly texts: readonly { readonly text: string; readonly by: 'visitor' | 'agent'; readonly note: boolean }[];
}
/** The n-th conversation, from 0. */
export function talk(n: number): Talk {
  const draw = drawFor(1, n);
  return {
    at: T0 + n * STEP_MS, visitor: `vis_${String(n)}`, customer: `cus_${String(draw(200_000))}`, name: nameBy(draw), agent: `a${String(draw(AGENTS))}`, queue: `q${String(draw(QUEUES))}`,
    texts: Array.from({ length: MESSAGES }, (_, i) => ({ text: textBy(draw, n * MESSAGES + i), by: i % 2 === 0 ? 'visitor' as const : 'agent' as const, note: i % 2 === 1 && draw(10) === 0 })),
  };
}

export interface Recorded {
  readonly id: string;
  readonly call: string;
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly agent: string;
  readonly queue: string;
  readonly customer: string | undefined;
  readonly segments: readonly Segment[];
}
/** Whoever left the house worked in its first tenth alone. */
export const LEFT = `a${String(AGENTS)}`;
/** The n-th recording of `all`, a call each. */
export function recorded(n: number, all: number): Recorded {
  const draw = drawFor(2, n);
  const id = String(n).padStart(9, '0');
  const segments = Array.from({ length: 4 }, (_, i): Segment => ({ speaker: i % 2 === 0 ? 'customer' : 'other', start_ms: i * 4_000, end_ms: i * 4_000 + 3_500, text: textBy(draw, n * 4 + i), confidence: 0.9, words: [] }));
  return {
    id: `rec_${id}`, call: `call_${id}`, at: T0 + n * STEP_MS, from: numberOf(n), to: `+86755000${String(4_000 + draw(30))}`, queue: `q${String(draw(QUEUES))}`, customer: draw(2) === 0 ? `cus_${String(draw(200_000))}` : undefined,
    agent: n < all / 10 && draw(30) === 0 ? LEFT : `a${String(draw(AGENTS))}`, segments,
  };
}

export interface Ticketed {
  readonly at: number;
  readonly what: NewTicket;
  readonly comment: string | undefined;
}
/** The n-th ticket, from 0; every other one has a comment. */
export function ticketed(n: number): Ticketed {
  const draw = drawFor(3, n);
  return {
    at: T0 + n * STEP_MS,
    what: {
      type: 'question', subject: textBy(draw, n), text: [textBy(draw, n), textBy(draw, n)].join('\n'), channel: pick(draw, ['phone', 'chat', 'api']), tags: draw(20) === 0 ? ['vip'] : [], customer: `cus_${String(draw(200_000))}`, language: draw(4) === 0 ? 'en' : 'zh-CN',
      requester: { name: nameBy(draw), phone: numberOf(n), email: draw(2) === 0 ? `${pick(draw, LATIN_SUR)}${String(n)}@example.com` : null }, team: `t${String(draw(TEAMS))}`, assignee: draw(2) === 0 ? `a${String(draw(AGENTS))}` : null, priority: draw(10) === 0 ? 'high' : 'normal',
    },
    comment: n % 2 === 0 ? textBy(draw, n + 1) : undefined,
  };
}
