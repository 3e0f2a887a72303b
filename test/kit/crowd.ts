import type { Call, Phone } from './phone.js';
import { createPhone } from './phone.js';
import { header } from './sip/message.js';
import type { Place } from './sip/transport.js';
import { within } from './wait.js';

export type CrowdOptions = {
  readonly server: Place;
  readonly password: string;
  /** The first number of each kind; the others follow it. */
  readonly callers: { readonly first: number; readonly count: number };
  readonly agents: { readonly first: number; readonly count: number };
  /** Leads straight to the queue. */
  readonly to: string;
  readonly seconds: number;
  readonly talkMs: readonly [least: number, most: number];
  readonly patienceMs: readonly [least: number, most: number];
  readonly thinkMs: readonly [least: number, most: number];
  readonly seed: number;
  /** Settles when the house has no call any more. */
  readonly idle: () => Promise<void>;
};
/** What the phones saw. */
export type CrowdReport = {
  readonly calls: number;
  /** Calls that the house answered, by the caller's SIP Call-ID. */
  readonly answered: number;
  /** X-Strowger-Call of the calls that an agent picked up, and of those that were talked in for at least half a second. */
  readonly pickedUp: ReadonlySet<string>;
  readonly talked: ReadonlySet<string>;
  /** Calls for which two phones were picked up at once and both stayed. */
  readonly doubles: readonly string[];
  readonly lostByes: number;
  readonly rejected: number;
  readonly rangOut: number;
  readonly abandoned: number;
  /** From the BYE of an agent's call to the next INVITE at that phone, where callers were waiting. */
  readonly offerMs: readonly number[];
};

/** mulberry32: the same crowd for the same seed, as far as the network lets it. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Callers and agents who do what people do: answer, let it ring, reject, hang up early, give up, and now and then lose a BYE. */
export async function runCrowd(options: CrowdOptions): Promise<CrowdReport> {
  const chance = random(options.seed);
  const between = ([least, most]: readonly [number, number]): number => least + chance() * (most - least);
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const make = async (user: number): Promise<Phone> => {
    const phone = await createPhone({ user: String(user), password: options.password, server: options.server, keep: false });
    await phone.register({ expires: 3600, ms: 30_000 });
    return phone;
  };
  const many = async ({ first, count }: { readonly first: number; readonly count: number }): Promise<Phone[]> => {
    const phones: Phone[] = [];
    for (let i = 0; i < count; i += 20) phones.push(...(await Promise.all(Array.from({ length: Math.min(20, count - i) }, (_, k) => make(first + i + k)))));
    return phones;
  };
  const seen = { calls: 0, answered: 0, lostByes: 0, rejected: 0, rangOut: 0, abandoned: 0 };
  const [pickedUp, talked, doubles, offerMs] = [new Set<string>(), new Set<string>(), [] as string[], [] as number[]];
  /** Callers on the line whom no phone rings for, by number. */
  const waiting = new Set<string>();
  const talking = new Map<string, { readonly agent: Call; readonly id: string }>();
  const lost = new Set<string>();
  let over = false;

  /** Callers of whose calls a BYE was lost: if the other side's were lost too, nobody would ever end that call. */
  const unlucky = new Set<string>();
  /** A BYE that never arrives: the phone believes that it hung up. */
  const hangUp = (phone: Phone, call: Call, caller: string): void => {
    if (call.state() === 'ended') return;
    if (chance() < 0.01 && !over && !unlucky.has(caller)) {
      unlucky.add(caller);
      seen.lostByes += 1;
      lost.add(call.callId);
      phone.filter((m, direction) => !(direction === 'out' && m.kind === 'request' && m.method === 'BYE' && lost.has(header(m, 'Call-ID') ?? '')));
    }
    call.hangUp();
  };
  const agentOf = (phone: Phone): void => {
    let free: { readonly at: number; readonly backlog: boolean } | undefined;
    const becomesFree = (): void => { free = { at: performance.now(), backlog: waiting.size >= 5 }; };
    phone.onCall((call) => {
      const [caller, id] = [call.from.user, call.header('X-Strowger-Call') ?? ''];
      if (free?.backlog === true) offerMs.push(call.times.invited - free.at);
      free = undefined;
      waiting.delete(caller);
      call.media.stop();
      call.ring();
      const what = chance();
      if (what < 0.04) {
        seen.rangOut += 1;
        return;
      }
      if (what < 0.08) {
        seen.rejected += 1;
        setTimeout(() => { call.reject(chance() < 0.5 ? 486 : 603); }, 20);
        return;
      }
      setTimeout(() => {
        if (call.state() === 'ended') return;
        call.answer();
        void call.until('the ACK', 5_000, () => call.state() !== 'ringing').then(() => talk(call, caller, id, what < 0.12), () => undefined);
      }, between([10, 300]));
      // After a refusal an agent is left alone for a while, after a hasty hang-up the caller is offered anew, and of a lost BYE the house does not know.
      if (what >= 0.12) void call.ended(3_600_000).then(() => { if (pickedUp.has(id) && !lost.has(call.callId)) becomesFree(); }, () => undefined);
    });
    const talk = (call: Call, caller: string, id: string, hasty: boolean): void => {
      // The other side's BYE may follow its ACK at once.
      if (call.times.answered !== undefined) pickedUp.add(id);
      if (call.state() !== 'talking') return;
      if (hasty) return hangUp(phone, call, caller);
      const other = talking.get(caller);
      if (other && other.id === id && other.agent.state() === 'talking') doubles.push(id);
      talking.set(caller, { agent: call, id });
      setTimeout(() => { if (call.state() === 'talking') talked.add(id); }, 500);
      setTimeout(() => { hangUp(phone, call, caller); }, between(options.talkMs));
    };
  };
  const callerOf = async (phone: Phone): Promise<void> => {
    await pause(between([0, options.thinkMs[1]]));
    while (!over) {
      seen.calls += 1;
      const call = await phone.call(options.to);
      try {
        await call.answered(20_000);
      } catch {
        continue;
      }
      seen.answered += 1;
      call.media.stop();
      waiting.add(phone.user);
      const patience = between(options.patienceMs);
      const giveUp = setTimeout(() => {
        if (talking.get(phone.user)?.agent.state() === 'talking') return;
        seen.abandoned += 1;
        hangUp(phone, call, phone.user);
      }, patience);
      // The other side's BYE may be lost: nobody talks to himself for ever.
      const alone = setTimeout(() => { call.hangUp(); }, patience + options.talkMs[1] + 3_000);
      if (chance() < 0.3) setTimeout(() => { hangUp(phone, call, phone.user); }, patience * 0.7);
      await call.ended(120_000).catch(() => undefined);
      [giveUp, alone].forEach((timer) => { clearTimeout(timer); });
      waiting.delete(phone.user);
      talking.delete(phone.user);
      await pause(between(options.thinkMs));
    }
  };
  const agents = await many(options.agents);
  agents.forEach(agentOf);
  const callers = await many(options.callers);
  const all = Promise.all(callers.map(callerOf));
  await pause(options.seconds * 1000);
  over = true;
  await within(180_000, 'the last calls', all);
  // Callers whose BYE was lost still wait as far as the house knows: agents take them, and hang up.
  await options.idle();
  await Promise.all([...callers, ...agents].map((phone) => phone.close()));
  return { ...seen, pickedUp, talked, doubles, offerMs };
}
