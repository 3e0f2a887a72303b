import type { Ms } from '../../../base/index.js';
import { parseWavHeader, WavUnreadable } from '../../../audio/index.js';
import { TtsFailed } from '../errors.js';
import type { TtsEngine } from '../ports.js';

/** A voice that failed so often in a row is left alone so long; meanwhile nobody waits for it. */
const FAILURES = 3;
const REST: Ms = 30_000;
const SAID_EVERY: Ms = 60_000;

export interface Watched extends TtsEngine {
  /** Whether it should be left alone now. */
  rests(): boolean;
  /** What it said could not be used: counts as a failure. */
  blame(error: unknown): void;
}
export interface Watch {
  readonly now: () => Ms;
  readonly warn: (about: object, message: string) => void;
}

/** Counts the failures of an engine and tells the log of them, once a minute at most. */
export function watched(engine: TtsEngine, { now, warn }: Watch): Watched {
  let inARow = 0;
  let restsUntil = 0;
  let saidAt = -SAID_EVERY;
  let untold = 0;
  const failed = (error: unknown): void => {
    inARow += 1;
    untold += 1;
    if (inARow >= FAILURES) restsUntil = now() + REST;
    if (now() - saidAt < SAID_EVERY) return;
    warn({ err: error, failures: untold }, `${engine.name} fails; the built-in voice speaks instead`);
    saidAt = now();
    untold = 0;
  };
  return {
    ...engine,
    rests: () => now() < restsUntil,
    blame: failed,
    async say(what, urgent) {
      try {
        const wav = checked(await engine.say(what, urgent), engine.name);
        inARow = 0;
        return wav;
      } catch (error) {
        failed(error);
        throw error;
      }
    },
  };
}

/** @throws TtsFailed where it is no sound, or none that we can read */
function checked(wav: Uint8Array, name: string): Uint8Array {
  try {
    parseWavHeader(wav);
    return wav;
  } catch (cause) {
    if (cause instanceof WavUnreadable) throw new TtsFailed(`${name} gave no WAV: ${cause.message}`, { cause });
    throw cause;
  }
}
