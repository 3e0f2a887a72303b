import { describe, expect, it } from 'vitest';
import { caller, planOf, type Caller, type WrittenStep } from './caller.js';
import type { Http } from './plan.js';
import { readTemplate, renderParts, renderText, renderValue, type Template, type Written } from './template.js';

const text = (written: string): string | Template => {
  const read = readTemplate(written);
  if (!read.ok) throw new Error(read.message);
  return read.text;
};
const queue = (name: string): WrittenStep => ({ do: 'queue', names: [name], priority: 5, attributes: {}, needs: [] });
const asking = (http: Partial<Http> = {}, onError?: string): Caller => {
  const step: WrittenStep = {
    do: 'http', method: 'GET', url: 'https://orders.example/v1/orders', headers: {}, body: undefined, timeoutMs: 2_000, retries: 1, retryUnsafe: false, expect: 'json',
    save: { order_id: 'items[0].id', total: 'total' }, fallback: undefined, otherwise: undefined, ...http, ...(onError === undefined ? {} : { onError }),
  };
  return caller(planOf({ main: [step, queue('next')], sorry: [queue('sorry')] }), 'main', 'en', { from: '+8613800138000', evil: '${TOKEN}\r\nX: y', deep: { a: 1 } });
};
const requestOf = (c: Caller) => c.effects().flatMap((f) => (f.do === 'http' ? [f.request] : []))[0];
const facts = (c: Caller) => c.effects().flatMap((f) => (f.do === 'publish' && f.fact.type === 'http_answered' ? [f.fact.data] : []));

describe('what is asked', () => {
  it('has its values in it, escaped where they stand', () => {
    const request = requestOf(asking({ method: 'POST', url: text('https://orders.example/v1?phone=${from}&x=$evil'), headers: { 'X-Caller': text('$from'), Authorization: text('Bearer ${API_KEY}') }, body: { phone: text('$from'), deep: text('$deep'), list: [1, null] } }));
    expect(request).toMatchObject({
      method: 'POST', url: 'https://orders.example/v1?phone=%2B8613800138000&x=%24%7BTOKEN%7D%0D%0AX%3A%20y', headers: { 'X-Caller': '+8613800138000', Authorization: 'Bearer ${API_KEY}' },
      body: { phone: '+8613800138000', deep: { a: 1 }, list: [1, null] }, timeoutMs: 2_000, retries: 1,
    });
  });

  it('lets no value name a secret or begin another header', () => {
    expect(requestOf(asking({ headers: { 'X-A': text('$evil') } }))?.headers).toEqual({ 'X-A': '$ {TOKEN}  X: y' });
  });

  it('cannot be asked when a value cannot be worked out', () => {
    expect(asking({ url: text('https://a.example/${order.id}') }, 'sorry').story()).toEqual([expect.stringMatching(/^failed http: /), 'queue sorry en']);
  });
});

describe('what is answered', () => {
  it('is in variables, by paths; what is not there is nothing, or the fall-back', () => {
    const c = asking({ fallback: { total: 0 } }).answers({ ok: true, status: 200, json: { items: [{ id: 'A1' }] } });
    expect(c.story().at(-1)).toBe('queue next en');
    expect(c.state().variables).toMatchObject({ order_id: 'A1', total: 0, http_status: 200 });
    expect(asking().answers({ ok: true, status: 200, json: {} }).state().variables).toMatchObject({ order_id: null, total: null });
    expect(facts(c)).toEqual([{ flow: 'main', step: 1, status: 200 }]);
  });

  it('may be text', () => expect(asking({ save: { said: '$' } }).answers({ ok: true, status: 200, text: 'hello' }).state().variables).toMatchObject({ said: 'hello' }));

  const bad = { ok: false, why: 'status', status: 503, detail: 'x' } as const;
  it.each<[string, Partial<Http>, string | undefined, string[]]>([
    ['otherwise', { otherwise: 'sorry', fallback: { total: 9 } }, undefined, ['queue sorry en']], ['fall-back values', { fallback: { total: 9 } }, undefined, ['queue next en']], ['on_error', {}, 'sorry', ['failed http_status', 'queue sorry en']],
    ['nothing: the last resort', {}, undefined, ['failed http_status', expect.stringContaining('sorry') as string]],
  ])('badly leads to: %s', (_what, http, onError, story) => {
    const c = asking(http, onError).answers(bad);
    expect(c.story().slice(1)).toEqual(story);
    expect(facts(c)).toEqual([{ flow: 'main', step: 1, status: 503, why: 'status' }]);
    expect(c.state().variables).toMatchObject({ http_status: 503, ...http.fallback });
  });

  it('too late changes nothing', () => {
    const c = asking().answers({ ok: true, status: 200, json: {} });
    c.story();
    expect(c.late((id) => ({ type: 'http.ended', id, answer: bad })).story()).toEqual([]);
  });
});

describe('texts with values', () => {
  const scope = { name: 'Lin', n: 3, list: ['a', 'b'], order: { id: 'A1' }, no: null };
  it.each<[string, string]>([
    ['plain', 'plain'], ['$name', 'Lin'], ['Hi $name, $n', 'Hi Lin, 3'], ['订单$n已取消', '订单3已取消'], ['${order.id}!', 'A1!'], ['$$name costs $5', '$name costs $5'], ['$list', 'a, b'], ['$no|$nobody', '|'], ['${"}" + name}', '}Lin'], ['${order}', '{"id":"A1"}'], ['a $', 'a $'], ['$$', '$'],
    ['${ {"a": n}["a"] }', '3'], ['k ${SECRET_KEY}', 'k '],
  ])('%s', (written, said) => expect(renderText(text(written), scope)).toEqual({ value: said, failed: undefined }));

  it.each<[string, number]>([['Hello ${name', 7], ['${1 +}', 3], ['${}', 3]])('%s is refused, with its place', (written, column) => {
    const read = readTemplate(written);
    expect(read.ok ? 0 : Math.abs(read.column - column) <= 3).toBe(true);
  });

  it('name what they use', () => {
    const read = readTemplate('$a ${b.c + d} ${KEY}');
    expect(read.ok && [read.names, read.secrets]).toEqual([['a', 'b', 'd'], ['KEY']]);
  });

  it('alone keep their kind', () => {
    const value = (written: Written) => renderValue(written, scope).value;
    expect([value(text('$n')), value(text('${n > 2}')), value(text('$list')), value(text('n=$n')), value({ a: [text('$order')] }), value(text('$nobody'))]).toEqual([3, true, ['a', 'b'], 'n=3', { a: [{ id: 'A1' }] }, null]);
  });

  it('keep secrets by name, for whom they are meant', () => expect(renderParts(text('Bearer ${KEY} $name'), scope).value).toEqual(['Bearer ', { secret: 'KEY' }, ' ', 'Lin']));
});
