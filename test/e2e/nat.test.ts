import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { startFarm, type Farm, type FarmPhone } from '../kit/farm.js';
import { createNat, natImpossible, type Nat } from '../kit/netns.js';
import type { Call, Phone } from '../kit/phone.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { ended, newest } from './talk.js';

type Registration = { contact: string; source: string };
const why = natImpossible();

describe.skipIf(why !== undefined)(`a phone behind a NAT${why === undefined ? '' : ` (${why})`}`, () => {
  let nat: Nat;
  let strowger: Strowger;
  let farm: Farm;
  let inside: FarmPhone;
  let outside: Phone;
  /** Undone in reverse, as far as it came about. */
  const made: (() => Promise<void> | void)[] = [];

  beforeAll(async () => {
    nat = createNat();
    made.push(nat.remove);
    strowger = await startStrowger({ agents: 1, address: nat.serverAddress });
    made.push(() => strowger.stop());
    farm = await startFarm(nat.inside);
    made.push(() => farm.stop());
    inside = await farm.phone({ user: '1001', password: strowger.password, server: strowger.sip, domain: nat.serverAddress, address: nat.privateAddress });
    expect(await inside.register()).toBe(200);
    outside = await strowger.phone('1201', { address: nat.serverAddress });
    made.push(() => outside.close());
  });
  afterAll(async () => {
    for (const undo of made.splice(0).reverse()) await undo();
  });
  beforeEach(() => onTestFailed(() => console.error(strowger.output())));

  const registrations = async (): Promise<Registration[]> => {
    const { body } = await strowger.api<{ items: { number: string; registrations: Registration[] }[] }>('/v1/extensions');
    return body.items.find((e) => e.number === '1001')?.registrations ?? [];
  };
  /** From outside to the phone inside, by way of the queue. */
  async function call(): Promise<{ from: Call; to: number }> {
    const from = await outside.call('4000');
    await from.answered(30_000);
    await from.media.packets(20, 30_000);
    await from.media.digits('1');
    const to = await inside.answerNext(660, 30_000);
    from.media.tone(440);
    await Promise.all([from.media.heard(660, 10_000), inside.heard(to, 440, 10_000)]);
    return { from, to };
  }

  it('is known by where it sends from, not by its private contact; registering again makes no second one', async () => {
    const before = await registrations();
    expect([before.length, before[0]?.contact.includes(nat.privateAddress), before[0]?.source.startsWith(`udp:${nat.publicAddress}:`)]).toEqual([1, true, true]);
    expect(before[0]?.source.split(':').at(-1)).not.toBe(/:(\d+)/.exec(before[0]?.contact.split('@')[1] ?? '')?.[1]);
    expect(await inside.register()).toBe(200);
    expect((await registrations()).map((r) => r.source)).toEqual(before.map((r) => r.source));
  });

  it('is called, hears and is heard; the caller\'s BYE reaches it', async () => {
    const { from, to } = await call();
    expect(await from.bye()).toBe(200);
    expect((await inside.ended(to, 5_000)).by).toBe('them');
  });

  it('ends a call it was given', async () => {
    const { from, to } = await call();
    expect(await inside.bye(to)).toBe(200);
    expect((await from.ended(5_000)).by).toBe('them');
    expect((await ended(strowger, (await newest(strowger, '1201')).id)).cause).toBe('completed');
  });

  it('calls, hears and is heard; BYE reaches it and comes from it', async () => {
    for (const last of ['outside', 'inside']) {
      const calling = await inside.call('1201', 660);
      const offered = await outside.nextCall();
      offered.media.tone(440);
      offered.answer();
      await inside.answered(calling, 10_000);
      await Promise.all([offered.media.heard(660, 10_000), inside.heard(calling, 440, 10_000)]);
      expect(await (last === 'inside' ? inside.bye(calling) : offered.bye())).toBe(200);
      expect((last === 'inside' ? await offered.ended() : await inside.ended(calling)).by).toBe('them');
    }
  });

  it('presses keys that are heard, and its call to a queue finds an agent outside', async () => {
    await inside.close();
    const caller = await farm.phone({ user: '1202', password: strowger.password, server: strowger.sip, domain: nat.serverAddress, address: nat.privateAddress });
    await caller.register();
    const agent = await strowger.phone('1001', { address: nat.serverAddress });
    const calling = await caller.call('4000');
    await caller.answered(calling, 30_000);
    await caller.digits(calling, '1');
    const offered = await agent.nextCall(30_000);
    offered.media.tone(660);
    offered.answer();
    await caller.heard(calling, 660, 10_000);
    expect(await offered.bye()).toBe(200);
    expect((await caller.ended(calling, 10_000)).by).toBe('them');
    await agent.close();
  });
});
