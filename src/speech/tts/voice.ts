import { readFile } from 'node:fs/promises';
import type { EspeakWorker } from '@echogarden/espeak-ng-emscripten';
import { decodeWav } from '../../audio/index.js';
import type { VoiceAnswer, VoiceJob } from './protocol.js';
import { join, toPrompt } from './sound.js';
import { toRuns, VOICES } from './text/runs.js';

// The voice's own process: espeak-ng is GPL-3.0 and WebAssembly, and is loaded nowhere else.

/** Words a minute; a little slower than espeak's 175, for the telephone. */
const RATE = 160;
let loading: Promise<EspeakWorker> | undefined;

async function loadWorker(): Promise<EspeakWorker> {
  const { default: load } = await import('@echogarden/espeak-ng-emscripten');
  const { eSpeakNGWorker } = await load();
  return new eSpeakNGWorker();
}

async function say({ text, lang }: Extract<VoiceJob, { do: 'say' }>): Promise<Uint8Array> {
  loading ??= loadWorker();
  const worker = await loading;
  const runs = toRuns(text, lang);
  if (runs.length === 0) throw new Error('there is nothing to pronounce in it');
  const pieces = runs.map((run) => {
    if (worker.set_voice(VOICES[run.lang]) !== 0) throw new Error(`there is no voice ${VOICES[run.lang]}`);
    worker.set_rate(RATE);
    const parts: Int16Array[] = [];
    worker.synthesize(run.spelled, (audio) => {
      if (audio) parts.push(audio.slice());
      return false;
    });
    return join(parts);
  });
  return toPrompt(pieces, worker.samplerate);
}

async function convert({ path }: Extract<VoiceJob, { do: 'convert' }>): Promise<Uint8Array> {
  const file = await readFile(path);
  const { rateHz, channels } = decodeWav(file);
  const mono = Int16Array.from(channels[0] ?? [], (_, i) => Math.round(channels.reduce((sum, c) => sum + (c[i] ?? 0), 0) / channels.length));
  return toPrompt([mono], rateHz);
}

async function answer(job: VoiceJob): Promise<VoiceAnswer> {
  try {
    const wav = await (job.do === 'say' ? say(job) : convert(job));
    return { id: job.id, wav, rssBytes: process.memoryUsage.rss() };
  } catch (error) {
    return { id: job.id, error: error instanceof Error ? error.message : String(error), rssBytes: process.memoryUsage.rss() };
  }
}

let turn: Promise<void> = Promise.resolve();
process.on('message', (job: VoiceJob) => {
  turn = turn.then(async () => {
    const reply = await answer(job);
    process.send?.(reply, undefined, undefined, () => undefined); // a parent that is gone needs no answer
  });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true } satisfies VoiceAnswer);
