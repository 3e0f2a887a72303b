import type { AsrLanguage, AsrWord, Recognised } from './ports.js';

/** A result as libvosk writes it: with alternatives, or without. */
interface VoskResult {
  readonly text?: string;
  readonly result?: readonly VoskWord[];
  readonly alternatives?: readonly { readonly text?: string; readonly confidence?: number; readonly result?: readonly VoskWord[] }[];
}
interface VoskWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly conf?: number;
}
interface Reading {
  readonly words: readonly VoskWord[];
  readonly text: string;
  /** Natural logarithm, on any scale. */
  readonly likelihood: number;
}

/** What stands for speech that is none of the words known. */
export const UNKNOWN = '[unk]';
export const nothing: Recognised = { text: '', confidence: 0, alternatives: [], words: [] };

/** Words with blanks between them → text: Chinese is written without. */
export const joined = (text: string, language: AsrLanguage): string => {
  const words = text.split(/\s+/).filter((word) => word !== '' && word !== UNKNOWN);
  return words.join(language === 'zh-CN' ? '' : ' ');
};

/**
 * The JSON of libvosk or of a Vosk server → what was understood. Alternatives come with log likelihoods: their shares of
 * the whole are the confidence, and a word is as sure as the readings that have it at that place.
 */
export function readResult(json: string, language: AsrLanguage): Recognised {
  const { text = '', result = [], alternatives } = JSON.parse(json) as VoskResult;
  const readings: Reading[] = alternatives
    ? alternatives.map((a) => ({ words: a.result ?? [], text: a.text ?? '', likelihood: a.confidence ?? 0 }))
    : [{ words: result, text, likelihood: 0 }];
  const [best] = readings;
  if (!best) return nothing;
  const shares = sharesOf(readings);
  const known = best.words.filter((w) => w.word !== UNKNOWN);
  const words = known.map((w): AsrWord => ({ word: w.word, startMs: Math.round(w.start * 1_000), endMs: Math.round(w.end * 1_000), confidence: w.conf ?? sureness(w, readings, shares) }));
  const said = joined(best.text, language);
  if (said === '') return { ...nothing, alternatives: others(readings, said, language) };
  const share = alternatives ? (shares[0] ?? 0) : mean(words.map((w) => w.confidence));
  const understood = best.words.length === 0 ? 1 : known.length / best.words.length;
  return { text: said, confidence: clamp(share * understood), alternatives: others(readings, said, language), words };
}

/** Several results of one utterance, in order, as one: an engine may end sentences by itself. */
export function concatenate(parts: readonly Recognised[], language: AsrLanguage): Recognised {
  const spoken = parts.filter((part) => part.text !== '');
  const [only] = spoken;
  if (!only || spoken.length === 1) return only ?? parts.at(-1) ?? nothing;
  return {
    text: spoken.map((part) => part.text).join(language === 'zh-CN' ? '' : ' '),
    confidence: Math.min(...spoken.map((part) => part.confidence)),
    alternatives: [],
    words: spoken.flatMap((part) => part.words),
  };
}

function others(readings: readonly Reading[], said: string, language: AsrLanguage): string[] {
  return [...new Set(readings.map((r) => joined(r.text, language)))].filter((text) => text !== said && text !== '');
}

function sharesOf(readings: readonly Reading[]): number[] {
  const most = Math.max(...readings.map((r) => r.likelihood));
  const weights = readings.map((r) => Math.exp(r.likelihood - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function sureness(word: VoskWord, readings: readonly Reading[], shares: readonly number[]): number {
  const has = (reading: Reading): boolean => reading.words.some((w) => w.word === word.word && w.start < word.end && word.start < w.end);
  return clamp(readings.reduce((sum, reading, i) => sum + (has(reading) ? (shares[i] ?? 0) : 0), 0));
}

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / Math.max(1, numbers.length);
const clamp = (n: number): number => Math.min(1, Math.max(0, Math.round(n * 1_000) / 1_000));
