import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Call, Phone } from './phone.js';
import { createPhone } from './phone.js';
import { rtpClock } from './rtp/clock.js';
import { createProbe } from './rtp/probe.js';
import type { Place } from './sip/transport.js';
import { percentile } from './percentile.js';
import { within } from './wait.js';

/** `port` and `direct` only where there is no server between the phones. */
export type Account = { readonly user: string; readonly password: string; readonly port?: number; readonly direct?: boolean };
export type LoadOptions = {
  readonly server: Place;
  readonly transport?: 'udp' | 'tcp';
  readonly callers: readonly Account[];
  readonly agents: readonly Account[];
  /** What callers dial: one number, or several in turn (the agents' extensions, for calls without a queue). */
  readonly to: string | readonly string[];
  /** Keys pressed `keysAfterMs` after the answer; none when the number leads to a person directly. */
  readonly keys?: string;
  readonly keysAfterMs?: number;
  readonly calls: number;
  readonly perSecond: number;
  /** From hearing each other to hanging up. */
  readonly talkMs: number;
  readonly agentAnswersAfterMs?: number;
  /** How long a caller waits for the agent's voice before the call counts as failed. */
  readonly patienceMs?: number;
  readonly delayProbe?: boolean;
};
export type LoadCall = {
  readonly caller: string;
  readonly callId: string;
  /** X-Strowger-Call of the INVITE that reached the agent. */
  readonly strowgerCall: string | undefined;
  readonly agent: string | undefined;
  readonly callerHz: number;
  readonly agentHz: number | undefined;
  readonly ok: boolean;
  readonly failure: string | undefined;
  readonly answeredMs: number | undefined;
  /** INVITE to the first frame of the agent's voice in the caller's ear. */
  readonly bridgedMs: number | undefined;
  readonly lost: number;
  readonly gaps: number;
  readonly worstGapMs: number;
  readonly jitterMs: number;
};
export type LoadReport = {
  readonly calls: readonly LoadCall[];
  readonly failed: number;
  readonly seconds: number;
  readonly answerMs: Percentiles;
  readonly bridgeMs: Percentiles;
  readonly delayMs: Percentiles;
  readonly jitterMs: Percentiles;
  readonly lost: number;
  readonly gaps: number;
  /** How late this generator was at worst, sending or reading; above 10 ms the figures say more about it than about the server. */
  readonly generatorLateMs: number;
};
export type Percentiles = { readonly n: number; readonly p50: number; readonly p99: number; readonly worst: number };

const summary = (values: readonly number[]): Percentiles =>
  ({ n: values.length, p50: percentile(values, 50), p99: percentile(values, 99), worst: percentile(values, 100) });

/** Multiples of 50 Hz are orthogonal over 20 ms; callers have the lower half, agents the upper. */
const callerTone = (i: number): number => 400 + 50 * (i % 24);
const agentTone = (i: number): number => 1800 + 50 * (i % 24);

type Talk = { readonly call: Call; readonly agent: string; readonly hz: number };

/** Calls at a steady rate from many phones to many phones, everybody with a tone of their own; in this process. */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const { server, transport = 'udp', keys = '', keysAfterMs = 400, patienceMs = 20_000 } = options;
  const make = (account: Account): Promise<Phone> => createPhone({ ...account, server, transport, keep: false });
  const [callers, agents] = await Promise.all([Promise.all(options.callers.map(make)), Promise.all(options.agents.map(make))]);
  await inGroups(20, [...callers, ...agents], (phone) => phone.register().then(() => undefined));
  const probe = createProbe();
  // Both by caller's number: one caller has one call at a time.
  const calling = new Map<string, Call>();
  const arrived = new Map<string, (talk: Talk) => void>();
  agents.forEach((agent, i) => {
    agent.onCall((call) => {
      const hz = agentTone(i);
      call.media.tone(hz);
      calling.get(call.from.user)?.media.expect(hz);
      arrived.get(call.from.user)?.({ call, agent: agent.user, hz });
      call.ring();
      setTimeout(() => { call.answer(); }, options.agentAnswersAfterMs ?? 0);
      if (options.delayProbe === true) call.media.onPayload(probe.see);
    });
  });
  rtpClock.worstLatenessMs();
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const free = callers.map((phone, i) => ({ phone, hz: callerTone(i) }));
  const results: Promise<LoadCall>[] = [];
  const began = performance.now();
  for (let i = 0; i < options.calls; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + (i * 1000) / options.perSecond - performance.now())));
    const caller = free.shift();
    if (caller === undefined) throw new Error(`call ${String(i)}: all ${String(callers.length)} callers are busy`);
    results.push(oneCall(caller.phone, caller.hz, i).finally(() => free.push(caller)));
  }
  const calls = await Promise.all(results);
  const seconds = (performance.now() - began) / 1000;
  loop.disable();
  const generatorLateMs = Math.max(rtpClock.worstLatenessMs(), loop.max / 1e6 - 5);
  await Promise.all([...callers, ...agents].map((phone) => phone.close()));
  return {
    calls, seconds, generatorLateMs,
    failed: calls.filter((c) => !c.ok).length,
    answerMs: summary(calls.flatMap((c) => c.answeredMs ?? [])),
    bridgeMs: summary(calls.flatMap((c) => c.bridgedMs ?? [])),
    delayMs: summary(probe.delaysMs()),
    jitterMs: summary(calls.map((c) => c.jitterMs)),
    lost: calls.reduce((sum, c) => sum + c.lost, 0),
    gaps: calls.reduce((sum, c) => sum + c.gaps, 0),
  };

  async function oneCall(phone: Phone, hz: number, index: number): Promise<LoadCall> {
    const met = new Promise<Talk>((resolve) => arrived.set(phone.user, resolve));
    const call = await phone.call(typeof options.to === 'string' ? options.to : (options.to[index % options.to.length] ?? ''));
    calling.set(phone.user, call);
    const { times, media } = call;
    let talk: Talk | undefined;
    let bridgedMs: number | undefined;
    let failure: string | undefined;
    try {
      media.tone(hz);
      await call.answered(patienceMs);
      if (keys !== '') {
        await new Promise((resolve) => setTimeout(resolve, keysAfterMs));
        await media.digits(keys);
      }
      talk = await within(patienceMs, 'the agent', met);
      await media.until("the agent's voice", patienceMs, (r) => r.heard.tone > 0);
      bridgedMs = performance.now() - times.invited;
      await Promise.all([media.heard(talk.hz, patienceMs), talk.call.media.heard(hz, patienceMs)]);
      media.reset();
      talk.call.media.reset();
      media.expect(talk.hz);
      talk.call.media.expect(hz);
      if (options.delayProbe === true) media.mark(probe.mark);
      await new Promise((resolve) => setTimeout(resolve, options.talkMs));
      failure = crossed(media.reception()) ?? crossed(talk.call.media.reception());
      // Either side hangs up first, in turn.
      if (index % 2 === 0) await call.bye();
      else await talk.call.bye();
      await Promise.all([call.ended(), talk.call.ended()]);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      call.hangUp();
    }
    const sides = [media.reception(), ...(talk === undefined ? [] : [talk.call.media.reception()])];
    return {
      caller: phone.user, callId: call.callId, callerHz: hz, agentHz: talk?.hz, agent: talk?.agent, failure, bridgedMs,
      strowgerCall: talk?.call.header('X-Strowger-Call'),
      ok: failure === undefined,
      answeredMs: times.answered === undefined ? undefined : times.answered - times.invited,
      lost: sides.reduce((sum, s) => sum + s.lost, 0),
      gaps: sides.reduce((sum, s) => sum + s.gaps + s.jumps, 0),
      worstGapMs: Math.max(...sides.map((s) => s.worstGapMs)),
      jitterMs: Math.max(...sides.map((s) => s.jitterMs)),
    };
  }
}

/** Anything but the partner's tone while both talk. The first and last frame may be cut by the bridge itself. */
function crossed(r: ReturnType<Call['media']['reception']>): string | undefined {
  const { tone, silence, other } = r.heard;
  if (tone === 0) return 'heard nothing of the other side';
  return silence + other > 2 ? `of ${String(tone + silence + other)} frames ${String(silence)} silent, ${String(other)} foreign` : undefined;
}

async function inGroups<T>(size: number, all: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  for (let i = 0; i < all.length; i += size) await Promise.all(all.slice(i, i + size).map(run));
}
