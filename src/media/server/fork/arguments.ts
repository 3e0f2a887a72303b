import type { Ms } from '../../../base/index.js';

export const SYNTAX = '<uuid> [start | stop | send_text | pause | resume | graceful-shutdown ] [wss-url | path] [mono | mixed | stereo] [8000 | 16000 | 24000 | 32000 | 64000] [bugname] [metadata]';
export const DEFAULT_NAME = 'audio_fork';

/** `mono`: what the caller says. `mixed`: both in one channel. `stereo`: the caller left, what he hears right. */
export type Mix = 'mono' | 'mixed' | 'stereo';

export interface StartFork {
  readonly do: 'start';
  readonly name: string;
  readonly url: URL;
  readonly mix: Mix;
  /** A multiple of 8 000. */
  readonly rateHz: number;
  readonly metadata: string | undefined;
}
export type ForkCommand =
  | StartFork
  | { readonly do: 'stop' | 'send_text'; readonly name: string; readonly text: string | undefined }
  /** `silence`: frames go on, without the caller in them. */
  | { readonly do: 'pause'; readonly name: string; readonly silence: boolean }
  | { readonly do: 'resume' | 'graceful-shutdown'; readonly name: string };

export const FRAME_MS: Ms = 20;
const HIGHEST_RATE = 64_000;
const SCHEMES: Readonly<Record<string, string>> = { 'ws:': 'ws:', 'http:': 'ws:', 'wss:': 'wss:', 'https:': 'wss:' };

/**
 * `<uuid> <command> …` as mod_audio_fork reads it, with what later versions of it and drachtio-fsmrf add.
 * @returns 'usage' for too few words, undefined for a command that cannot be met
 */
export function parseFork(text: string): { readonly uuid: string; readonly command: ForkCommand | undefined } | 'usage' {
  const [uuid = '', verb = '', ...rest] = separate(text);
  const word = verb.toLowerCase();
  if (uuid === '' || verb === '' || (word === 'start' && rest.length < 2)) return 'usage';
  return { uuid, command: commandOf(word, rest) };
}

function commandOf(word: string, rest: readonly string[]): ForkCommand | undefined {
  switch (word) {
    case 'start': return start(rest);
    case 'stop':
    case 'send_text': return word === 'send_text' && rest.length === 0 ? undefined : { do: word, ...nameAndText(rest) };
    case 'pause': return { do: 'pause', name: nameOf(rest[0]), silence: rest[1] === 'silence' };
    case 'resume':
    case 'graceful-shutdown': return { do: word, name: nameOf(rest[0]) };
    default: return undefined;
  }
}

function start([address = '', mix = '', rate = '8000', ...rest]: readonly string[]): StartFork | undefined {
  const url = addressOf(address);
  const rateHz = rate === '8k' ? 8_000 : rate === '16k' ? 16_000 : /^\d{1,6}$/.test(rate) ? Number(rate) : 0;
  if (!url || !isMix(mix) || rateHz === 0 || rateHz % 8_000 !== 0 || rateHz > HIGHEST_RATE) return undefined;
  const { name, text } = nameAndText(rest);
  return { do: 'start', name, url, mix, rateHz, metadata: text };
}

const isMix = (text: string): text is Mix => text === 'mono' || text === 'mixed' || text === 'stereo';
const isText = (word: string | undefined): boolean => word !== undefined && /^[{[]/.test(word);
const nameOf = (word: string | undefined): string => (word === undefined || word === '' ? DEFAULT_NAME : word);

/** A name, a text, or both; a lone word that begins like JSON is the text. */
function nameAndText([first, second]: readonly string[]): { readonly name: string; readonly text: string | undefined } {
  if (isText(first)) return { name: DEFAULT_NAME, text: first };
  return { name: nameOf(first), text: second === '' ? undefined : second };
}

function addressOf(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const scheme = SCHEMES[new URL(text).protocol];
  return scheme === undefined ? undefined : new URL(text.replace(/^[a-z]+:/i, scheme));
}

/**
 * switch_separate_string: words parted by blanks, or by the character after a leading `^^`, then empty ones count too.
 * Single quotes hold a word together; a quote that nothing closes is a letter. Backslashes stay: a text is mostly JSON.
 */
export function separate(text: string): string[] {
  const own = /^\^\^(.)/su.exec(text)?.[1];
  const delimiter = own ?? ' ';
  const rest = own === undefined ? text : text.slice(2 + own.length);
  const words = [''];
  let quoted = false;
  for (let i = 0; i < rest.length; i += 1) {
    const letter = rest.charAt(i);
    if (letter === "'" && (quoted || rest.indexOf("'", i + 1) > 0)) quoted = !quoted;
    else if (letter === delimiter && !quoted) words.push('');
    else words.push((words.pop() ?? '') + letter);
  }
  return own === undefined ? words.filter((word) => word !== '') : words.map((word) => word.trim());
}
