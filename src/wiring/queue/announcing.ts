import type { Carrier } from '../../acd/index.js';
import type { Ms } from '../../base/index.js';
import { LANGUAGES, positionPrompts, waitPrompts, type Spoken } from '../../speech/tts/index.js';
import { files } from '../voice.js';
import { keepReady, type Room, type Waiting } from './room.js';

/** Whoever is put through at once shall not hear the first beat of a song, nor cost the media server two commands. */
const QUIET: Ms = 200;

/** Plays music until somebody has something better. */
export function playMusic(w: Waiting): void {
  if (!w.listening || w.leg.gone.aborted) return;
  w.leg.endpoint.play([w.music], { loop: true }).catch((error: unknown) => {
    if (!w.leg.gone.aborted) w.call.log.error({ err: error }, 'the music for those who wait cannot be played');
  });
}

/** The media servers' dialplan plays it when this process dies; callers come with the built-in music (see `receiveInvite`). */
function outlive({ leg, call, music }: Waiting): void {
  leg.endpoint.set({ 'sip_h_X-Waiting-Music': music }).catch((error: unknown) => {
    if (!leg.gone.aborted) call.log.warn({ err: error }, 'the media server was not told what a caller hears while we are away');
  });
}

/** Says something to who waits, then the music goes on. */
export function say(room: Room, w: Waiting, prompts: readonly Spoken[]): void {
  if (!w.listening) return;
  w.saying += 1;
  files(room.voice, prompts)
    .then((said) => (w.listening ? w.leg.endpoint.play(said) : undefined))
    .catch((error: unknown) => {
      if (!w.leg.gone.aborted) w.call.log.warn({ err: error }, 'an announcement could not be made');
    })
    .finally(() => {
      w.saying -= 1;
      if (w.saying === 0) playMusic(w);
    });
}

/** Place and expected wait, as far as the queue tells them. */
export function announce(room: Room, contact: Parameters<Carrier['announce']>[0], { queue, position, wait }: Parameters<Carrier['announce']>[1]): void {
  const w = room.waiting.get(contact);
  if (!w) return;
  const rule = room.acd().setup().queues.find((q) => q.id === queue)?.announce;
  say(room, w, [...(rule?.position === false ? [] : positionPrompts(position, w.language)), ...(wait ? waitPrompts(wait.lowMs, wait.highMs, w.language) : [])]);
}

/** Music after a moment, and the queue's sentences by its rules. Answers how to stop. */
export function announcer(room: Room, w: Waiting, waitedMs: Ms): () => void {
  const timers = new Set<NodeJS.Timeout>();
  const after = (ms: Ms, run: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };
  after(QUIET, () => {
    if (!w.listening) return;
    keepReady(room);
    if (w.music !== room.voice.music) outlive(w);
    if (w.saying === 0) playMusic(w);
  });
  for (const { afterMs, everyMs, say: texts } of room.voice.config().queues.find((q) => q.name === w.queue)?.announcements ?? []) {
    const prompts = LANGUAGES.filter((lang) => w.language === undefined || w.language === lang).flatMap((lang) => (texts[lang] === undefined ? [] : [{ lang, text: texts[lang] }]));
    const again = (): void => {
      say(room, w, prompts);
      if (everyMs !== undefined) after(everyMs, again);
    };
    const first = nextAt(afterMs, everyMs, waitedMs);
    if (prompts.length > 0 && first !== undefined) after(first, again);
  }
  return () => {
    timers.forEach((timer) => clearTimeout(timer));
    timers.clear();
  };
}

/** In how long a sentence is due for somebody who has waited so long; undefined when its time is past. */
export function nextAt(afterMs: Ms, everyMs: Ms | undefined, waitedMs: Ms): Ms | undefined {
  if (waitedMs <= afterMs) return afterMs - waitedMs;
  return everyMs === undefined ? undefined : everyMs - ((waitedMs - afterMs) % everyMs);
}
