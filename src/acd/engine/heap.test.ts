import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heap, type Placed } from './heap.js';

interface Item extends Placed { readonly key: number; readonly tie: number }
let ties = 0;
const item = (key: number): Item => ({ key, tie: (ties += 1), pos: -1 });
const empty = () => heap<Item>({ key: (i) => i.key, tie: (i) => i.tie });
const byOrder = (a: Item, b: Item): number => a.key - b.key || a.tie - b.tie;

describe('a heap', () => {
  it('gives the least first, of equals the one with the lesser tie', () => {
    const h = empty();
    const [a, b, c] = [item(2), item(1), item(1)];
    for (const one of [a, b, c]) h.push(one);
    expect([h.top(), h.topKey(), h.inOrder()]).toEqual([b, 1, [b, c, a]]);
    expect([empty().top(), empty().topKey()]).toEqual([undefined, Infinity]);
  });

  it('knows who is not in it', () => {
    const h = empty();
    const a = item(1);
    expect(h.remove(a)).toBe(false);
    h.push(a);
    expect([h.remove(a), h.remove(a), a.pos, h.size]).toEqual([true, false, -1, 0]);
  });

  it('behaves as a sorted list does, whatever is put in and taken out, also from the middle', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.nat(20).map((key) => ({ put: key })), fc.nat(50).map((at) => ({ take: at }))), { maxLength: 200 }), (acts) => {
      const h = empty();
      let list: Item[] = [];
      for (const act of acts) {
        if ('put' in act) {
          const one = item(act.put);
          h.push(one);
          list = [...list, one].sort(byOrder);
        } else {
          const one = list[act.take];
          if (one) expect(h.remove(one)).toBe(true);
          list = list.filter((other) => other !== one);
        }
        expect(h.top()).toBe(list[0]);
        expect(h.items.every((one, at) => one.pos === at)).toBe(true);
      }
      expect(h.inOrder()).toEqual(list);
      const wanted = (one: Item): boolean => one.key % 3 === 0;
      expect(h.firstThat(wanted)).toBe(list.find(wanted));
    }));
  });
});
