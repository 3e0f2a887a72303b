import { beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, Secret } from '../config/index.js';
import { createEvents } from '../events/index.js';
import { openStore, type Store } from '../store/index.js';
import { createAccess, createBuckets, createThrottle, type Access } from './index.js';

const log = { error: () => undefined };
const settings = loadConfig('/nowhere').access;
let store: Store;
let clock = 0;
beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
  clock = 0;
});
const make = (given: { adminToken?: Secret; demoPassword?: Secret } = {}): Access =>
  createAccess({ store, events: createEvents({ store, log }), log, config: () => settings, ...given, limits: { failures: 3, windowMs: 1000, blockMs: 5000 }, now: () => clock });

describe('the admin token', () => {
  it('is made once, and kept only as a hash', () => {
    const first = make();
    const token = first.madeToken?.reveal() ?? '';
    expect(token.length).toBeGreaterThanOrEqual(32);
    const second = make();
    expect(second.madeToken).toBeUndefined();
    expect(second.authenticate(`Bearer ${token}`, 'a')).toMatchObject({ ok: true, principal: { id: 'admin', kind: 'admin' } });
    expect(JSON.stringify(store.run(store.db.selectFrom('meta').selectAll()))).not.toContain(token);
  });

  it('of the environment wins, and is not stored', () => {
    const stored = make().madeToken?.reveal() ?? '';
    const access = make({ adminToken: new Secret('from-the-environment') });
    expect(access.authenticate('Bearer from-the-environment', 'a').ok).toBe(true);
    expect(access.authenticate(`Bearer ${stored}`, 'a').ok).toBe(false);
    expect(make().authenticate(`Bearer ${stored}`, 'a').ok).toBe(true);
  });

  it.each<[header: string | undefined, why: string]>([
    [undefined, 'missing'], ['', 'missing'], ['Basic abc', 'missing'], ['Bearer', 'missing'], ['Bearer a b', 'missing'], ['Bearer nope', 'wrong'],
  ])('is not found in %j', (header, why) => expect(make().authenticate(header, 'a')).toEqual({ ok: false, why }));

  it('is not guessed: the fourth try of one source waits, others do not, the right one always passes', () => {
    const access = make({ adminToken: new Secret('right-right-right') });
    for (let i = 0; i < 3; i += 1) expect(access.authenticate('Bearer x', 'bad')).toEqual({ ok: false, why: 'wrong' });
    expect(access.authenticate('Bearer x', 'bad')).toEqual({ ok: false, why: 'throttled', retryAfterMs: 5000 });
    expect(access.authenticate('Bearer x', 'other')).toEqual({ ok: false, why: 'wrong' });
    expect(access.authenticate('Bearer right-right-right', 'bad').ok).toBe(true);
    clock = 5000;
    expect(access.authenticate('Bearer x', 'bad')).toEqual({ ok: false, why: 'wrong' });
  });
});

it('keeps the demo password from the first start on, unless the environment gives one', () => {
  const first = make();
  expect(first.madeDemoPassword).toBe(true);
  const second = make();
  expect([second.madeDemoPassword, second.demoPassword.reveal()]).toEqual([false, first.demoPassword.reveal()]);
  expect(make({ demoPassword: new Secret('given') }).demoPassword.reveal()).toBe('given');
});

describe('throttle', () => {
  it('forgets failures after the window, and blocks within it', () => {
    const t = createThrottle({ failures: 2, windowMs: 100, blockMs: 50 });
    t.fail('k', 0);
    expect(t.fail('k', 100)).toBe(1);
    expect(t.fail('k', 120)).toBe(2);
    expect([t.blockedMs('k', 130), t.blockedMs('k', 170), t.blockedMs('x', 130)]).toEqual([40, 0, 0]);
    t.forgive('k');
    expect(t.size()).toBe(0);
  });
  it('holds no more keys than allowed, dropping the one quiet for longest', () => {
    const t = createThrottle({ failures: 2, windowMs: 1e6, blockMs: 1e6, maxKeys: 2 });
    ['a', 'b', 'a', 'c'].forEach((k, i) => t.fail(k, i));
    expect([t.size(), t.blockedMs('a', 5) > 0]).toEqual([2, true]);
  });
});

it('lets a burst through, then the rate, for each key alone', () => {
  const b = createBuckets({ perSecond: 2, burst: 3, maxKeys: 2 });
  expect([0, 0, 0, 0].map((t) => b.take('a', t))).toEqual([true, true, true, false]);
  expect([b.take('a', 499), b.take('a', 500), b.take('b', 500)]).toEqual([false, true, true]);
  b.take('c', 600);
  expect(b.size()).toBe(2);
});
