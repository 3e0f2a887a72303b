import { expect, it } from 'vitest';
import { MediaLost, MediaUnavailable } from './errors.js';
import { lease } from './lease.js';

const never = (): Promise<void> => new Promise<void>(() => {});

it('rejects a command whose endpoint goes away, and any command after that', async () => {
  const life = new AbortController();
  const playing = lease('playback', 60_000, life.signal, never);
  life.abort();
  await expect(playing).rejects.toThrow(MediaLost);
  await expect(lease('playback', 60_000, life.signal, async () => 'played')).rejects.toThrow(MediaLost);
});

it('gives a silent media server its lease and no more', async () => {
  await expect(lease('uuid_bridge', 5, undefined, never)).rejects.toThrow(MediaUnavailable);
});

it('passes on what came in time and leaves no listener behind', async () => {
  const life = new AbortController();
  await expect(lease('status', 60_000, life.signal, async () => 'up')).resolves.toBe('up');
  life.abort();
});
