import { getPriority, setPriority } from 'node:os';
import { createPhone, type Phone } from '../../test/kit/phone.js';
import type { Place } from '../../test/kit/sip/transport.js';

/** More callers than agents: somebody always waits, so every agent who becomes free is offered a call at once. */
export type OffersRun = { readonly server: Place; readonly password: string; readonly agents: readonly string[]; readonly callers: readonly string[]; readonly to: string; readonly seconds: number };
export type OffersResult = {
  /** BYE of an agent's call → the next INVITE at that phone, while callers waited, ms. */
  readonly offerMs: readonly number[];
  /** Of callers, INVITE → 200, ms. */
  readonly answerMs: readonly number[];
  readonly connected: number;
  readonly left: number;
  readonly wrong: readonly string[];
};

const PICK_UP_MS = 60;
const TALK_MS = 700;
const THINK_MS = 300;
/** One caller in six leaves so soon. */
const HASTY_MS = 500;

const run = JSON.parse(process.argv[2] ?? '{}') as OffersRun;
// As the farm does: a generator that waits for a processor measures itself.
try {
  setPriority(Math.min(getPriority(), -10));
} catch {
  // not root
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const registered = async (user: string): Promise<Phone> => {
  const phone = await createPhone({ user, password: run.password, server: run.server, keep: false });
  await phone.register({ expires: 3600, ms: 30_000 });
  return phone;
};
const offerMs: number[] = [];
const answerMs: number[] = [];
const wrong = new Set<string>();
/** Callers whom the house answered and no agent has. */
const waiting = new Set<string>();
let [connected, left, over] = [0, 0, false];

function agent(phone: Phone): void {
  let freeAt: number | undefined;
  phone.onCall((call) => {
    if (freeAt !== undefined) offerMs.push(call.times.invited - freeAt);
    freeAt = undefined;
    waiting.delete(call.from.user);
    call.media.stop();
    call.ring();
    setTimeout(() => { if (call.state() !== 'ended') call.answer(); }, PICK_UP_MS);
    const hangUp = setTimeout(() => {
      if (call.state() !== 'talking') return;
      connected += 1;
      // Who has just begun to wait may still be on the way into the queue: two make sure that one is there.
      freeAt = waiting.size > 1 ? performance.now() : undefined;
      call.hangUp();
    }, PICK_UP_MS + TALK_MS);
    call.ended(60_000).then(() => { clearTimeout(hangUp); }, (error: unknown) => { wrong.add(`an agent's call: ${String(error)}`); });
  });
}

async function caller(phone: Phone, index: number): Promise<void> {
  await pause(index * 100);
  for (let made = index; !over; made += 1) {
    const call = await phone.call(run.to);
    try {
      await call.answered(20_000);
    } catch (error) {
      wrong.add(`a caller was not answered: ${String(error)}`);
      continue;
    }
    answerMs.push((call.times.answered ?? Number.NaN) - call.times.invited);
    call.media.stop();
    waiting.add(phone.user);
    const hasty = setTimeout(() => {
      if (made % 6 !== 0 || !waiting.delete(phone.user)) return;
      left += 1;
      call.hangUp();
    }, HASTY_MS);
    await call.ended(120_000);
    clearTimeout(hasty);
    waiting.delete(phone.user);
    await pause(THINK_MS);
  }
}

const agents = await Promise.all(run.agents.map(registered));
agents.forEach(agent);
const callers = await Promise.all(run.callers.map(registered));
process.send?.('ready');
const all = Promise.all(callers.map(caller));
await pause(run.seconds * 1000);
over = true;
await all;
await Promise.all([...callers, ...agents].map((phone) => phone.close()));
const result: OffersResult = { offerMs, answerMs, connected, left, wrong: [...wrong] };
process.send?.(result, () => process.exit(0));
