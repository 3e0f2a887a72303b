import { expect, it } from 'vitest';
import { createPortPool, freePort, takePort } from './ports.js';

it('hands out even ports whose odd neighbour is in the range too', () => {
  const pool = createPortPool({ min: 4_001, max: 4_006 }, 2_000);
  expect([takePort(pool, 0), takePort(pool, 0), takePort(pool, 0)]).toEqual([4_002, 4_004, undefined]);
});

it('lets a freed port rest before it is used again', () => {
  const pool = createPortPool({ min: 4_000, max: 4_001 }, 2_000);
  expect(takePort(pool, 0)).toBe(4_000);
  freePort(pool, 4_000, 10_000);
  expect(takePort(pool, 11_999)).toBeUndefined();
  expect(takePort(pool, 12_000)).toBe(4_000);
});

it('reuses the port that has rested longest', () => {
  const pool = createPortPool({ min: 4_000, max: 4_007 }, 0);
  expect(takePort(pool, 0)).toBe(4_000);
  freePort(pool, 4_000, 0);
  expect([1, 2, 3, 4].map(() => takePort(pool, 1))).toEqual([4_002, 4_004, 4_006, 4_000]);
});

it('counts only what is taken, and frees once', () => {
  const pool = createPortPool({ min: 4_000, max: 4_007 }, 2_000);
  takePort(pool, 0);
  freePort(pool, 4_000, 0);
  freePort(pool, 4_000, 5_000);
  expect(pool.taken.size).toBe(0);
  expect(pool.restUntil.get(4_000)).toBe(2_000);
});
