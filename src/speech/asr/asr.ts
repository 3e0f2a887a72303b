import { fileURLToPath } from 'node:url';
import type { Ms } from '../../base/index.js';
import { findModel } from './models/find.js';
import { ASR_LANGUAGES, type Asr, type AsrLanguage, type AsrLog, type AsrStream, type Engine } from './ports.js';
import { openStream } from './stream.js';
import { createVoskEngine } from './vosk/engine.js';
import { libraryFile } from './vosk/library.js';
import { createVoskServer } from './vosk/server.js';

export interface AsrSettings {
  /** The folder with a model in `zh-CN/`, `en/`. */
  readonly models: string;
  readonly log: AsrLog;
  /** Vosk servers; a language that has one needs no model. */
  readonly servers?: Readonly<Partial<Record<AsrLanguage, string>>>;
  /** Most processes a language. */
  readonly processes?: number;
  readonly limits?: Partial<AsrLimits>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The compiled `recogniser.js`; that of the program unless told. */
  readonly script?: string;
}
export interface AsrLimits {
  readonly utterancesEach: number;
  readonly maxUtterances: number;
  readonly maxGrowthBytes: number;
  readonly maxLagMs: Ms;
  readonly startMs: Ms;
  /** How long the last result of an utterance may take. */
  readonly finalMs: Ms;
}

const LIMITS: AsrLimits = { utterancesEach: 12, maxUtterances: 2_000, maxGrowthBytes: 300e6, maxLagMs: 1_500, startMs: 60_000, finalMs: 5_000 };
const SCRIPT = fileURLToPath(new URL('vosk/recogniser.js', import.meta.url));
const SERVER = { connectMs: 2_000, restMs: 5_000 };

type Place = { readonly engine: Engine } | { readonly fault: string };

/** Starts what the models folder and the settings name; the models are loaded in the background. */
export function createAsr(settings: AsrSettings): Asr & { /** Looks again for models of languages that have none. */ refresh(): void } {
  const places = new Map<AsrLanguage, Place>();
  const streams = new Set<AsrStream>();
  const limits = { ...LIMITS, ...settings.limits };
  const refresh = (): void => {
    for (const language of ASR_LANGUAGES) {
      const before = places.get(language);
      if (before && 'engine' in before) continue;
      const place = placeFor(language, settings, limits);
      if (place) places.set(language, place);
      else places.delete(language);
    }
  };
  const engineOf = (language: AsrLanguage): Engine => {
    const place = places.get(language);
    return place && 'engine' in place ? place.engine : noEngine(unavailable(language) ?? 'unavailable');
  };
  function unavailable(language: AsrLanguage): string | undefined {
    const place = places.get(language);
    if (!place) return `no model for ${language}`;
    return 'fault' in place ? place.fault : place.engine.unavailable();
  }
  refresh();
  return {
    refresh,
    languages: () => [...places.keys()],
    unavailable,
    open(options, heard) {
      const stream = openStream(engineOf(options.language), { ...options, finalMs: limits.finalMs }, heard);
      streams.add(stream);
      void stream.over.then(() => streams.delete(stream));
      return stream;
    },
    streams: () => streams.size,
    pids: () => enginesOf(places).flatMap((engine) => engine.pids()),
    async close() {
      for (const stream of streams) stream.abandon();
      await Promise.all(enginesOf(places).map((engine) => engine.close()));
    },
  };
}

const enginesOf = (places: ReadonlyMap<AsrLanguage, Place>): Engine[] => [...places.values()].flatMap((place) => ('engine' in place ? [place.engine] : []));

function placeFor(language: AsrLanguage, { models, log, servers = {}, processes = 1, env = process.env, script = SCRIPT }: AsrSettings, limits: AsrLimits): Place | undefined {
  const url = servers[language];
  if (url !== undefined) return { engine: createVoskServer({ language, url, maxLagMs: limits.maxLagMs, log, ...SERVER }) };
  const found = findModel(models, language);
  if (!found) return undefined;
  if (found.fault !== undefined) return { fault: found.fault };
  const library = libraryFile(env);
  if (library === undefined) return { fault: 'libvosk is not installed (npm install --ignore-scripts vosk, or name it in STROWGER_LIBVOSK)' };
  return { engine: createVoskEngine({ language, script, library, model: found.folder, processes, log, ...limits }) };
}

const noEngine = (why: string): Engine => ({
  unavailable: () => why,
  pids: () => [],
  begin(_how, heard) {
    setImmediate(() => heard.failed(why));
    return { feed: () => undefined, finish: () => undefined, drop: () => undefined, backlogMs: () => 0 };
  },
  close: () => Promise.resolve(),
});
