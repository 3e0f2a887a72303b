import type { Ms } from '../../../base/index.js';
import type { AsrLanguage, AsrLog, Engine, Utterance, UtteranceListener, UtteranceOptions } from '../ports.js';
import { concatenate, joined, readResult } from '../result.js';
import { startProcess, type ProcessUtterance, type RecogniserProcess } from './process.js';

export interface VoskOptions {
  readonly language: AsrLanguage;
  readonly script: string;
  readonly library: string;
  readonly model: string;
  /** Most processes at a time; each has the model in memory. The second is started when the first is busy. */
  readonly processes: number;
  /** So many utterances at once make a process busy. */
  readonly utterancesEach: number;
  /** A process is replaced after so many utterances, or when it needs so much more memory than with the model alone. */
  readonly maxUtterances: number;
  readonly maxGrowthBytes: number;
  /** Further behind than that the newest live utterance is given up, and none is begun. */
  readonly maxLagMs: Ms;
  readonly startMs: Ms;
  readonly log: AsrLog;
}

/** Between two utterances that are given up: the relief has to show first. */
const RELIEF_MS: Ms = 300;
const WATCH_MS: Ms = 100;
/** A process that does not answer for so long is dead. */
const DEAD_MS: Ms = 8_000;
const RESTART_MS: readonly [first: Ms, longest: Ms] = [200, 10_000];
/** Audio of an utterance that is kept, for the case that its process dies: 30 s at 16 kHz. */
const KEPT_BYTES = 960_000;
const OVERLOADED = 'overloaded: the recogniser cannot keep up';

interface Live {
  readonly drop: () => void;
  readonly heard: UtteranceListener;
  readonly patient: boolean;
  process: RecogniserProcess;
}

/** Vosk in processes of its own: one model, several processes that are replaced before they grow and when they die. */
export function createVoskEngine(options: VoskOptions): Engine {
  const { language, log, maxLagMs } = options;
  /** Those that take utterances, and those that only finish theirs. */
  const serving = new Set<RecogniserProcess>();
  const retiring = new Set<RecogniserProcess>();
  const live = new Set<Live>();
  let broken: string | undefined = 'the model is being loaded';
  let restartMs = RESTART_MS[0];
  let restart: NodeJS.Timeout | undefined;
  let watch: NodeJS.Timeout | undefined;
  let relievedAt = 0;
  let heir: RecogniserProcess | undefined;
  let closed = false;

  function start(ready: () => void): RecogniserProcess {
    let worked = false;
    const process = startProcess(options, {
      ready() {
        broken = undefined;
        worked = true;
        restartMs = RESTART_MS[0];
        ready();
      },
      ended(why) {
        log.warn({ language, why }, 'a recogniser has gone');
        serving.delete(process);
        retiring.delete(process);
        if (heir === process) heir = undefined;
        if (serving.size > 0 || closed || restart) return;
        broken = `the recogniser ${why}`;
        if (worked) return void start(() => undefined);
        restart = setTimeout(() => {
          restart = undefined;
          start(() => undefined);
        }, restartMs);
        restartMs = Math.min(restartMs * 2, RESTART_MS[1]);
      },
      free: () => tidy(process),
    });
    serving.add(process);
    return process;
  }
  /** Replaces a process that has done enough, once its heir is ready; ends one that nobody needs any more. */
  function tidy(process: RecogniserProcess): void {
    if (retiring.has(process) && process.utterances() === 0) {
      retiring.delete(process);
      void process.end('retired');
      return;
    }
    const { rssBytes, atStartBytes } = process.memory();
    const spent = process.begun() >= options.maxUtterances || rssBytes - atStartBytes > options.maxGrowthBytes;
    if (!spent || heir || closed || !serving.has(process)) return;
    heir = start(() => {
      heir = undefined;
      if (!serving.delete(process)) return;
      retiring.add(process);
      log.info({ language, utterances: process.begun(), rssBytes }, 'a recogniser is replaced');
      tidy(process);
    });
  }
  function choose(): RecogniserProcess | undefined {
    const ready = [...serving].filter((one) => one.state() === 'ready').sort((a, b) => a.utterances() - b.utterances());
    const [least] = ready;
    if (least && least.utterances() >= options.utterancesEach && serving.size < options.processes && !heir) start(() => undefined);
    return least ?? [...serving].find((one) => one.state() === 'starting');
  }
  /** Looks after the processes while utterances run. */
  function look(): void {
    const now = performance.now();
    for (const process of [...serving, ...retiring]) {
      const lag = process.lagMs();
      if (lag > DEAD_MS) process.kill('hangs');
      else if (lag > maxLagMs && now - relievedAt > RELIEF_MS) relieve(process, now);
    }
    if (live.size > 0) return;
    clearInterval(watch);
    watch = undefined;
  }
  function relieve(process: RecogniserProcess, now: number): void {
    const newest = [...live].filter((one) => one.process === process && !one.patient).at(-1);
    if (!newest) return;
    relievedAt = now;
    log.warn({ language, lagMs: Math.round(process.lagMs()), utterances: process.utterances() }, 'speech is overloaded: an utterance is given up');
    newest.drop();
    newest.heard.failed(OVERLOADED);
  }
  const overloaded = (): boolean => serving.size > 0 && [...serving].every((one) => one.lagMs() > maxLagMs / 2);
  start(() => undefined);

  return {
    unavailable: (patient = false) => (closed ? 'closed' : (broken ?? (!patient && overloaded() ? OVERLOADED : undefined))),
    pids: () => [...serving, ...retiring].flatMap((one) => one.pid() ?? []),
    begin(how, heard) {
      const process = closed ? undefined : choose();
      if (!process || (overloaded() && !how.patient)) {
        setImmediate(() => heard.failed(broken ?? OVERLOADED));
        return silent;
      }
      watch ??= setInterval(look, WATCH_MS);
      return createUtterance({ language, how, heard, process, choose: () => (closed ? undefined : choose()), live });
    },
    async close() {
      closed = true;
      clearTimeout(restart);
      clearInterval(watch);
      await Promise.all([...serving, ...retiring].map((one) => one.end('closed')));
    },
  };
}

const silent: Utterance = { feed: () => undefined, finish: () => undefined, drop: () => undefined, backlogMs: () => 0 };

interface Parts {
  readonly language: AsrLanguage;
  readonly how: UtteranceOptions;
  readonly heard: UtteranceListener;
  readonly process: RecogniserProcess;
  readonly choose: () => RecogniserProcess | undefined;
  readonly live: Set<Live>;
}

/** One utterance. Should its process die, it is said once more to another. */
function createUtterance({ language, how, heard, process: first, choose, live }: Parts): Utterance {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let finished = false;
  let again = false;
  const entry: Live = { heard, patient: how.patient, process: first, drop: () => drop() };
  live.add(entry);
  let inner: ProcessUtterance = open(first);

  function open(process: RecogniserProcess): ProcessUtterance {
    return process.begin(how, {
      partial: (text) => heard.partial(joined(text, language)),
      final(results) {
        live.delete(entry);
        heard.final(concatenate(results.map((json) => readResult(json, language)), language));
      },
      refused: fail,
      lost(why) {
        const heir = again || keptBytes > KEPT_BYTES ? undefined : choose();
        if (!heir) return fail(`the recogniser ${why}`);
        again = true;
        entry.process = heir;
        inner = open(heir);
        kept.forEach((pcm) => inner.feed(pcm));
        if (finished) inner.finish();
      },
    });
  }
  function fail(why: string): void {
    if (live.delete(entry)) heard.failed(why);
  }
  function drop(): void {
    live.delete(entry);
    inner.drop();
  }
  return {
    feed(pcm) {
      if (finished) return;
      keptBytes += pcm.length;
      if (keptBytes <= KEPT_BYTES) kept.push(pcm);
      inner.feed(pcm);
    },
    finish() {
      finished = true;
      inner.finish();
    },
    drop,
    backlogMs: () => inner.backlogBytes() / ((how.rate / 1_000) * 2),
  };
}
