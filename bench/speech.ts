import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cpuSeconds, memoryMb } from '../test/kit/processes.js';
import { decodeWav, rms } from '../src/audio/index.js';
import { createAsr, type Asr, type AsrEvent, type AsrLanguage } from '../src/speech/asr/index.js';
import { median, row, withGoal, type Findings, type Row } from './report.js';

/** Calls at once, half of them Chinese. */
const STREAMS = [1, 10, 50, 100] as const;
const GOAL_STREAMS = 50;
/** Each says a sentence, waits, says the next, for so long. */
const SECONDS = 20;
const PAUSE_MS = 1_000;
const END_SILENCE_MS = 500;
const TICK_MS = 20;
const TICK_SAMPLES = 160;
const LANGUAGES: readonly AsrLanguage[] = ['en', 'zh-CN'];

const cpuSecondsOf = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
const rssMbOf = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + memoryMb(pid), 0);

interface Sentence {
  readonly text: string;
  readonly samples: Int16Array;
  /** When the voice in it ends. */
  readonly voiceMs: number;
}
interface Run {
  readonly streams: number;
  readonly audioS: number;
  readonly cpuS: number;
  readonly finalMs: readonly number[];
  readonly said: number;
  readonly right: number;
  readonly failed: number;
  readonly rssMb: number;
  readonly lateMs: number;
}

/** Many callers speak at once, in real time, into the recogniser with the small models of test/models. */
export async function speech(): Promise<Findings> {
  const models = mkdtempSync(join(tmpdir(), 'strowger-models-'));
  symlinkSync(resolve('test/models/en'), join(models, 'en'));
  symlinkSync(resolve('test/models/zh'), join(models, 'zh-CN'));
  const asr = createAsr({ models, log: { info: () => undefined, warn: () => undefined }, script: resolve('dist/speech/asr/vosk/recogniser.js') });
  try {
    await loaded(asr);
    const runs: Run[] = [];
    for (const streams of STREAMS) runs.push(await run(asr, streams));
    return {
      beside: null, generatorLateMs: Math.max(...runs.map((r) => r.lateMs)), rows: runs.flatMap(rowsOf),
      faults: runs.filter((r) => r.failed > 0 && r.streams <= GOAL_STREAMS).map((r) => `${String(r.failed)} of ${String(r.streams)} streams were given up`),
      notes: [
        'real-time factor: processor time of the recognisers for a second of a call, in which the caller speaks about half of the time; 1 divided by it is how many calls a core bears',
        'from the end of the voice to its text: 500 ms of it is the silence that ends an utterance; the models are those of test/models, far smaller than those for people',
      ],
    };
  } finally {
    await asr.close();
    rmSync(models, { recursive: true });
  }
}

function rowsOf(r: Run): Row[] {
  const at = `${String(r.streams)} callers`;
  const factor = row(`real-time factor, ${at}`, 'core', r.cpuS / r.audioS);
  const behind = row(`voice to text p50, ${at}`, 'ms', median(r.finalMs));
  return [
    r.streams === GOAL_STREAMS ? withGoal(factor, '≤ 0.04', (f) => f <= 0.04) : factor,
    r.streams === GOAL_STREAMS ? withGoal(behind, '≤ 700', (ms) => ms <= 700) : behind,
    row(`voice to text worst, ${at}`, 'ms', Math.max(...r.finalMs)),
    row(`sentences understood, ${at}`, 'share', r.right / Math.max(1, r.said)),
    row(`calls given back to keys, ${at}`, 'calls', r.failed),
    row(`memory of the recognisers, ${at}`, 'MB', r.rssMb),
  ];
}

async function loaded(asr: Asr): Promise<void> {
  const until = performance.now() + 30_000;
  while (LANGUAGES.some((language) => asr.unavailable(language) !== undefined)) {
    if (performance.now() > until) throw new Error(`no speech recognition: ${LANGUAGES.map((l) => asr.unavailable(l)).join('; ')}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function run(asr: Asr, count: number): Promise<Run> {
  const sentences = new Map(LANGUAGES.map((language) => [language, sentencesOf(language)]));
  const before = cpuSecondsOf(asr.pids());
  const callers = Array.from({ length: count }, (_, i) => {
    const language = LANGUAGES[i % LANGUAGES.length] ?? 'en';
    return caller(asr, language, sentences.get(language) ?? [], i);
  });
  let lateMs = 0;
  const began = performance.now();
  for (let tick = 0; tick < (SECONDS * 1_000) / TICK_MS; tick += 1) {
    const wait = began + (tick + 1) * TICK_MS - performance.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    else lateMs = Math.max(lateMs, -wait);
    for (const one of callers) one.tick();
  }
  const ends = await Promise.all(callers.map((one) => one.end()));
  return {
    streams: count, audioS: count * SECONDS, cpuS: cpuSecondsOf(asr.pids()) - before, rssMb: rssMbOf(asr.pids()), lateMs,
    finalMs: ends.flatMap((e) => e.finalMs), said: ends.reduce((n, e) => n + e.said, 0), right: ends.reduce((n, e) => n + e.right, 0), failed: ends.filter((e) => e.failed).length,
  };
}

/** Speaks one sentence after another, each in frames of 20 ms; callers do not begin at the same time. */
function caller(asr: Asr, language: AsrLanguage, sentences: readonly Sentence[], nth: number) {
  const waiting: { text: string; at: number }[] = [];
  const finalMs: number[] = [];
  let [said, right, failed] = [0, 0, false];
  const stream = asr.open({ language, rate: 8_000, endSilenceMs: END_SILENCE_MS }, (event: AsrEvent) => {
    if (event.kind === 'failed') failed = true;
    if (event.kind !== 'final') return;
    const expected = waiting.shift();
    if (expected) finalMs.push(performance.now() - expected.at);
    if (expected?.text === event.text) right += 1;
  });
  let next = nth;
  let current: Sentence | undefined;
  let at = 0;
  let pause = (nth * 137) % 2_000;
  const silence = Buffer.alloc(TICK_SAMPLES * 2);
  return {
    tick(): void {
      if (!current) {
        stream.write(silence);
        pause -= TICK_MS;
        if (pause > 0) return;
        current = sentences[next % sentences.length];
        next += 1;
        at = 0;
        return;
      }
      const frame = current.samples.slice(at, at + TICK_SAMPLES);
      stream.write(Buffer.from(frame.buffer));
      at += TICK_SAMPLES;
      const passed = at / 8;
      if (passed - TICK_MS < current.voiceMs && passed >= current.voiceMs) {
        said += 1;
        waiting.push({ text: current.text, at: performance.now() });
      }
      if (at < current.samples.length) return;
      current = undefined;
      pause = PAUSE_MS;
    },
    async end() {
      const whole = said - waiting.length;
      stream.abandon();
      await stream.over;
      return { finalMs, said: whole, right, failed };
    },
  };
}

function sentencesOf(language: AsrLanguage): Sentence[] {
  const folder = resolve('test/samples/speech', language === 'en' ? 'en' : 'zh');
  return readFileSync(join(folder, 'text.tsv'), 'utf8').trim().split('\n').map((line) => {
    const [file = '', text = ''] = line.split('\t');
    const samples = decodeWav(readFileSync(join(folder, file))).channels[0] ?? new Int16Array(0);
    const levels = Array.from({ length: Math.floor(samples.length / TICK_SAMPLES) }, (_, i) => rms(samples.subarray(i * TICK_SAMPLES, (i + 1) * TICK_SAMPLES)));
    const loud = Math.max(...levels) * 0.08;
    return { text: language === 'en' ? text : text.replaceAll(' ', ''), samples, voiceMs: (levels.findLastIndex((level) => level > loud) + 1) * TICK_MS };
  });
}
