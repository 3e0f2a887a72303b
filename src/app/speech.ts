import type { Ledger } from '../calls/index.js';
import type { Settings } from '../config/index.js';
import { ASR_LANGUAGES, createAsr, type Asr } from '../speech/asr/index.js';
import { createTranscripts, listeningOver, openForkListener, type ForkListener, type InviteDeps, type Transcripts } from '../wiring/index.js';
import type { Ground } from './rooms.js';

/** Listening to callers: recognition, and the door where media servers bring their audio. */
export interface Speech {
  readonly asr: Asr;
  readonly forks: ForkListener;
  readonly listening: NonNullable<InviteDeps['listening']>;
  readonly transcripts: Transcripts;
  /** What is amiss, for /healthz. */
  degraded(): string[];
  /** Looks again for models. */
  refresh(): void;
  close(): Promise<void>;
}

/** @throws what node:net says when STROWGER_FORK_LISTEN cannot be had */
export async function openSpeech({ settings, live, log, media, store, events }: Ground, ledger: Pick<Ledger, 'get'>): Promise<Speech> {
  const { processes, servers } = live.now().system.speech;
  const asr = createAsr({ models: settings.folders.models, log, processes, servers });
  const forks = await openForkListener(doorOf(settings));
  const transcripts = createTranscripts({
    asr, forks, store, events, log, now: Date.now, config: () => live.now().recordings, languageOf: (call) => ledger.get(call)?.language,
  });
  const told = new Set<string>();
  const degraded = (): string[] => {
    const languages = asr.languages();
    if (languages.length === 0) return ['speech: off, no model'];
    return [
      ...ASR_LANGUAGES.flatMap((language) => {
        const why = asr.unavailable(language);
        return why === undefined ? [] : [`speech: ${language}: ${why}`];
      }),
      ...media.servers().filter((server) => server.up && !server.canFork).map((server) => `speech: off on ${server.name}, it has no mod_audio_fork`),
    ];
  };
  const tell = (server: string): void => {
    const deaf = media.servers().some(({ name, up, canFork }) => name === server && up && !canFork);
    if (!deaf || told.has(server)) return;
    told.add(server);
    log.warn({ media: server }, 'this media server has no mod_audio_fork: callers on it are not listened to');
  };
  media.onChange(tell);
  media.servers().forEach(({ name }) => { tell(name); }); // one may be up already
  if (asr.languages().length === 0) log.info({ models: settings.folders.models }, 'no speech model: flows work by keys');
  transcripts.wake();
  return {
    asr, forks, transcripts, degraded,
    listening: listeningOver({ asr, forks }),
    refresh() {
      asr.refresh();
      transcripts.wake();
    },
    async close() {
      await transcripts.close();
      await Promise.all([asr.close(), forks.close()]);
    },
  };
}

const LOOPBACK = /^(?:127\.|::1$|localhost$)/;

/** Beside media servers on this machine the door is on loopback; for others it is where this machine is reached. */
function doorOf({ forkListen, forkAdvertise, freeswitch, publicAddress }: Settings): Parameters<typeof openForkListener>[0] {
  const here = freeswitch.every(({ host }) => LOOPBACK.test(host));
  const listen = forkListen ?? { host: here ? '127.0.0.1' : publicAddress, port: 0 };
  const everywhere = listen.host === '0.0.0.0' || listen.host === '::';
  return { listen, advertise: forkAdvertise ?? (everywhere ? { host: publicAddress, port: listen.port } : undefined) };
}
