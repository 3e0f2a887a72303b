import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, createLock, expectSource, type SourceLock } from './lock.js';

const SDP = { address: '192.0.2.10', port: 4000 };
const NAT = { address: '198.51.100.7', port: 61_000 };
const STRANGER = { address: '203.0.113.66', port: 5_555 };

/** Speaks as a source does: a packet every 20 ms, in sequence. */
function stage(sdp: typeof SDP | undefined = SDP) {
  const lock = createLock(5_000);
  expectSource(lock, sdp);
  let now = 0;
  const next = new Map<string, number>();
  const say = (from: { address: string; port: number }, packets = 1, ssrc = 1): boolean[] =>
    Array.from({ length: packets }, () => {
      const key = `${from.address}:${from.port}/${ssrc}`;
      const sequence = next.get(key) ?? 65_533;
      next.set(key, (sequence + 1) & 0xffff);
      now += 20;
      return admit(lock, from.address, from.port, ssrc, sequence, now);
    });
  return { lock, say, wait: (ms: number) => void (now += ms), at: () => where(lock) };
}
const where = ({ locked }: SourceLock) => locked && { address: locked.address, port: locked.port };

describe('learning', () => {
  it('takes the address of the SDP at its first packet', () => {
    const { say, at } = stage();
    expect(say(SDP)).toEqual([true]);
    expect(at()).toEqual(SDP);
  });

  it('lets a phone behind a NAT in after three packets in order', () => {
    const { say, at } = stage();
    expect(say(NAT, 4)).toEqual([false, false, true, true]);
    expect(at()).toEqual(NAT);
  });

  it('needs one proof less of the right address with another port', () => {
    expect(stage().say({ ...SDP, port: 9_999 }, 2)).toEqual([false, true]);
  });

  it('admits nobody before there is an SDP', () => {
    const lock = createLock(5_000);
    expect(admit(lock, SDP.address, SDP.port, 1, 1, 0)).toBe(false);
  });

  it('does not learn random packets of many sources', () => {
    const { lock, at } = stage();
    for (let i = 0; i < 500; i += 1) admit(lock, '203.0.113.9', 1_000 + (i % 50), i, (i * 7_919) & 0xffff, i);
    expect(at()).toBeUndefined();
  });
});

describe('a stranger', () => {
  it('never takes the stream over while the phone speaks, whatever it sends', () => {
    const packet = fc.record({
      who: fc.constantFrom(STRANGER, { ...SDP, port: 4_002 }, { ...STRANGER, port: 1 }),
      ssrc: fc.constantFrom(1, 2), sequence: fc.nat(0xffff), sprint: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(fc.property(fc.array(packet, { maxLength: 60 }), fc.constantFrom(SDP, NAT), (attack, phone) => {
      const { lock, say, at } = stage();
      say(phone, 3);
      let now = 60;
      for (const { who, ssrc, sequence, sprint } of attack) {
        for (let i = 0; i < sprint; i += 1) expect(admit(lock, who.address, who.port, ssrc, (sequence + i) & 0xffff, now)).toBe(false);
        now += 20;
        expect(say(phone)).toEqual([true]);
      }
      expect(at()).toEqual(phone);
    }));
  });

  it('gets nothing by forging the phone’s address with another SSRC', () => {
    const { say } = stage();
    say(SDP, 2);
    for (let i = 0; i < 50; i += 1) expect([...say(SDP, 1, 666), ...say(SDP)]).toEqual([false, true]);
  });

  it('that was first is thrown out by the SDP’s own address', () => {
    const { say, at } = stage();
    say(STRANGER, 10);
    expect(at()).toEqual(STRANGER);
    expect(say(SDP)).toEqual([true]);
    expect(say(STRANGER, 20)).not.toContain(true);
  });

  it('stays out right after a re-INVITE that changes nothing', () => {
    const { lock, say, at } = stage();
    say(NAT, 3);
    expectSource(lock, SDP);
    expect(say(STRANGER, 20)).not.toContain(true);
    expect(at()).toEqual(NAT);
  });
});

describe('learning again', () => {
  it('follows a re-INVITE with a new address', () => {
    const { lock, say, at } = stage();
    say(SDP, 3);
    expectSource(lock, { address: '192.0.2.99', port: 7_000 });
    expect(say({ address: '192.0.2.99', port: 7_000 })).toEqual([true]);
    expect(at()).toEqual({ address: '192.0.2.99', port: 7_000 });
  });

  it('follows a NAT that changed its mapping, after silence and 200 ms of proof', () => {
    const { say, wait } = stage();
    say(NAT, 3);
    wait(5_000);
    const moved = { ...NAT, port: 61_001 };
    expect(say(moved, 10).lastIndexOf(false)).toBe(8);
    expect(say(NAT)).toEqual([false]);
  });

  it('gives the SDP’s own address three times the patience', () => {
    const { say, wait } = stage();
    say(SDP, 3);
    wait(5_000);
    expect(say(STRANGER, 20)).not.toContain(true);
    wait(10_000);
    expect(say(STRANGER, 20)).toContain(true);
  });

  it('accepts the new SSRC of a phone that restarted its stream', () => {
    const { say } = stage();
    say(SDP, 5, 1);
    expect(say(SDP, 3, 2)).toEqual([false, true, true]);
  });
});
