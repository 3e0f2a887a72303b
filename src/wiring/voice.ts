import type { Config, Settings } from '../config/index.js';
import type { Call, CallLog, DialHooks, DialPlan, Incoming, Leg, Ledger, RecordingBegun, SipPort } from '../calls/index.js';
import { dial, receive, startRecording, talk, type HandOn, type TalkEnd, type TalkOptions } from '../calls/index.js';
import type { Events } from '../events/index.js';
import type { MediaPool } from '../media/index.js';
import type { Spoken, Tts } from '../speech/tts/index.js';
import { newId } from '../store/index.js';
import type { Callers } from './customers/index.js';
import type Srf from 'drachtio-srf';

/** What every pair that touches a voice call needs, gathered once. */
export interface Voice {
  readonly settings: Settings;
  readonly config: () => Config;
  readonly sip: SipPort;
  readonly media: MediaPool;
  readonly ledger: Ledger;
  readonly events: Events;
  readonly tts: Tts;
  readonly log: CallLog;
  /** The built-in music, as a path that the media servers can read. */
  readonly music: string;
  readonly recordings: string;
  /** Whoever wants to know of recordings as they begin. */
  readonly onRecording?: ((begun: RecordingBegun) => void) | undefined;
  /** Whose calls they are; without it everybody is a stranger. */
  readonly callers?: Pick<Callers, 'of' | 'talkOf'> | undefined;
  /** Where those who talk with callers may hand them on to. */
  readonly handOn?: HandOn | undefined;
  readonly now: () => number;
}

/** What a caller hears while it rings and he has been answered already: 1 s of 450 Hz, 4 s of silence (GB/T 3380). */
export const RINGBACK = 'tone_stream://%(1000,4000,450);loops=-1';

export const mediaHeaders = (voice: Voice): Record<string, string> => ({ 'X-Media-Timeout': String(voice.config().system.rtpTimeoutMs) });
/** A caller whose application dies hears music until the next one takes the call, or ends it: see the media servers' dialplan. */
const outliving = (voice: Voice): Record<string, string> => ({ 'X-Waiting-Music': voice.music });
const warner = (log: CallLog) => (about: object, message: string): void => log.warn(about, message);

export const receiveInvite = (voice: Voice, req: Srf.SrfRequest, res: Srf.SrfResponse): Incoming =>
  receive(req, res, { sip: voice.sip, media: voice.media, newId: () => newId('leg') as never, answerMs: 10_000, mediaHeaders: { ...mediaHeaders(voice), ...outliving(voice) }, warn: warner(voice.log) });

export const ring = (voice: Voice, call: Call, plan: DialPlan, hooks: DialHooks): Promise<Leg> =>
  dial(plan, hooks, { sip: voice.sip, media: voice.media, newId: () => newId('leg') as never, mediaHeaders: mediaHeaders(voice), warn: warner(call.log) });

export const converse = (voice: Voice, call: Call, near: Leg, options: TalkOptions): Promise<TalkEnd> => talk(call, near, options, { ...voice, ringback: RINGBACK });

export const record = (voice: Voice, call: Call, leg: Leg): ReturnType<typeof startRecording> => startRecording(call, leg, voice);

/** A file, or one that is being made. */
export type Sound = string | Promise<string>;

/** What says this, in order; a long text in pieces, the later ones still to be made. @throws TtsUnavailable, TtsFailed */
export const sounds = async (voice: Voice, prompts: readonly Spoken[]): Promise<Sound[]> => (await Promise.all(prompts.map((p) => voice.tts.pieces(p.text, p.lang)))).flat();

/** The files that say this, in order, once all are there. @throws TtsUnavailable, TtsFailed */
export const files = async (voice: Voice, prompts: readonly Spoken[]): Promise<string[]> => Promise.all((await sounds(voice, prompts)).map((sound) => Promise.resolve(sound)));

/** What is there now in one go, then whatever was made in the meantime: the first words need not wait for the last. */
export async function* asTheyCome(all: readonly Sound[]): AsyncGenerator<readonly string[], void> {
  const there = all.map((sound) => (typeof sound === 'string' ? sound : undefined));
  all.forEach((sound, i) => typeof sound !== 'string' && void sound.then((file) => (there[i] = file), () => undefined));
  for (let next = 0; next < all.length; ) {
    const first = (await all[next]) ?? '';
    const missing = there.indexOf(undefined, next + 1);
    const rest = there.slice(next + 1, missing < 0 ? all.length : missing).filter((file) => file !== undefined);
    yield [first, ...rest];
    next += 1 + rest.length;
  }
}

/** In the language that the caller chose; in all while he has not chosen. */
export function inLanguages(texts: Readonly<Record<Spoken['lang'], string>>, language: Spoken['lang'] | undefined): Spoken[] {
  return (language ? [language] : (['zh-CN', 'en'] as const)).map((lang) => ({ text: texts[lang], lang }));
}
