import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, compilePattern, evaluate, type Scope, type Value } from './index.js';

const read = (text: string) => {
  const compiled = compile(text);
  if (!compiled.ok) throw new Error(`${compiled.message} at ${compiled.column}`);
  return compiled;
};
const work = (text: string, scope: Scope = {}): Value => {
  const done = evaluate(read(text).expression, scope);
  if (!done.ok) throw new Error(done.message);
  return done.value;
};
const refusal = (text: string, scope: Scope = {}): string => {
  const done = evaluate(read(text).expression, scope);
  return done.ok ? `answered ${JSON.stringify(done.value)}` : done.message;
};

const order = { id: 'A1', total: 90, items: [{ name: '茶', n: 2 }, { name: 'tea', n: 0 }], status: 'paid' };

describe('what designers write', () => {
  it.each<[string, Value]>([
    ['order.status == "paid"', true],
    ['order.total >= 50 && order.total < 100', true],
    ['order.total / 4', 22.5],
    ['order.total + 1', 91],
    ['2 * order.total', 180],
    ['7 % 2', 1],
    ['order.total % 2 == 0', true],
    ['order.items.exists(i, i.n == 0)', true],
    ['order.items.filter(i, i.n > 0).map(i, i.name)', ['茶']],
    ['size(order.items) > 1', true],
    ['order.items[0].name', '茶'],
    ['has(order.refund)', false],
    ['from.startsWith("+86138")', true],
    ['from.matches("^\\\\+86\\\\d{11}$")', true],
    ['"vip" in tags', true],
    ['language == "zh-CN" ? "您好" : "hello"', '您好'],
    ['int(typed) + 1', 43],
    ['"订单" + order.id', '订单A1'],
    ['timestamp(now).getHours("Asia/Shanghai") >= 18', true],
    ['timestamp(now)', '2026-11-20T10:00:00.000Z'],
    ['nobody_set_this == null', true],
    ['order.status == null', false],
    ['{"a": order.total}', { a: 90 }],
  ])('%s', (text, value) => {
    expect(work(text, { order, from: '+8613800138000', tags: ['vip'], language: 'zh-CN', typed: '42', now: '2026-11-20T10:00:00Z' })).toEqual(value);
  });

  it('divides the same way whatever the number happens to be', () => {
    expect([10, 10.5].map((total) => work('total / 4', { total }))).toEqual([2.5, 2.625]);
  });
});

describe('what check wants to know', () => {
  it('reports names and paths from outside, not those that a list gives its items', () => {
    const { names, paths } = read('customer.age >= 65 || order.items.exists(i, i.n > limit) || tags.all(t, t != type("x"))');
    expect([...names].sort()).toEqual(['customer', 'limit', 'order', 'tags']);
    expect([...paths].sort()).toEqual(['customer.age', 'limit', 'order.items', 'tags']);
  });

  it.each([
    ['order.total >', 14], ['1 + ', 5], ['order..id', 7], ['a == "x', 6], ['"a" + 1', 1], ['unknown(1)', 1], ['$from == "1"', 1], ['您好 == 1', 1], ['', 1],
    ['cel.bind(a, "x" + "x", a + a)', 1], ['l.map(a, l.map(b, l.map(c, 1)))', 19],
  ])('refuses %s at column %i', (text, column) => {
    expect(compile(text)).toMatchObject({ ok: false, column });
  });
});

describe('what goes wrong while a caller waits', () => {
  it.each<[string, Scope, RegExp]>([
    ['order.refund.sum', { order }, /no such key/i],
    ['order.total', {}, /./],
    ['a + 1', { a: 'text' }, /overload/],
    ['1 / (n - n)', { n: 1 }, /not a number/],
    ['b"bytes"', {}, /neither text/],
    ['t.matches(p)', { t: 'x', p: '(' }, /missing|parsing/],
  ])('%s says why', (text, scope, why) => expect(refusal(text, scope)).toMatch(why));
});

describe('what an enemy writes', () => {
  it.each(['a.constructor', 'a.__proto__', 'a["constructor"]', 'constructor.constructor("return process")()', 'a.toString()', 'process.env', 'globalThis'])('%s reaches nothing', (text) => {
    const compiled = compile(text);
    const done = compiled.ok ? evaluate(compiled.expression, { a: {} }) : compiled;
    expect(done.ok ? done.value : null).toBeNull();
  });

  it('needs time in proportion to the text, whatever the pattern', () => {
    const began = performance.now();
    expect(work('t.matches("(a+)+$")', { t: `${'a'.repeat(5_000)}b` })).toBe(false);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(compilePattern('x'.repeat(300))).toMatchObject({ ok: false });
  });

  it('does not go through a list of a large answer inside another', () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => n);
    expect(refusal('rows.exists(a, rows.exists(b, a + b < 0))', { rows })).toMatch(/too much data/);
    expect(work('rows.exists(a, a == 4999)', { rows })).toBe(true);
    expect(refusal('t.split("").all(a, t.split("").all(b, a == b))', { t: 'a'.repeat(5_000) })).toMatch(/too much data/);
  });

  it.each([['(', 100], ['-', 3_000], ['[', 50], ['1+', 400], ['!', 500]])('refuses "%s" × %i', (piece, times) => {
    expect(compile(`${piece.repeat(times)}1`).ok).toBe(false);
  });

  it('always answers', () => {
    const piece = fc.constantFrom('a', '1', '"x"', '+', '.', '(', ')', '[', ']', '&&', ' == ', 'map(', 'matches(', ',', '?', ':', '{', '}', '!', '-', 'in', '\n', '\u0000', '\\', '您');
    fc.assert(fc.property(fc.array(piece, { maxLength: 25 }), fc.jsonValue(), (pieces, a) => {
      const compiled = compile(pieces.join(''));
      if (compiled.ok) evaluate(compiled.expression, { a: a as Value });
      else expect(compiled.column).toBeGreaterThan(0);
    }), { numRuns: 2_000 });
  });
});
