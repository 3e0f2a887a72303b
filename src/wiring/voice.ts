import type { Config, Settings } from '../config/index.js';
import type { Call, CallLog, DialHooks, DialPlan, Incoming, Leg, Ledger, SipPort } from '../calls/index.js';
import { dial, receive, startRecording, talk, type TalkEnd, type TalkOptions } from '../calls/index.js';
import type { Events } from '../events/index.js';
import type { MediaPool } from '../media/index.js';
import type { Spoken, Tts } from '../speech/tts/index.js';
import { newId } from '../store/index.js';
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
  readonly now: () => number;
}

const mediaHeaders = (voice: Voice): Record<string, string> => ({ 'X-Media-Timeout': String(voice.config().system.rtpTimeoutMs) });
const warner = (log: CallLog) => (about: object, message: string): void => log.warn(about, message);

export const receiveInvite = (voice: Voice, req: Srf.SrfRequest, res: Srf.SrfResponse): Incoming =>
  receive(req, res, { sip: voice.sip, media: voice.media, newId: () => newId('leg') as never, answerMs: 10_000, mediaHeaders: mediaHeaders(voice), warn: warner(voice.log) });

export const ring = (voice: Voice, call: Call, plan: DialPlan, hooks: DialHooks): Promise<Leg> =>
  dial(plan, hooks, { sip: voice.sip, media: voice.media, newId: () => newId('leg') as never, mediaHeaders: mediaHeaders(voice), warn: warner(call.log) });

export const converse = (voice: Voice, call: Call, near: Leg, options: TalkOptions): Promise<TalkEnd> => talk(call, near, options, voice);

export const record = (voice: Voice, call: Call, leg: Leg): ReturnType<typeof startRecording> => startRecording(call, leg, voice);

/** The files that say this, in order. @throws TtsUnavailable, TtsFailed */
export const files = (voice: Voice, prompts: readonly Spoken[]): Promise<string[]> => Promise.all(prompts.map((p) => voice.tts.prompt(p.text, p.lang)));

/** In the language that the caller chose; in all while he has not chosen. */
export function inLanguages(texts: Readonly<Record<Spoken['lang'], string>>, language: Spoken['lang'] | undefined): Spoken[] {
  return (language ? [language] : (['zh-CN', 'en'] as const)).map((lang) => ({ text: texts[lang], lang }));
}
