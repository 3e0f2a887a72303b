import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { acdSetup, agentMemory, createAcd, type Acd } from '../acd/index.js';
import { createApi, serveApi } from '../api/index.js';
import { createLedger, reconcile, type Call, type Ledger } from '../calls/index.js';
import type { Environment, Settings } from '../config/index.js';
import { formatFault, maskNumber } from '../config/index.js';
import { loadDialplans, type Dialplans } from '../ivr/index.js';
import { musicFile } from '../media/index.js';
import { createSip, type Sip } from '../sip/index.js';
import { queuePrompts, type Spoken } from '../speech/tts/index.js';
import { agentPhones, createVoiceQueue, FEATURE_SAID, followRegistrations, onInvite, type Voice, type VoiceQueue } from '../wiring/index.js';
import { createActiveCalls, type ActiveCalls } from './active.js';
import { createMetrics } from './gauges.js';
import { callReader, recordingReader } from './readers.js';
import { layGround, type Ground } from './rooms.js';
import { extensionReader, trunkReader } from './trunk-views.js';

export interface Application {
  /** What people must read once: the token and password made at the first start. */
  readonly greeting: readonly string[];
  received(message: unknown): void;
  /** To the log. */
  complain(error: unknown, message: string): void;
  /** `drain` lets calls end by themselves for a while; `now` ends them. */
  stop(how: 'drain' | 'now'): Promise<void>;
}

export const VERSION = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** Builds the application out of its rooms and opens its doors. @throws ConfigFaults, StoreError, HttpPortTaken */
export async function compose(settings: Settings, env: Environment): Promise<Application> {
  const ground = await layGround(settings, env, musicFile);
  const { config, log, store, events, edge, media, tts, access } = ground;
  const ledger = createLedger(store, log);
  const active = createActiveCalls();
  const state = { draining: false };
  const voice: Voice = {
    settings, config: () => config, sip: edge, media, ledger, events, tts, log, music: ground.music,
    recordings: join(settings.folders.data, 'recordings'), now: Date.now,
  };
  const dialplans = openDialplans(ground);
  const sip = createSip({ edge, store, events, config: () => config, realm: settings.realm, entries: () => dialplans.entries(), log });
  const { acd, queue } = createQueues(ground, voice, sip);
  const stopFollowing = followRegistrations(acd, sip.location, events, () => config);
  const metrics = createMetrics({
    calls: () => active.count(), legs: () => active.legs(), endpoints: () => media.endpoints(), timers: () => acd.timers(), mediaUp: () => media.up(),
    waitingWrites: () => ledger.waiting() + events.waiting(),
  });
  events.subscribe(['call.ended'], (fact) => metrics.ended(fact.data.cause));
  watchServers(ground);
  await reconcile({ ledger, events, sip: edge, media, log, now: Date.now });
  const prompts = prepare(ground, dialplans);
  takeCalls({ ground, voice, sip, acd, queue, dialplans, active, draining: () => state.draining });
  const door = await serveApi(
    createApi({
      calls: callReader(ledger, events), recordings: recordingReader(ledger), agents: acd, queues: acd,
      extensions: extensionReader(() => config, sip.location), trunks: trunkReader(() => config, sip.trunks),
      health: { ready: () => edge.up && media.up() > 0 && !state.draining, degraded: () => degraded(ground, dialplans, ledger, prompts) },
      metrics: { contentType: metrics.registry.contentType, metrics: () => metrics.registry.metrics() },
      authenticate: (token) => {
        const judged = access.authenticate(`Bearer ${token}`, 'api');
        return judged.ok ? { name: judged.principal.id } : undefined;
      },
      log, version: VERSION,
    }),
    settings.http,
  );
  events.publish('app.started', 'system', { version: VERSION });
  const hurry = new AbortController();
  const close = async (): Promise<void> => {
    state.draining = true;
    events.publish('app.draining', 'system', { calls: active.count(), seconds: config.system.drainMs / 1_000 });
    await active.drained(config.system.drainMs, hurry.signal);
    await active.endAll();
    await door.close();
    stopFollowing();
    sip.close();
    acd.close();
    dialplans.close();
    media.close();
    edge.close();
    await tts.close();
    ledger.shut();
    await store.close();
  };
  let closing: Promise<void> | undefined;
  return {
    greeting: greeting(ground),
    received: metrics.received,
    complain: (error, message) => log.error({ err: error }, message),
    stop(how) {
      if (how === 'now') hurry.abort();
      return (closing ??= close());
    },
  };
}

function greeting({ access }: Ground): string[] {
  return [
    ...(access.madeToken ? [`Admin token (shown once): ${access.madeToken.reveal()}`] : []),
    ...(access.madeDemoPassword ? [`Password of the demo phones (shown once): ${access.demoPassword.reveal()}`] : []),
  ];
}

function openDialplans({ settings, config, events, log }: Ground): Dialplans {
  return loadDialplans({
    dir: settings.folders.dialplans,
    known: { queues: config.queues.map((q) => q.name), extensions: config.extensions.map((e) => e.number) },
    watch: true,
    onLoaded({ files, refused, faults }) {
      for (const fault of faults) log[fault.severity === 'error' ? 'error' : 'warn']({ code: fault.code }, formatFault(fault));
      if (refused.length > 0) events.publish('dialplan.refused', 'system', { faults: faults.map(formatFault) });
      events.publish('dialplan.loaded', 'system', { files: [...files] });
    },
  });
}

function createQueues({ config, store, events, log }: Ground, voice: Voice, sip: Sip): { acd: Acd; queue: VoiceQueue } {
  const queue = createVoiceQueue(voice, () => acd, agentPhones(voice, sip));
  const acd: Acd = createAcd({
    setup: acdSetup(config), carrier: queue, memory: agentMemory(store), log,
    publish: (type, subject, data) => void events.publish(type as 'agent.state_changed', subject as `agent:${string}`, data as never), // the engine names only facts of FactMap
  });
  return { acd, queue };
}

interface Calls {
  readonly ground: Ground;
  readonly voice: Voice;
  readonly sip: Sip;
  readonly acd: Acd;
  readonly queue: VoiceQueue;
  readonly dialplans: Dialplans;
  readonly active: ActiveCalls;
  readonly draining: () => boolean;
}

function takeCalls({ ground, voice, sip, acd, queue, dialplans, active, draining }: Calls): void {
  const deps = {
    voice, sip, queue, draining, acd: () => acd, dialplans: () => dialplans, onCall: (call: Call) => active.add(call), onOver: (call: Call) => active.remove(call),
    logFor: (call: string) => ground.log.child({ call }),
    masked: (number: string) => (ground.config.system.maskNumbers ? maskNumber(number) : number),
  };
  sip.start((req, res, caller, dialled) => onInvite(deps, req, res, caller, dialled));
}

function watchServers({ edge, media, events, log }: Ground): void {
  edge.onDown((why) => void events.publish('edge.lost', 'edge', { why }));
  edge.onUp(() => void events.publish('edge.back', 'edge', {}));
  media.onChange((server, up) => {
    log[up ? 'info' : 'error']({ media: server }, up ? 'connected to the media server' : 'the media server is lost');
    if (up) events.publish('media.back', `media:${server}`, { server });
    else events.publish('media.lost', `media:${server}`, { server, why: 'its event socket closed' });
  });
}

/** What somebody may hear, rendered before he calls. */
function everyPrompt({ config }: Ground, dialplans: Dialplans): Spoken[] {
  const both = (texts: Record<'zh-CN' | 'en', string>): Spoken[] => (['zh-CN', 'en'] as const).map((lang) => ({ text: texts[lang], lang }));
  return [
    ...dialplans.prompts(),
    ...(config.recordings.notice ? both(config.recordings.notice) : []),
    ...Object.values(FEATURE_SAID).flatMap(both),
    ...queuePrompts(10),
  ];
}

/** Renders beforehand, in the background: a call that comes first waits for its own sentences only. */
function prepare(ground: Ground, dialplans: Dialplans): { done: boolean } {
  const state = { done: false };
  void ground.tts.prepare(everyPrompt(ground, dialplans)).then((failed) => {
    state.done = true;
    if (failed > 0) ground.log.warn({ failed }, 'some prompts could not be rendered');
  });
  return state;
}

function degraded({ edge, media, tts, events }: Ground, dialplans: Dialplans, ledger: Ledger, prompts: { done: boolean }): string[] {
  const broken = dialplans.faults().filter((f) => f.severity === 'error').length;
  const silent = tts.unavailable();
  return [
    ...(edge.up ? [] : ['sip: the SIP server is not connected']),
    ...media.servers().filter((s) => !s.up).map((s) => `media: ${s.name} is not connected`),
    ...(silent === undefined ? [] : [`prompts: ${silent}`]),
    ...(prompts.done ? [] : ['prompts: being rendered']),
    ...(broken > 0 ? [`dialplans: ${broken} fault(s), see the log`] : []),
    ...(ledger.waiting() + events.waiting() > 0 ? ['disk: the database takes no writes'] : []),
    'speech: off, no model',
  ];
}
