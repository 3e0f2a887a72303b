import type { Ms } from '../../base/index.js';

interface Item {
  readonly at: Ms;
  readonly nth: number;
  readonly run: () => void;
}
/** What is going to happen, the next first; of the same moment what was entered first. */
export interface Agenda {
  nextAt(): Ms | undefined;
  add(at: Ms, run: () => void): void;
  take(): { readonly at: Ms; readonly run: () => void } | undefined;
}

const before = (a: Item, b: Item): boolean => a.at < b.at || (a.at === b.at && a.nth < b.nth);

export function newAgenda(): Agenda {
  const items: Item[] = [];
  let nth = 0;
  const down = (item: Item): void => {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const [left, right] = [items[child], items[child + 1]];
      if (!left) break;
      if (right && before(right, left)) child += 1;
      const below = items[child] as Item;
      if (!before(below, item)) break;
      items[at] = below;
      at = child;
    }
    items[at] = item;
  };
  return {
    nextAt: () => items[0]?.at,
    add(at, run) {
      const item = { at, nth: (nth += 1), run };
      let place = items.length;
      items.push(item);
      for (let up = (place - 1) >> 1; place > 0 && before(item, items[up] as Item); up = (place - 1) >> 1) {
        items[place] = items[up] as Item;
        place = up;
      }
      items[place] = item;
    },
    take() {
      const [first] = items;
      const last = items.pop();
      if (last && last !== first) down(last);
      return first;
    },
  };
}
