import { readdirSync } from 'node:fs';
import type { Asr, AsrLanguage } from '../../src/speech/asr/index.js';
import { memoryMb } from './processes.js';
import { pcm, spokenSamples } from './speech.js';

/** What grows where something is not given back. */
export type Weight = { readonly descriptors: number; readonly recogniserMb: number; readonly recogniserDescriptors: number };

const descriptorsOf = (pid: number | 'self'): number => readdirSync(`/proc/${String(pid)}/fd`).length;
export const weigh = (asr: Pick<Asr, 'pids'>): Weight => ({
  descriptors: descriptorsOf('self'),
  recogniserMb: asr.pids().reduce((sum, pid) => sum + memoryMb(pid), 0),
  recogniserDescriptors: asr.pids().reduce((sum, pid) => sum + descriptorsOf(pid), 0),
});

/** Short streams, so many at a time, as fast as they are understood. @returns how many were understood */
export async function shortStreams(asr: Asr, count: number, atATime: number): Promise<number> {
  const sentences = (['en', 'zh-CN'] as const).flatMap((language) => spokenSamples(language).map((sample) => ({ language, ...sample })));
  let begun = 0;
  let understood = 0;
  const worker = async (): Promise<void> => {
    while (begun < count) {
      const sentence = sentences[(begun += 1) % sentences.length];
      if (sentence && (await hear(asr, sentence.language, sentence.samples)) === sentence.text) understood += 1;
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return understood;
}

async function hear(asr: Asr, language: AsrLanguage, samples: Int16Array): Promise<string> {
  const texts: string[] = [];
  const stream = asr.open({ language, rate: 8_000, endSilenceMs: 400, patient: true }, (event) => {
    if (event.kind === 'final') texts.push(event.text);
  });
  const silence = new Int16Array(4_000);
  for (const part of [silence, samples, silence]) {
    stream.write(pcm(part));
    await stream.drained();
  }
  stream.end();
  await stream.over;
  return texts.join(language === 'en' ? ' ' : '');
}
