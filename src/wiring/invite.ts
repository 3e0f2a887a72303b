import type Srf from 'drachtio-srf';
import type { Acd, AgentId } from '../acd/index.js';
import { StrowgerError } from '../base/index.js';
import type { Call, CallLog, NewCall } from '../calls/index.js';
import { createCall } from '../calls/index.js';
import type { Dialplans } from '../ivr/index.js';
import { runFlow } from '../ivr/index.js';
import type { Caller, Resolution, Sip } from '../sip/index.js';
import { newId } from '../store/index.js';
import { verbsFor, type Destinations } from './flow-call.js';
import { toExtension, toTrunks } from './phones.js';
import { endAfter, reach, troubleOf } from './reach.js';
import { files, inLanguages, receiveInvite, type Voice } from './voice.js';
import type { VoiceQueue } from './voice-queue.js';

export interface InviteDeps {
  readonly voice: Voice;
  readonly sip: Sip;
  readonly acd: () => Acd;
  readonly queue: VoiceQueue;
  readonly dialplans: () => Dialplans;
  /** True while no new calls are taken. */
  readonly draining: () => boolean;
  readonly onCall: (call: Call) => void;
  readonly onOver: (call: Call) => void;
  /** A logger whose every line carries the call's ID. */
  readonly logFor: (call: string) => CallLog;
  readonly masked: (number: string) => string;
}

/** What happens to an INVITE whose sender is known. Runs in the turn in which it arrived: a CANCEL may be right behind. */
export function onInvite(deps: InviteDeps, req: Srf.SrfRequest, res: Srf.SrfResponse, caller: Caller, dialled: string): void {
  const { voice, sip } = deps;
  const incoming = receiveInvite(voice, req, res);
  if (deps.draining()) return incoming.reject(503, { 'Retry-After': String(Math.ceil(voice.config().system.drainMs / 1_000)) });
  if (voice.media.up() === 0) return incoming.reject(503, { 'Retry-After': '2' });
  const line = caller.kind === 'trunk' ? sip.trunks.admit(caller.trunk.name, false) : (): void => undefined;
  if (!line) return incoming.reject(503, { 'Retry-After': '5' });
  const { resolution } = sip.resolve(dialled, caller);
  const about = newCall(caller, dialled, resolution, voice.now());
  const log = deps.logFor(about.id);
  log.info({ direction: about.direction, from: deps.masked(about.from_number), to: deps.masked(about.to_number), sip_call_id: incoming.sipCallId }, 'call started');
  const call = createCall(about, incoming, { ledger: voice.ledger, events: voice.events, log, now: voice.now, onOver: deps.onOver });
  deps.onCall(call);
  call.over.addEventListener('abort', line, { once: true });
  engage(deps, caller, call);
  route(deps, call, resolution, caller).catch((error: unknown) => giveUp(call, error));
}

function newCall(caller: Caller, dialled: string, to: Resolution, now: number): NewCall {
  const [from, trunk] = caller.kind === 'trunk' ? [caller.from, caller.trunk.name] : [caller.extension.number, null];
  const direction = caller.kind === 'trunk' ? 'inbound' : to.to === 'outbound' ? 'outbound' : 'internal';
  return {
    id: newId('call', now), direction, from_number: from, to_number: to.to === 'outbound' ? to.number : dialled, trunk,
    did: to.to === 'entry' || to.to === 'extension' ? (to.did ?? null) : null, started_at: now,
  };
}

async function route(deps: InviteDeps, call: Call, to: Resolution, caller: Caller): Promise<void> {
  const { voice, sip } = deps;
  switch (to.to) {
    case 'refused':
      call.log.warn({ status: to.status, why: to.why }, 'call refused');
      return call.end({ by: 'us', cause: 'rejected' }, to.status);
    case 'feature':
      return feature(deps, call, to.feature, caller);
    case 'extension':
      return withEngaged(deps, to.extension.number, async () => endAfter(call, await reach(voice, call, toExtension(voice, sip, call, to.extension.number))));
    case 'outbound':
      return endAfter(call, await reach(voice, call, toTrunks(voice, sip, call, to.number, to.attempts)));
    case 'entry':
      return flow(deps, call, to.dialled);
  }
}

/** A flow always ends its call: by its last step, by its last resort, or here. */
async function flow(deps: InviteDeps, call: Call, dialled: string): Promise<void> {
  const { voice } = deps;
  const entry = deps.dialplans().find(dialled);
  if (!entry) return call.end({ by: 'us', cause: 'rejected' }, 404);
  call.entered('flow');
  await runFlow({
    plan: entry.plan,
    flow: entry.flow,
    verbs: verbsFor(voice, call, deps.queue, destinations(deps)),
    subject: `call:${call.id}`,
    publish: (type, subject, data) => {
      voice.events.publish(type as 'call.digits', subject as `call:${string}`, data as { digits: string }); // the machine names only facts of FactMap
      if (type === 'call.language_set') call.note({ language: String(data['language']) });
    },
    log: call.log,
    maskDigits: false,
  });
  await call.end({ by: 'us', cause: 'completed' }, 480);
}

const destinations = ({ voice, sip, acd }: InviteDeps): Destinations => ({
  find(call, request) {
    if ('extension' in request) {
      const { extension } = request;
      if (!voice.config().extensions.some((e) => e.number === extension)) return undefined;
      return { ...toExtension(voice, sip, call, extension, request.timeoutMs), around: (work) => withEngaged({ voice, acd }, extension, work) };
    }
    const to = sip.outboundFor(request.number);
    return to.length === 0 ? undefined : toTrunks(voice, sip, call, request.number, to, request.timeoutMs);
  },
});

/** `*45` and `*46`: the agent of this phone becomes available or away, and hears so. */
async function feature({ voice, acd }: InviteDeps, call: Call, state: 'available' | 'away', caller: Caller): Promise<void> {
  const number = caller.kind === 'extension' ? caller.extension.number : undefined;
  const agent = voice.config().agents.find((a) => a.extension === number);
  if (!agent) return call.end({ by: 'us', cause: 'rejected' }, 403);
  acd().setState(agent.id as AgentId, state, 'by phone');
  const leg = await call.answer();
  await leg.endpoint.play(await files(voice, inLanguages(FEATURE_SAID[state], undefined)));
  await call.end({ by: 'us', cause: 'completed' });
}
export const FEATURE_SAID = {
  available: { 'zh-CN': '您已上线。', en: 'You are available.' },
  away: { 'zh-CN': '您已离开。', en: 'You are away.' },
} as const;

/** While an agent's phone is in a call that no queue gave it, no queue rings it. */
function engage({ voice, acd }: Pick<InviteDeps, 'voice' | 'acd'>, caller: Caller, call: Call): void {
  const number = caller.kind === 'extension' ? caller.extension.number : undefined;
  const agent = voice.config().agents.find((a) => a.extension === number)?.id as AgentId | undefined;
  if (agent === undefined) return;
  acd().engaged(agent, true);
  call.over.addEventListener('abort', () => acd().engaged(agent, false), { once: true });
}

async function withEngaged<T>({ voice, acd }: Pick<InviteDeps, 'voice' | 'acd'>, extension: string, work: () => Promise<T>): Promise<T> {
  const agent = voice.config().agents.find((a) => a.extension === extension)?.id as AgentId | undefined;
  if (agent === undefined) return work();
  acd().engaged(agent, true);
  try {
    return await work();
  } finally {
    acd().engaged(agent, false);
  }
}

/** The last resort of every call: it ends with a cause, whatever went wrong. */
function giveUp(call: Call, error: unknown): void {
  const { cause, status } = troubleOf(error);
  if (!call.over.aborted) {
    const ours = !(error instanceof StrowgerError);
    call.log[ours ? 'error' : 'warn']({ err: error }, 'the call could not go on');
  }
  void call.end({ by: 'us', cause }, status);
}
