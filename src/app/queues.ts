import {
  createAcd, createAcdSettings, createAdherence, createJournal, createQueueMetrics, formerChoices, systemClock, type AcdService, type AcdSettings, type Adherence,
  type Carriers, type QueueMetricsReader,
} from '../acd/index.js';
import { reconcile, type Call, type Ledger } from '../calls/index.js';
import type { Config } from '../config/index.js';
import type { NewFact } from '../events/index.js';
import type { Dialplans } from '../ivr/index.js';
import type { Sip } from '../sip/index.js';
import { agentPhones, createVoiceQueue, destinations, followRegistrations, goOn, resumeWaiting, type InviteDeps, type Reachability, type Voice, type VoiceQueue } from '../wiring/index.js';
import { dialplanDoor, knownNow } from './dialplans.js';
import type { Ground } from './rooms.js';

/** The queue room, its settings, and the voice that attaches to it. */
export interface Queues {
  readonly acd: AcdService;
  readonly settings: AcdSettings;
  readonly queue: VoiceQueue;
  readonly adherence: Adherence;
  readonly metrics: QueueMetricsReader;
  /** Those who waited when the last run ended are there again, everything else of it is ended, and phones are followed. */
  resume(deps: InviteDeps): Promise<void>;
  /** The files were read again. @throws SettingsRefused */
  reload(files: Config, by: string): void;
  /** Trunks, extensions, numbers or settings of the house have changed, and were found right. */
  adopt(config: Config, changed: { readonly extensions: boolean }): void;
  /** What flows may refer to has changed. */
  tellDialplans(): void;
  close(): void;
}
export interface QueuesOptions {
  readonly ground: Ground;
  readonly voice: Voice;
  readonly sip: Sip;
  readonly ledger: Ledger;
  readonly dialplans: () => Dialplans;
  readonly calls: Pick<InviteDeps, 'onCall' | 'onOver' | 'logFor'>;
  readonly onStep: (ms: number) => void;
  /** Channels besides voice, and how agents are reached for them. */
  readonly text: { readonly carriers: Carriers; readonly reachability: Reachability };
}

export function createQueues({ ground, voice, sip, ledger, dialplans, calls, onStep, text }: QueuesOptions): Queues {
  const { store, events, log, live } = ground;
  const { system } = live.now();
  let files = live.now();
  const settings = createAcdSettings({
    config: files, store, events, clock: systemClock, acd: () => acd, log, read: () => files, dialplans: () => dialplanDoor(ground, dialplans),
  });
  live.lay(settings.config());
  const queue = createVoiceQueue({ voice, acd: () => acd, phones: agentPhones(voice, sip), destinations: destinations({ voice, sip, acd: () => acd }), ...calls });
  const acd: AcdService = createAcd({
    setup: settings.setup(), carriers: { ...text.carriers, voice: queue.carrier }, log, timeZone: system.timeZone, leaseMs: system.queues.leaseMs, former: () => formerChoices(store), onStep,
    journal: createJournal({ store, log, keepMs: system.queues.logMs }),
    // The engine names only facts of FactMap: after a contact's subject, which is `call:ID` for all that wait here.
    publish: (facts, alongside) => events.publishAnyway(facts as unknown as readonly NewFact[], alongside),
  });
  const adherence = createAdherence({ store, events, log });
  let unfollow = (): void => undefined;
  const follow = (): void => {
    unfollow();
    unfollow = followRegistrations(text.reachability, sip.location, events, live.now);
  };
  const tellDialplans = (): void => void dialplans().reload(knownNow(ground));
  const stopListening = settings.onChange(() => {
    live.lay(settings.config());
    tellDialplans();
    follow();
  });
  return {
    acd, settings, queue, adherence,
    metrics: createQueueMetrics(store, () => acd.setup()),
    async resume(deps) {
      const found = await resumeWaiting({ room: queue.room, ...calls, goOn: (call: Call, end) => goOn(deps, call, end) });
      acd.resume();
      await reconcile({ ledger, events, sip: voice.sip, media: voice.media, log, now: voice.now, ...found });
      follow();
      settings.start();
    },
    reload(read, by) {
      files = read;
      settings.reload({ by });
      live.adopt(read);
      live.lay(settings.config());
      sip.apply();
      tellDialplans();
      follow();
    },
    adopt(config, { extensions }) {
      files = config;
      if (extensions) settings.know(config);
      live.adopt(config);
      live.lay(settings.config());
      sip.apply();
      if (extensions) follow();
    },
    tellDialplans,
    close() {
      stopListening();
      unfollow();
      settings.close();
      acd.close();
      adherence.close();
    },
  };
}
