import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createResampler, type Resampler } from '../../../audio/index.js';
import { grammarOf, readVocabulary } from './grammar.js';
import { bindVosk, type VoskLibrary } from './library.js';
import { modelRate, runtimeGraph } from './model-files.js';
import type { FromRecogniser, ToRecogniser } from './protocol.js';

// The process of recognisers: `recogniser.js LIBRARY MODEL`. libvosk is loaded nowhere else.

const ALTERNATIVES = 5;

interface Open {
  readonly handle: unknown;
  readonly resampler: Resampler | undefined;
  readonly results: string[];
  partial: string;
}

const say = (message: FromRecogniser): void => {
  process.send?.(message, undefined, undefined, () => undefined); // a parent that is gone needs no answer
};

function serve(vosk: VoskLibrary, model: unknown, folder: string): void {
  const rate = modelRate(folder);
  const vocabulary = runtimeGraph(folder) ? readVocabulary(readFileSync(join(folder, 'graph/words.txt'), 'utf8')) : undefined;
  const open = new Map<number, Open>();

  const create = (rateHz: number, words: readonly string[]): unknown => {
    const grammar = vocabulary && words.length > 0 ? grammarOf(words, vocabulary) : undefined;
    const handle = grammar === undefined ? vosk.recogniser(model, rateHz) : vosk.grammarRecogniser(model, rateHz, grammar);
    if (handle === null) throw new Error('libvosk made no recogniser');
    vosk.setWords(handle, 1);
    vosk.setAlternatives(handle, ALTERNATIVES);
    return handle;
  };
  const close = (id: number): void => {
    const one = open.get(id);
    if (one) vosk.free(one.handle);
    open.delete(id);
  };
  const accept = (one: Open, bytes: Uint8Array): void => {
    if (bytes.length > 0 && vosk.accept(one.handle, bytes, bytes.length) === 1) one.results.push(vosk.result(one.handle));
  };
  const obey = (message: ToRecogniser): void => {
    const one = open.get(message.id);
    switch (message.do) {
      case 'begin': {
        const rateHz = Math.max(message.rate, rate);
        open.set(message.id, { handle: create(rateHz, message.words), resampler: rateHz === message.rate ? undefined : createResampler(message.rate, rateHz), results: [], partial: '' });
        return;
      }
      case 'audio': {
        if (!one) return say({ at: 'heard', id: message.id });
        accept(one, one.resampler ? toBytes(one.resampler.push(toSamples(message.pcm))) : message.pcm);
        const { partial = '' } = JSON.parse(vosk.partial(one.handle)) as { readonly partial?: string };
        if (partial === one.partial) return say({ at: 'heard', id: message.id });
        one.partial = partial;
        return say({ at: 'heard', id: message.id, partial });
      }
      case 'finish':
        if (!one) return;
        if (one.resampler) accept(one, toBytes(one.resampler.flush()));
        one.results.push(vosk.final(one.handle));
        close(message.id);
        return say({ at: 'final', id: message.id, results: one.results, rssBytes: process.memoryUsage.rss() });
      case 'drop':
        return close(message.id);
    }
  };
  process.on('message', (message: ToRecogniser) => {
    try {
      obey(message);
    } catch (error) {
      close(message.id);
      say({ at: 'refused', id: message.id, why: error instanceof Error ? error.message : String(error) });
    }
  });
  say({ at: 'ready', rssBytes: process.memoryUsage.rss() });
}

const toSamples = (bytes: Uint8Array): Int16Array => new Int16Array(Uint8Array.from(bytes).buffer);
const toBytes = (samples: Int16Array): Uint8Array => new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

async function main(library: string, folder: string): Promise<void> {
  const vosk = await bindVosk(library);
  const model = vosk.model(folder);
  if (model === null) throw new Error(`libvosk cannot load the model in ${folder}`);
  serve(vosk, model, folder);
}

process.on('disconnect', () => process.exit(0));
const [library = '', folder = ''] = process.argv.slice(2);
main(library, folder).catch((error: unknown) => {
  say({ at: 'broken', why: error instanceof Error ? error.message : String(error) });
  process.disconnect();
});
