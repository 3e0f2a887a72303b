import type { MediaLog, Playback, PlayOptions, PlaySource } from '../channel/types.js';
import type { MediaClock } from '../clock/clock.js';
import { createPlayer, type FrameSink } from './player.js';

/** What a channel says of its own: what it was told to play, and under it the music its party hears while the other holds. */
export interface Voice {
  play(source: PlaySource, options: PlayOptions): Playback;
  playing(): Playback | undefined;
  /** Endless music whenever nothing else is played; undefined ends it. */
  cover(music: PlaySource | undefined): void;
  busy(): boolean;
  /** Ends everything as `stopped`. */
  close(): void;
}

/** Heard instead of music that cannot be read: a held party must never hear silence. */
export const FALLBACK_MUSIC: PlaySource = { kind: 'tone', script: 'v=-20;%(250,3750,440)' };

export function createVoice(clock: MediaClock, sink: FrameSink, log: MediaLog): Voice {
  let told: Playback | undefined;
  let music: PlaySource | undefined;
  let under: { readonly music: PlaySource; playback: Playback } | undefined;

  function refresh(): void {
    const wanted = told ? undefined : music;
    if (under?.music === wanted) return;
    const before = under;
    under = wanted && { music: wanted, playback: endless(wanted) };
    before?.playback.stop();
  }
  function endless(source: PlaySource): Playback {
    const playback = createPlayer(source, { loops: 'endless' }, clock, sink, (end) => {
      if (under?.playback !== playback || source === FALLBACK_MUSIC) return;
      log.warn({ err: typeof end === 'object' ? end.error : undefined }, 'hold music ended; a tone takes its place');
      under.playback = endless(FALLBACK_MUSIC);
    });
    return playback;
  }
  return {
    play(source, options) {
      const before = told;
      const playback = createPlayer(source, options, clock, sink, () => {
        if (told !== playback) return;
        told = undefined;
        refresh();
      });
      told = playback;
      before?.stop();
      refresh();
      return playback;
    },
    playing: () => told,
    cover(source) {
      music = source;
      refresh();
    },
    busy: () => told !== undefined || under !== undefined,
    close() {
      music = undefined;
      refresh();
      told?.stop();
    },
  };
}
