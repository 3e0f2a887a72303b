import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakePool, fakeSip } from '../../test/fakes/calls.js';
import { dial, type Choice, type DialPlan } from './dial.js';
import { DialFailed } from './errors.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const to = (name: string, more: Partial<Choice> = {}): Choice => ({ destination: { uri: `sip:${name}`, headers: {}, label: name }, ...more });
const plan = (order: DialPlan['order'], ...choices: Choice[]): DialPlan => ({ order, choices, ringMs: 30_000, provisionalMs: 3_000, goesOn: (status) => status !== 486 && status !== 603 });

function start(what: DialPlan, more: { signal?: AbortSignal; onEarlyMedia?: () => void } = {}) {
  const sip = fakeSip();
  const media = fakePool();
  let ids = 0;
  const around = { sip: sip.port, media, newId: () => `leg${(ids += 1)}` as never, mediaHeaders: {}, warn: () => undefined };
  const leg = dial(what, { role: 'agent', signal: more.signal ?? new AbortController().signal, ...(more.onEarlyMedia ? { onEarlyMedia: more.onEarlyMedia } : {}) }, around);
  leg.catch(() => undefined);
  return { leg, invites: sip.invites, lose: () => sip.lose(), media, settle: () => vi.advanceTimersByTimeAsync(0) };
}
const why = (leg: Promise<unknown>): Promise<unknown> => leg.then(() => 'answered', (error: unknown) => (error instanceof DialFailed ? `${error.why} ${error.status}` : String(error)));

describe('phones that ring together', () => {
  it('are silenced when one answers, and a second answer gets BYE', async () => {
    const t = start(plan('all', to('desk'), to('mobile')));
    await t.settle();
    t.invites.forEach((invite) => invite.provisional(180));
    const won = t.invites[0]!.answer();
    const late = t.invites[1]!.answer();
    const leg = await t.leg;
    await t.settle();
    expect([won.byes, late.byes]).toEqual([0, 1]);
    expect(t.media.made[0]!.did).toEqual(['modify answer']);
    expect(leg.gone.aborted).toBe(false);
  });

  it('say the most telling of their refusals', async () => {
    const t = start(plan('all', to('desk'), to('mobile')));
    await t.settle();
    t.invites[0]!.refuse(486);
    t.invites[1]!.refuse(503);
    expect(await why(t.leg)).toBe('busy 486');
    expect(t.media.made[0]!.did).toEqual(['destroy']);
  });

  it('ring no longer than they may', async () => {
    const t = start(plan('all', to('desk')));
    await t.settle();
    t.invites[0]!.provisional(180);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await why(t.leg)).toBe('no_answer 487');
    expect(t.invites[0]!.cancels).toBe(1);
  });
});

describe('hosts in turn', () => {
  it('goes to the next host when one is silent for 3 s, and ends its late answer', async () => {
    const t = start(plan('sequence', to('sip1'), to('sip2')));
    await t.settle();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(t.invites.map((i) => i.uri)).toEqual(['sip:sip1', 'sip:sip2']);
    const late = t.invites[0]!.answer();
    t.invites[1]!.answer();
    await t.leg;
    expect(late.byes).toBe(1);
  });

  it('stays with a host that has shown a sign of life', async () => {
    const t = start(plan('sequence', to('sip1'), to('sip2')));
    await t.settle();
    t.invites[0]!.provisional(100);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(t.invites.length).toBe(1);
  });

  it('does not ring somebody again by another host when he has not answered the first', async () => {
    const t = start({ ...plan('sequence', to('sip1'), to('sip2')), goesOn: (status) => status === 408 });
    await t.settle();
    t.invites[0]!.provisional(180);
    t.invites[0]!.refuse(408);
    expect(await why(t.leg)).toBe('no_answer 480');
    expect(t.invites.length).toBe(1);
  });

  it('does not take a busy callee to the next carrier', async () => {
    const t = start(plan('sequence', to('sip1'), to('sip2')));
    await t.settle();
    t.invites[0]!.refuse(486);
    expect(await why(t.leg)).toBe('busy 486');
    expect(t.invites.length).toBe(1);
  });

  it('passes a full trunk by and gives a line back when its leg ends', async () => {
    let lines = 0;
    const admit = (): (() => void) => ((lines += 1), () => void (lines -= 1));
    const t = start(plan('sequence', to('full', { admit: () => undefined }), to('free', { admit })));
    await t.settle();
    expect([t.invites.map((i) => i.uri), lines]).toEqual([['sip:free'], 1]);
    t.invites[0]!.answer();
    await (await t.leg).hangUp();
    expect(lines).toBe(0);
  });

  it('connects early media and offers the next host what it offered the first', async () => {
    const heard = vi.fn();
    const t = start(plan('sequence', to('sip1'), to('sip2')), { onEarlyMedia: heard });
    await t.settle();
    t.invites[0]!.provisional(183, 'early');
    await t.settle();
    expect([heard.mock.calls.length, t.media.made[0]!.did]).toEqual([1, ['modify early']]);
  });
});

describe('what can go away meanwhile', () => {
  it('the caller: everything is cancelled', async () => {
    const caller = new AbortController();
    const t = start(plan('all', to('desk'), to('mobile')), { signal: caller.signal });
    await t.settle();
    caller.abort();
    expect(await why(t.leg)).toBe('no_answer 487');
    expect(t.invites.map((i) => i.cancels)).toEqual([1, 1]);
  });

  it('the media server: the phones stop ringing and the reason is told', async () => {
    const t = start(plan('all', to('desk')));
    await t.settle();
    t.media.made[0]!.lose('media_lost');
    expect(await why(t.leg)).toMatch(/MediaLost/);
    expect(t.invites[0]!.cancels).toBe(1);
  });

  it('the SIP server: the dialling ends at once', async () => {
    const t = start(plan('all', to('desk')));
    await t.settle();
    t.lose();
    expect(await why(t.leg)).toBe('unreachable 0');
  });

  it('nothing to ring is not found', async () => {
    expect(await why(start(plan('all')).leg)).toBe('unreachable 404');
  });
});
