import { randomBytes } from 'node:crypto';
import type { Ms } from '../../base/index.js';
import type { Endpoint, ForkOptions } from '../../media/index.js';
import type { ForkLine, ForkListener } from './fork-listener.js';

export interface Listened {
  readonly line: ForkLine;
  /** When the media server said that it forks, performance.now(): about the time of the first sample. */
  readonly startedAt: Ms;
  /** Ends the fork; never rejects. */
  stop(): Promise<void>;
}

/** How long a media server may take to bring the audio. */
const COMING_MS: Ms = 3_000;

/** Has the audio of an endpoint brought to us. @throws NoFork, MediaRefused, MediaLost, MediaUnavailable */
export async function forkToUs(endpoint: Endpoint, forks: ForkListener, how: Pick<ForkOptions, 'mix' | 'rateHz'>, warn: (about: object, message: string) => void): Promise<Listened> {
  const name = `ear_${randomBytes(4).toString('hex')}`;
  const coming = forks.expect(COMING_MS);
  let startedAt: Ms;
  try {
    await endpoint.fork({ name, url: coming.url, ...how });
    startedAt = performance.now();
  } catch (error) {
    coming.cancel();
    throw error;
  }
  let stopped: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    try {
      if (!endpoint.gone.aborted) await endpoint.stopFork(name);
    } catch (error) {
      if (!endpoint.gone.aborted) warn({ err: error }, 'an audio fork could not be stopped');
    }
  };
  const stop = (): Promise<void> => (stopped ??= end());
  try {
    const line = await coming.line;
    return {
      line, startedAt,
      async stop() {
        await stop();
        line.close();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
