import { describe, expect, it } from 'vitest';
import { widthOf, wrap } from '../../base/index.js';
import { compile, type Expression } from '../expressions/index.js';
import { planOf, ways } from '../machine/caller.js';
import { draw, type DrawOptions } from './index.js';
import { drawingOf } from './drawing.js';
import { place, type Point } from './layout.js';
import { waysOf } from './ways.js';

const when = (text: string): Expression => {
  const compiled = compile(text);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.expression;
};

const shop = planOf({
  welcome: [
    { do: 'say', prompt: { 'zh-CN': '您好，欢迎致电。', en: 'Hello <and> welcome.' } },
    { do: 'hours', calendar: 'office', open: 'menu', closed: 'after_hours', holiday: undefined },
  ],
  menu: [{ do: 'ask', prompt: { 'zh-CN': '查订单请按一，取消订单请按二，人工请按零。', en: 'Press one for your order, two to cancel it, zero for a person.' }, keys: { '1': 'order', '2': 'cancel', '0': 'person' }, intents: ways('cancel'), otherwise: 'person' }],
  order: [{ do: 'call', flow: 'look_up', args: {} }, { do: 'branch', cases: [{ when: when('order.total > 1000'), flow: 'person' }], otherwise: 'menu', onError: 'person' } as never],
  look_up: [{ do: 'hang_up' }],
  cancel: [{ do: 'goto', flow: 'menu' }],
  after_hours: [{ do: 'hang_up' }],
  person: [{ do: 'queue', names: ['support'], priority: 5, attributes: {}, needs: [] }],
  lonely: [],
});
const options: DrawOptions = { entries: [{ number: '4000', flow: 'welcome' }], plan: shop, language: 'zh-CN' };

describe('ways', () => {
  it('names every way out of a step, and what must happen', () => {
    expect(waysOf(shop.flows.get('menu')![0]!).map((w) => `${w.by.on} ${w.flow}`).sort()).toEqual(['intent cancel', 'key cancel', 'key order', 'key person', 'otherwise person']);
    expect(waysOf(shop.flows.get('order')![1]!).map((w) => w.by.on)).toEqual(['when', 'otherwise', 'error']);
  });
});

describe('Mermaid', () => {
  const text = draw(options, 'mermaid');
  it('has a box for every flow and a line for every way', () => {
    expect(text).toMatch(/^flowchart TD\n/);
    for (const flow of shop.flows.keys()) expect(text).toContain(`["${flow}"]`);
    expect(text.match(/\|"/g)).toHaveLength([...shop.flows.values()].flat().flatMap(waysOf).length);
    expect(text).toContain('e0(["☎ 4000"]) --> f0s0');
  });
  it('keeps texts from being read as Mermaid', () => {
    const wild = planOf({ main: [{ do: 'say', prompt: { en: 'a "quoted" [text]; <b>#1|2</b>\nend' } }] });
    const drawn = draw({ entries: [], plan: wild, language: 'en' }, 'mermaid');
    expect(drawn).toContain('f0s0["say: a #34;quoted#34; #91;text#93;#59; #60;b#62;#35;1#124;2#60;/b#62; end"]');
  });
  it('marks what a call has come to', () => {
    const traced = draw({ ...options, visited: [{ flow: 'welcome', index: 0 }, { flow: 'welcome', index: 1 }, { flow: 'menu', index: 0 }] }, 'mermaid');
    expect(traced).toContain('class f0s0,f0s1,f1s0 visited');
    expect(traced.match(/==>/g)).toHaveLength(1);
  });
});

describe('the picture', () => {
  it('shows every flow, every step and the label of every way, and is well-formed', () => {
    const svg = draw(options, 'svg');
    for (const flow of shop.flows.keys()) expect(svg).toContain(`>${flow}</text>`);
    for (const label of ['按 1', '按 2', '按 0', '说 cancel', '否则', '营业', '休息', '出错', '调用后返回', 'order.total &gt; 1000']) expect(svg, label).toContain(`>${label}</text>`);
    expect(svg).toContain('您好，欢迎致电。');
    expect(unclosed(svg)).toEqual([]);
  });

  it('speaks English to those who read it', () => {
    const svg = draw({ ...options, language: 'en' }, 'svg');
    expect(svg).toContain('Hello &lt;and&gt; welcome.');
    expect(svg).toContain('>key 1</text>');
  });

  it('lays no card over another', () => {
    const { cards } = place(drawingOf(options));
    for (const [i, a] of cards.entries()) for (const b of cards.slice(i + 1))
      expect(Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2, `${a.title} and ${b.title}`).toBe(true);
  });

  it('leads arrows from card to card, downwards where it can', () => {
    const { cards, arrows, width, height } = place(drawingOf(options));
    const inside = (p: Point): boolean => p.x >= -1 && p.x <= width + 1 && p.y >= -1 && p.y <= height + 1;
    expect(arrows.every(({ points }) => points.length >= 2 && points.every(inside))).toBe(true);
    expect(cards.find((c) => c.entry)!.y).toBeLessThan(cards.find((c) => c.title === 'welcome')!.y);
  });

  it('can show one flow and what it leads to', () => {
    expect(drawingOf({ ...options, flow: 'order' }).cards.map((c) => c.flow)).toEqual(['order', 'look_up', 'person', 'menu', 'cancel']);
  });

  it('marks the way of a call', () => {
    const drawing = drawingOf({ ...options, visited: [{ flow: 'welcome', index: 0 }, { flow: 'welcome', index: 1 }, { flow: 'after_hours', index: 0 }] });
    expect(drawing.cards.filter((c) => c.visited).map((c) => c.flow)).toEqual(['welcome', 'after_hours']);
    expect(drawing.arrows.filter((a) => a.visited).map((a) => [a.from, a.to])).toEqual([['welcome', 'after_hours']]);
    expect(draw({ ...options, visited: [{ flow: 'welcome', index: 0 }] }, 'svg')).toContain('class="row visited"');
  });

  it('draws a hundred menus within seconds', () => {
    const below = (i: number): [string, string][] => [1, 2, 3].flatMap((key): [string, string][] => (i * 3 + key < 100 ? [[String(key), `f${i * 3 + key}`]] : []));
    const many = planOf(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, [{ do: 'ask' as const, prompt: { en: `Question ${i}` }, keys: Object.fromEntries([...below(i), ['*', 'f0'], ['0', 'f99']]) }]])));
    const began = performance.now();
    expect(draw({ entries: [{ number: '1', flow: 'f0' }], plan: many, language: 'en' }, 'svg').length).toBeGreaterThan(10_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('text', () => {
  it('gives Chinese a square and Latin half of one', () => expect(widthOf('您好')).toBeGreaterThan(widthOf('Hi') * 1.4));
  it.each([
    ['查订单请按一，取消订单请按二，人工请按零。', 8, 3, ['查订单请按一，取', '消订单请按二，人', '工请按零。']],
    ['Press one for your order', 8, 2, ['Press one for', 'your order']],
    ['Press one for your order, two to cancel it', 8, 2, ['Press one for', 'your order,…']],
    ['', 8, 2, []],
  ])('%s', (written, width, lines, expected) => expect(wrap(written, width, lines)).toEqual(expected));
  it('breaks a word that is wider than a line', () => expect(wrap('https://orders.example/v1/orders', 6, 9).every((line) => widthOf(line) <= 6)).toBe(true));
});

/** Names of elements that are opened and not closed, or closed and not opened. */
function unclosed(svg: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, close, name = '', self] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (close === '/') {
      if (open.pop() !== name) wrong.push(name);
    } else if (self !== '/') open.push(name);
  }
  return [...wrong, ...open];
}
