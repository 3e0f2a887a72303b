import { expect, it } from 'vitest';
import { fakePool, type FakeEndpoint } from '../../../test/fakes/calls.js';
import { turns } from './hall.fixture.js';
import { createSpares } from './spares.js';

const uuids = (pool: ReturnType<typeof fakePool>): string[] => pool.made.map((e) => e.uuid);
const lab = () => {
  const pool = fakePool();
  return { pool, spares: createSpares(pool, () => ({})) };
};

it('while callers wait, offers find a session ready, and another is made', async () => {
  const { pool, spares } = lab();
  spares.want(1);
  await turns();
  expect(uuids(pool)).toEqual(['ep1']);
  expect((await spares.media.create({})).uuid).toBe('ep1');
  await turns();
  expect(uuids(pool)).toEqual(['ep1', 'ep2']);
});

it('a few are kept at most, and none when nobody waits', async () => {
  const { pool, spares } = lab();
  spares.want(50);
  await turns();
  expect(pool.made.length).toBe(3);
  spares.want(0);
  await turns();
  expect(pool.made.every((e: FakeEndpoint) => e.gone.aborted)).toBe(true);
});

it('one that comes when nobody waits any more is freed', async () => {
  const { pool, spares } = lab();
  spares.want(1);
  spares.want(0);
  await turns();
  expect(pool.made.map((e) => e.gone.aborted)).toEqual([true]);
});

it('one that is gone is passed over; a caller’s own description needs a session of its own', async () => {
  const { pool, spares } = lab();
  spares.want(1);
  await turns();
  expect((await spares.media.create({ remoteSdp: 'v=0' })).uuid).toBe('ep2');
  pool.made[0]?.lose('media_lost');
  expect((await spares.media.create({})).uuid).toBe('ep3');
});

it('a media server that makes none is whoever’s who needs one', async () => {
  const { pool, spares } = lab();
  pool.down = true;
  spares.want(2);
  await turns();
  await expect(spares.media.create({})).rejects.toThrow('none is up');
});
