import { expect, it } from 'vitest';
import type { Fact } from '../events/index.js';
import type { Webhook } from './book.js';
import { startCourier } from './courier.js';
import type { Job } from './progress.js';

it('a replay that is cut off while it looks for what is wanted goes on at the next start', async () => {
  const skipped: number[] = [];
  const webhook = { enabled: true, failingSince: null } as unknown as Webhook;
  const job = { replay: 1, cursor: 0, until: 1_000, attempts: 0, nextAt: 0 } as unknown as Job;
  let begun = (): void => undefined;
  const looking = new Promise<void>((resolve) => (begun = resolve));
  const courier = startCourier('whk_1', {
    book: { get: () => webhook },
    progress: { jobs: () => [job], skip: (_id: string, _job: Job, to: number) => void skipped.push(to), done: () => undefined },
    feed: { after: (seq, limit) => (begun(), Array.from({ length: limit }, (_, i) => ({ seq: seq + i + 1 }) as Fact)), onMore: () => () => undefined, last: () => 5_000 },
    wants: () => false, send: () => Promise.reject(new Error('nothing is wanted')), policy: {} as never, now: () => 0, chance: () => 0, failed: (error) => { throw error; },
  });
  await looking;
  await courier.stop();
  expect(skipped).toEqual([]);
});
