import { describe, expect, it } from 'vitest';
import { createLanes } from './lanes.js';

describe('jobs in lanes', () => {
  it('run so many at a time, urgent ones first, in order otherwise', async () => {
    const lanes = createLanes(2);
    const began: string[] = [];
    const ends = new Map<string, () => void>();
    const job = (name: string, urgent: boolean): Promise<string> => lanes.run(urgent, () => new Promise((done) => {
      began.push(name);
      ends.set(name, () => done(name));
    }));
    const all = [job('a', false), job('b', false), job('c', false), job('d', true), job('e', false)];
    const settle = async (name: string): Promise<void> => {
      ends.get(name)?.();
      await all[['a', 'b', 'c', 'd', 'e'].indexOf(name)];
      await Promise.resolve();
    };
    await Promise.resolve();
    expect(began).toEqual(['a', 'b']);
    await settle('a');
    expect(began).toEqual(['a', 'b', 'd']);
    await settle('d');
    expect(began).toEqual(['a', 'b', 'd', 'c']);
    for (const name of ['b', 'c', 'e']) await settle(name);
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('that fail make room all the same', async () => {
    const lanes = createLanes(1);
    const fail = (): Promise<never> => lanes.run(true, () => Promise.reject(new Error('no')));
    await expect(fail()).rejects.toThrow('no');
    await expect(fail()).rejects.toThrow('no');
    expect(await lanes.run(false, () => Promise.resolve(1))).toBe(1);
  });
});
