import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SettingsRefused } from '../acd/index.js';
import { createApi, createIdempotencyStore, serveApi } from '../api/index.js';
import { createLedger, type Call, type Ledger } from '../calls/index.js';
import { ConfigFaults, formatFault, maskNumber, type Environment, type Settings } from '../config/index.js';
import { createWorkbench, type Dialplans } from '../ivr/index.js';
import { musicFile } from '../media/index.js';
import { ObjectsRefused } from '../objects/index.js';
import { createSip, type Sip } from '../sip/index.js';
import { LANGUAGES, queuePrompts, type Spoken } from '../speech/tts/index.js';
import { isUp } from '../store/index.js';
import { handingOf, onInvite, type InviteDeps, type Voice } from '../wiring/index.js';
import { watchAccess } from './access.js';
import { openArchive } from './archive.js';
import { createActiveCalls } from './active.js';
import { openCustomers, type CustomerDesk } from './customers.js';
import { openFlowTools } from './flow-tools.js';
import { layTextGround, type TextGround } from './chat.js';
import { openTalks, type Talks } from './conversations.js';
import { createMetrics } from './gauges.js';
import { openErasing } from './erasing.js';
import { openEventDoors } from './event-doors.js';
import { openInsight } from './insight.js';
import { createQueues, type Queues } from './queues.js';
import { callCommands, callReader, recordingReader, transcriptReader } from './readers.js';
import { calendarsOf } from './calendars.js';
import { objectsFollowers } from './objects.js';
import { layGround, type Ground } from './rooms.js';
import { openSpeech, type Speech } from './speech.js';
import { openTickets } from './tickets.js';
import { openWebChat } from './web-chat.js';
import { extensionReader, trunkReader } from './trunk-views.js';

export interface Application {
  /** What people must read once: the token and password made at the first start. */
  readonly greeting: readonly string[];
  received(message: unknown): void;
  /** Reads the files of `config/` again. What is wrong leaves everything as it is, and is said in the log. */
  reload(): void;
  /** To the log. */
  complain(error: unknown, message: string): void;
  /** `drain` lets calls end by themselves for a while; `now` ends them. */
  stop(how: 'drain' | 'now'): Promise<void>;
}

export const VERSION = (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;

/** Builds the application out of its rooms and opens its doors. @throws ConfigFaults, StoreError, HttpPortTaken */
export async function compose(settings: Settings, env: Environment): Promise<Application> {
  const ground = await layGround(settings, env, musicFile);
  const { live, log, store, events, edge, media, tts } = ground;
  const ledger = createLedger(store, log);
  const active = createActiveCalls();
  const state = { draining: false };
  const desk = openCustomers(ground, () => talks.open);
  const voice: Voice = {
    settings, config: live.now, sip: edge, media, ledger, events, tts, log, music: ground.music, recordings: join(settings.folders.data, 'recordings'), now: Date.now,
    onRecording: (begun) => speech.transcripts.follow(begun), callers: desk.callers, handOn: (call, by, to) => handingOf(deps, call, by, to),
  };
  const calls = {
    onCall: (call: Call) => (active.add(call), desk.callers.arrived(call)), onOver: (call: Call) => active.remove(call), logFor: (call: string) => log.child({ call }),
  };
  const sip: Sip = createSip({ edge, store, events, config: live.now, realm: settings.realm, entries: () => dialplans.entries(), barred: (extension) => ground.access.users.barred(extension), log });
  const waitingWrites = (): number => ledger.waiting() + events.waiting() + queues.acd.waitingWrites();
  const metrics = createMetrics({
    calls: () => active.count(), legs: () => active.legs(), endpoints: () => media.endpoints(), timers: () => queues.acd.timers(), mediaUp: () => media.up(), waitingWrites,
    leaked: () => queues.acd.leaked(), offers: () => queues.acd.offers(), visitors: () => chat.lines(), speech: () => ({ streams: speech.asr.streams(), forks: speech.forks.lines() }), waiting: () => queues.acd.waiting(),
  });
  const text = layTextGround(ground, () => queues.acd);
  const talks: Talks = openTalks(ground, text, desk, { acd: () => queues.acd, book: (order) => queues.queue.callbacks.book(order) });
  const tickets = openTickets(ground, { text, customers: desk.customers, ledger, conversations: talks.desk.conversations, acd: () => queues.acd });
  const queues: Queues = createQueues({ ground, voice, sip, ledger, dialplans: () => dialplans, calls, onStep: metrics.stepped, text });
  const tools = await openFlowTools(ground, env);
  const { dialplans } = tools;
  const { acd } = queues;
  events.subscribe(['call.ended'], (fact) => metrics.ended(fact.data.cause));
  watchServers(ground);
  const speech = await openSpeech(ground, ledger);
  dialplans.reload({ speech: speech.asr.languages() });
  const deps: InviteDeps = {
    voice, sip, queue: queues.queue, listening: speech.listening, understanding: tools.understanding, http: tools.http, scripts: tools.scripts, desk: tickets.flows, draining: () => state.draining, acd: () => acd, dialplans: () => dialplans, ...calls,
    masked: (number) => (live.now().system.maskNumbers ? maskNumber(number) : number),
  };
  const objectsFollow = objectsFollowers({ queues, dialplans: () => dialplans, say: ({ recordings: { notice } }) => void (notice && tts.prepare(inAll(notice))) });
  ground.followObjects(objectsFollow);
  await queues.resume(deps);
  text.desktops.resume();
  talks.resume();
  const unwatch = watchAccess(ground, { sip, active, ledger });
  const prompts = prepare(ground, dialplans);
  sip.start((req, res, caller, dialled) => onInvite(deps, req, res, caller, dialled));
  const doors = openEventDoors(ground, (agent) => text.desktops.hold(agent), { call: (id) => ledger.get(id), talkers: (id) => talks.agentsOf(id), ticket: (id) => tickets.owner(id) });
  tickets.start();
  events.subscribe(['config.loaded'], () => tickets.reload());
  const chat = openWebChat(ground, { talks, text, desk, tickets: tickets.api.tickets, acd });
  const erasing = openErasing(ground, { talks, tickets: tickets.api.tickets, chat });
  const insight = openInsight(ground, acd);
  const archive = openArchive(ground);
  const api = createApi({
    ...apiOf(ground, { ledger, sip, queues, speech, text, desk, active: () => active.all() }), ...doors.api, ...tickets.api, ...insight.api, archive, conversations: talks.desk, ...chat.api, dialplans: tools.desk, workbench: createWorkbench({ dir: settings.folders.dialplans, calendars: () => calendarsOf(ground.objects.now()) }), answering: (call) => dialplans.find(call), reload: (by) => reload(ground, dialplans, queues, speech, desk, by),
    health: { ready: () => edge.up && media.up() > 0 && !state.draining, degraded: () => [...degraded(ground, dialplans, waitingWrites(), prompts), ...speech.degraded()] },
    metrics: { contentType: metrics.registry.contentType, metrics: () => metrics.registry.metrics() },
  });
  const door = await serveApi(api, settings.http);
  doors.attach(door);
  chat.attach(door, doors.api.eventDoors.tickets);
  events.publish('app.started', 'system', { version: VERSION });
  setImmediate(isUp);
  const hurry = new AbortController();
  const close = async (): Promise<void> => {
    state.draining = true;
    const { drainMs } = live.now().system;
    events.publish('app.draining', 'system', { calls: active.count(), seconds: drainMs / 1_000 });
    await active.drained(drainMs, hurry.signal);
    await active.endAll();
    await doors.close();
    insight.api.live.close();
    await Promise.all([door.close(), erasing.close()]);
    unwatch();
    chat.close();
    await talks.close();
    for (const room of [objectsFollow, sip, queues, media, edge]) room.close();
    await Promise.all([tts.close(), speech.close(), tools.close(), text.close(), desk.close(), tickets.close(), insight.close(), archive.close()]);
    ledger.shut();
    await store.close();
  };
  let closing: Promise<void> | undefined;
  return {
    greeting: greeting(ground),
    received: metrics.received,
    reload: () => reloadOrTell(ground, dialplans, queues, speech, desk),
    complain: (error, message) => log.error({ err: error }, message),
    stop(how) {
      if (how === 'now') hurry.abort();
      return (closing ??= close());
    },
  };
}

/** What the API shows of the rooms. */
function apiOf({ live, objects, store, events, access, log }: Ground, { ledger, sip, queues, speech, text, desk, active }: { readonly active: () => readonly Call[]; readonly desk: CustomerDesk; readonly ledger: Ledger; readonly sip: Sip; readonly queues: Queues; readonly speech: Speech; readonly text: TextGround }) {
  const { acd, queue } = queues;
  return {
    calls: callReader(ledger, events, desk.customers), callCommands: callCommands(active), customers: desk.customers, recordings: recordingReader(ledger), transcripts: transcriptReader(ledger, speech.transcripts), agents: acd, queues: acd, contacts: acd, contactCommands: queue.commands, callbacks: queue.callbacks,
    text: text.api, settings: queues.settings, queueMetrics: queues.metrics, adherence: queues.adherence, idempotency: createIdempotencyStore(store), timeZone: live.now().system.timeZone,
    extensions: extensionReader(live.now, sip.location), trunks: trunkReader(live.now, sip.trunks), objects,
    authenticate(token: string) {
      const judged = access.authenticate(`Bearer ${token}`, 'api');
      return judged.ok ? judged.principal : undefined;
    },
    access, trustedProxies: () => live.now().access.trustedProxies, behindTls: () => live.now().access.behindTls, log, version: VERSION,
  };
}

/** Reads all files again. What is wrong leaves everything as it is, and is said in the log. @throws ConfigFaults @throws SettingsRefused @throws ObjectsRefused */
function reload({ read, objects, live, events, log, settings }: Ground, dialplans: Dialplans, queues: Queues, speech: Speech, desk: CustomerDesk, by: string): void {
  try {
    const layCustomers = desk.read();
    const next = objects.refile(read(dialplans.flows()));
    queues.reload(next.laid.config, by);
    next.adopt();
    speech.refresh();
    layCustomers();
  } catch (error) {
    const faults = faultsOf(error);
    for (const fault of faults) log.error({}, fault);
    events.publish('config.refused', 'system', { faults });
    throw error;
  }
  for (const fault of live.now().warnings) log.warn({ code: fault.code }, formatFault(fault));
  events.publish('config.loaded', 'system', { files: [settings.folders.config] });
}

function reloadOrTell(ground: Ground, dialplans: Dialplans, queues: Queues, speech: Speech, desk: CustomerDesk): void {
  try {
    reload(ground, dialplans, queues, speech, desk, 'SIGHUP');
  } catch (error) {
    if (!(error instanceof ConfigFaults) && !(error instanceof SettingsRefused) && !(error instanceof ObjectsRefused)) throw error; // those have been told
  }
}

function faultsOf(error: unknown): string[] {
  if (error instanceof ConfigFaults) return error.faults.map(formatFault);
  if (error instanceof SettingsRefused || error instanceof ObjectsRefused) return error.faults.map((fault) => `${fault.pointer}: ${fault.message}`);
  return [String(error)];
}

function greeting({ access }: Ground): string[] {
  return [
    ...(access.madeToken ? [`Admin token (shown once): ${access.madeToken.reveal()}`] : []),
    ...(access.madeDemoPassword ? [`Password of the demo phones (shown once): ${access.demoPassword.reveal()}`] : []),
  ];
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

const inAll = (texts: Readonly<Partial<Record<Spoken['lang'], string | undefined>>>): Spoken[] => LANGUAGES.flatMap((lang) => (texts[lang] === undefined ? [] : [{ text: texts[lang], lang }]));

/** What somebody may hear, rendered before he calls. */
function everyPrompt({ live }: Ground, dialplans: Dialplans): Spoken[] {
  const { recordings, queues } = live.now();
  return [...dialplans.prompts(), ...(recordings.notice ? inAll(recordings.notice) : []), ...queues.flatMap((q) => [...q.announcements.flatMap((a) => inAll(a.say)), ...(typeof q.recordingNotice === 'object' ? inAll(q.recordingNotice) : [])]), ...queuePrompts(10)];
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

function degraded({ edge, media, tts }: Ground, dialplans: Dialplans, waitingWrites: number, prompts: { done: boolean }): string[] {
  const broken = dialplans.faults().filter((f) => f.severity === 'error').length;
  const silent = tts.unavailable();
  return [
    ...(edge.up ? [] : ['sip: the SIP server is not connected']),
    ...media.servers().filter((s) => !s.up).map((s) => `media: ${s.name} is not connected`),
    ...(silent === undefined ? [] : [`prompts: ${silent}`]),
    ...(prompts.done ? [] : ['prompts: being rendered']),
    ...(broken > 0 ? [`dialplans: ${broken} fault(s), see the log`] : []),
    ...(waitingWrites > 0 ? ['disk: the database takes no writes'] : []),
  ];
}
