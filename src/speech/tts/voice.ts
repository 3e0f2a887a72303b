import { readFile } from 'node:fs/promises';
import type { EspeakWorker } from '@echogarden/espeak-ng-emscripten';
import { decodeWav } from '../../audio/index.js';
import type { EspeakVoice, Part, VoiceAnswer, VoiceJob } from './protocol.js';
import { join, toPrompt, type Piece } from './sound.js';
import { toRuns } from './text/runs.js';

// The voice's own process: espeak-ng is GPL-3.0 and WebAssembly, and is loaded nowhere else.

/** Words a minute at 100 %; a little slower than espeak's 175, for the telephone. Its limits are its own. */
const RATE = 160;
const SLOWEST = 80;
const FASTEST = 450;
type Voices = Extract<VoiceJob, { do: 'say' }>['voices'];
let loading: Promise<EspeakWorker> | undefined;

async function loadWorker(): Promise<EspeakWorker> {
  const { default: load } = await import('@echogarden/espeak-ng-emscripten');
  const { eSpeakNGWorker } = await load();
  return new eSpeakNGWorker();
}

function pronounce(worker: EspeakWorker, spelled: string, { voice, rate }: EspeakVoice): Int16Array {
  if (worker.set_voice(voice) !== 0) throw new Error(`there is no voice ${voice}`);
  worker.set_rate(Math.min(FASTEST, Math.max(SLOWEST, Math.round((RATE * rate) / 100))));
  const parts: Int16Array[] = [];
  worker.synthesize(spelled, (audio) => {
    if (audio) parts.push(audio.slice());
    return false;
  });
  return join(parts);
}

async function piecesOf(part: Part, voices: Voices): Promise<Piece[]> {
  if (part.do === 'pause') return [part];
  if (part.do === 'sound') return [{ do: 'sound', ...mono(part.wav), gainDb: part.gainDb }];
  const worker = await (loading ??= loadWorker());
  return toRuns(part.text).map(({ lang, spelled }) => {
    const { voice, rate } = voices[lang];
    return { do: 'sound', samples: pronounce(worker, spelled, { voice, rate: (rate * part.rate) / 100 }), rateHz: worker.samplerate, gainDb: part.gainDb };
  });
}

async function say({ parts, voices }: Extract<VoiceJob, { do: 'say' }>): Promise<Uint8Array> {
  const pieces: Piece[] = [];
  for (const part of parts) pieces.push(...(await piecesOf(part, voices)));
  if (pieces.length === 0) throw new Error('there is nothing to pronounce in it');
  return toPrompt(pieces);
}

function mono(file: Uint8Array): { samples: Int16Array; rateHz: number } {
  const { rateHz, channels } = decodeWav(file);
  return { samples: Int16Array.from(channels[0] ?? [], (_, i) => Math.round(channels.reduce((sum, c) => sum + (c[i] ?? 0), 0) / channels.length)), rateHz };
}

async function answer(job: VoiceJob): Promise<VoiceAnswer> {
  try {
    const wav = job.do === 'say' ? await say(job) : toPrompt([{ do: 'sound', ...mono(await readFile(job.path)), gainDb: 0 }]);
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

/** What is slow the first time is done before somebody waits: loading, both languages, the dictionary, the resampler. */
async function warmUp(): Promise<void> {
  const voices: Voices = { 'zh-CN': { voice: 'cmn-latn-pinyin', rate: 100 }, en: { voice: 'en-us', rate: 100 } };
  await say({ id: 0, do: 'say', parts: [{ do: 'say', text: '您好，please hold.', lang: 'zh-CN', rate: 100, gainDb: 0 }], voices });
}
turn = warmUp().catch(() => {
  loading = undefined; // not installed, perhaps: who asks for it is told; recordings are converted all the same
});
await turn;
process.send?.({ ready: true } satisfies VoiceAnswer);
