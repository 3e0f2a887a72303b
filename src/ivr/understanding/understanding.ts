import { existsSync, watch } from 'node:fs';
import type { Ms } from '../../base/index.js';
import type { Corpus, Language, Understood } from '../../nlu/index.js';
import { readCorpora } from './corpora.js';
import { merge, type CorpusFault, type CorpusFile } from './corpus-file.js';
import { openThread, type OpenWorkshop, type Workshop } from './workshop.js';

export interface Understanding {
  /** Never rejects and never takes longer than `limitMs`: what could not be judged is out of scope. */
  understand(request: { readonly text: string; readonly language: Language; readonly intents: readonly string[] }): Promise<Understood>;
  /** Intents that the corpora of the language name now. */
  intents(language: Language): readonly string[];
  /** Faults of the files as they were last read, refused or not. */
  faults(): readonly CorpusFault[];
  /** Reads the folder again; settles when the new models answer, or the old ones go on. A refused file leaves its last good version. */
  reload(): Promise<void>;
  close(): Promise<void>;
}
export interface UnderstandingOptions {
  /** `dialplans/nlu` */
  readonly dir: string;
  readonly timeZone: string;
  readonly now?: () => number;
  readonly open?: OpenWorkshop;
  /** Reload by itself when a file changes. */
  readonly watch?: boolean;
  readonly limitMs?: Ms;
  readonly onLoaded?: (loaded: { readonly languages: readonly Language[]; readonly refused: readonly string[]; readonly faults: readonly CorpusFault[] }) => void;
  /** The models cannot be made, or their thread ended: what is said then is out of scope until it is back. */
  readonly onTrouble?: (why: Error) => void;
}

/** Longer than the first training of large corpora; a caller who speaks so early waits so long at most. */
const LIMIT: Ms = 4_000;
const SETTLE: Ms = 150;
/** A thread that ends again at once is not started faster than this. */
const AGAIN: Ms = 1_000;

/** Corpora of a folder, learnt in a thread beside; the thread of the last good ones answers until the next has learnt. */
export function loadUnderstanding({ dir, timeZone, now = Date.now, open = openThread, watch: watching = false, limitMs = LIMIT, onLoaded, onTrouble }: UnderstandingOptions): Understanding {
  let good: ReadonlyMap<string, CorpusFile> = new Map();
  let corpora: ReadonlyMap<Language, Corpus> = new Map();
  let faults: readonly CorpusFault[] = [];
  let learnt = '';
  let current: Workshop | undefined;
  let turn: Promise<void> = Promise.resolve();
  let again: NodeJS.Timeout | undefined;
  const closing = new AbortController();

  const isClosed = (): boolean => closing.signal.aborted;

  const read = (): void => {
    const found = readCorpora(dir);
    const kept = found.some((f) => f.name === dir) ? good : new Map<string, CorpusFile>();
    good = new Map([...kept, ...found.flatMap(({ name, file }) => {
      const version = file ?? good.get(name);
      return version ? [[name, version] as const] : [];
    })]);
    const merged = merge([...good.values()]);
    corpora = merged.corpora;
    faults = [...found.flatMap((f) => f.faults), ...merged.faults];
    onLoaded?.({ languages: [...corpora.keys()], refused: found.filter((f) => !f.file).map((f) => f.name), faults });
  };

  const replace = async (): Promise<void> => {
    const wanted = JSON.stringify([...corpora.values()]);
    if (isClosed() || (wanted === learnt && current)) return;
    const next = open([...corpora.values()]);
    const before = current;
    current ??= next; // the first one's questions wait until it has learnt
    try {
      await next.ready;
    } catch (why) {
      if (current === next) current = undefined;
      onTrouble?.(why as Error);
      await next.close();
      return;
    }
    if (isClosed()) return next.close();
    [current, learnt] = [next, wanted];
    next.onGone((why) => {
      if (current === next) current = undefined;
      onTrouble?.(why);
      again = setTimeout(() => void reload(false), AGAIN);
    });
    await before?.close();
  };

  const reload = (reading = true): Promise<void> => (turn = turn.then(async () => {
    if (reading) read();
    await replace();
  }));

  const first = reload();
  const stop = watching ? watchFolder(dir, () => void reload()) : (): void => undefined;
  return {
    async understand(request) {
      const question = { ...request, now: { atMs: now(), timeZone } };
      const unknown: Understood = { intents: [], outOfScope: 1, entities: [] };
      const answer = async (): Promise<Understood> => {
        if (!current) await first;
        return (await current?.ask(question)) ?? unknown;
      };
      return withLimit(answer().catch(() => unknown), limitMs, unknown); // why it failed went to onTrouble
    },
    intents: (language) => corpora.get(language)?.intents.map((i) => i.name) ?? [],
    faults: () => faults,
    reload: () => reload(),
    async close() {
      closing.abort();
      clearTimeout(again);
      stop();
      await current?.close();
      await turn;
    },
  };
}

async function withLimit<T>(work: Promise<T>, limit: Ms, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => void (timer = setTimeout(() => resolve(otherwise), limit)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function watchFolder(dir: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  if (!existsSync(dir)) return () => undefined;
  const watcher = watch(dir, () => {
    clearTimeout(timer);
    timer = setTimeout(changed, SETTLE);
  });
  watcher.on('error', () => watcher.close()); // the folder went away: what is learnt serves on
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
