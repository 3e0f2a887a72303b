import type Srf from 'drachtio-srf';
import type { FlowDesk } from './flow-desk.js';
import type { Acd, AgentId } from '../acd/index.js';
import { StrowgerError } from '../base/index.js';
import type { Call, CallLog, NewCall } from '../calls/index.js';
import { createCall } from '../calls/index.js';
import type { Dialplans } from '../ivr/index.js';
import { runFlow, withScripts, type FlowRun, type QueueEnd, type ScriptService } from '../ivr/index.js';
import type { Caller, Resolution, Sip } from '../sip/index.js';
import { newId } from '../store/index.js';
import { variablesOfCaller } from './customers/index.js';
import { feature } from './feature.js';
import { verbsFor, type Listening } from './flow-call.js';
import { toExtension, toTrunks } from './phones.js';
import type { Destinations, VoiceQueue } from './queue/index.js';
import { endAfter, reach, troubleOf } from './reach.js';
import { receiveInvite, type Voice } from './voice.js';

export interface InviteDeps {
  readonly voice: Voice;
  readonly sip: Sip;
  readonly acd: () => Acd;
  readonly queue: VoiceQueue;
  readonly dialplans: () => Dialplans;
  /** What flows may use beside the call; without it their steps fail as they say. */
  readonly listening?: Listening | undefined;
  readonly understanding?: FlowRun['understanding'];
  readonly http?: FlowRun['http'];
  readonly scripts?: ScriptService;
  readonly desk?: Pick<FlowDesk, 'order'>;
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
  if (caller.kind === 'extension') engage(deps, caller.extension.number, call);
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
      return feature(deps, call, to.feature, caller.kind === 'extension' ? caller.extension.number : undefined);
    case 'extension':
      return withEngaged(deps, to.extension.number, async () => endAfter(call, await reach(voice, call, toExtension(voice, sip, call, to.extension.number))));
    case 'outbound':
      return endAfter(call, await reach(voice, call, toTrunks(voice, sip, call, to.number, to.attempts)));
    case 'entry':
      return flow(deps, call, to.dialled);
  }
}

/** A flow always ends its call: by its last step, by its last resort, or here. `named`: another flow of the file than the entry's. */
export async function flow(deps: InviteDeps, call: Call, dialled: string, named?: string): Promise<void> {
  const { voice } = deps;
  const known = voice.callers?.of(call);
  const language = known?.language === 'zh-CN' || known?.language === 'en' ? known.language : undefined;
  const entry = deps.dialplans().find({ number: dialled, from: call.from, trunk: call.trunk ?? undefined, tags: known?.tags, language, atMs: voice.now() });
  if (!entry) return call.end({ by: 'us', cause: 'rejected' }, 404);
  call.entered('flow');
  if (entry.version !== undefined) voice.events.publish('call.dialplan_chosen', `call:${call.id}`, { file: entry.file, version: entry.version });
  const run: FlowRun = {
    plan: entry.plan,
    flow: named ?? entry.flow,
    ...(language === undefined ? {} : { language }),
    ...(known ? { customer: variablesOfCaller(known) } : {}),
    variables: { ...(known ? { tags: known.tags } : {}), from: call.from, to: call.to, ...(call.trunk === null ? {} : { trunk: call.trunk }), ...(call.did === null ? {} : { did: call.did }) },
    verbs: verbsFor(voice, call, deps.queue, destinations(deps), deps.listening, deps.desk),
    understanding: deps.understanding,
    http: deps.http,
    now: voice.now,
    subject: `call:${call.id}`,
    publish: (type, subject, data) => {
      voice.events.publish(type as 'call.digits', subject as `call:${string}`, data as { digits: string }); // the machine names only facts of FactMap
      if (type === 'call.language_set') call.note({ language: String(data['language']) });
    },
    log: call.log,
    maskDigits: false,
  };
  await runFlow(deps.scripts ? withScripts(run, deps.scripts, { id: call.id, from: call.from, to: call.to }, call.log) : run);
  await call.end({ by: 'us', cause: 'completed' }, 480);
}

/** A call of the last run whose stay in the queue is over: what the flow had in mind after it is not known any more. */
export function goOn(deps: InviteDeps, call: Call, end: QueueEnd): void {
  if (typeof end === 'object') flow(deps, call, call.did ?? call.to, end.flow).catch((error: unknown) => giveUp(call, error));
  else if (!call.over.aborted) void call.end({ by: 'us', cause: end });
}

export const destinations = ({ voice, sip, acd }: Pick<InviteDeps, 'voice' | 'sip' | 'acd'>): Destinations => ({
  find(call, request) {
    if ('extension' in request) {
      const { extension } = request;
      if (!voice.config().extensions.some((e) => e.number === extension)) return undefined;
      return { ...toExtension(voice, sip, call, extension, request.timeoutMs), around: (work) => withEngaged({ voice, acd }, extension, work) };
    }
    const to = sip.outboundFor(request.number).filter(({ trunk }) => request.trunk === undefined || trunk === request.trunk);
    return to.length === 0 ? undefined : toTrunks(voice, sip, call, request.number, to, request.timeoutMs);
  },
});

/** While an agent's phone is in a call that no queue gave it, no queue rings it. */
export function engage(deps: Pick<InviteDeps, 'voice' | 'acd'>, number: string, call: Call): void {
  call.over.addEventListener('abort', engaging(deps, number), { once: true });
}

async function withEngaged<T>(deps: Pick<InviteDeps, 'voice' | 'acd'>, extension: string, work: () => Promise<T>): Promise<T> {
  const free = engaging(deps, extension);
  try {
    return await work();
  } finally {
    free();
  }
}

/** From now on no queue rings the agent of this extension; answers how to end that. */
export function engaging({ voice, acd }: Pick<InviteDeps, 'voice' | 'acd'>, extension: string): () => void {
  const agent = voice.config().agents.find((a) => a.extension === extension)?.id as AgentId | undefined;
  if (agent === undefined) return () => undefined;
  acd().engaged(agent, true);
  return () => acd().engaged(agent, false);
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
