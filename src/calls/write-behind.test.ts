import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StoreError, type Store } from '../store/index.js';
import { createWriteBehind } from './write-behind.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('keeps what a full disk refuses, in order, and writes it once there is room', () => {
  let full = true;
  const done: number[] = [];
  const said: string[] = [];
  const store = {
    transaction: <T>(work: () => T): T => {
      if (full) throw new StoreError('store.full', 'the disk is full', {});
      return work();
    },
  } as Store;
  const behind = createWriteBehind(store, 1_000, { error: (_, message) => said.push(message) });
  behind.write(() => done.push(1));
  behind.write(() => done.push(2));
  expect([done, behind.waiting(), said.length]).toEqual([[], 2, 1]);
  full = false;
  vi.advanceTimersByTime(1_000);
  expect([done, behind.waiting()]).toEqual([[1, 2], 0]);
  behind.write(() => done.push(3));
  expect(done).toEqual([1, 2, 3]);
});
