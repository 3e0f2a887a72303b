import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { until, within } from '../../../../test/kit/wait.js';
import { createFlusher } from './flusher.js';
import type { Recorder } from './recorder.js';
import { createFileWriter, RecordingFailed } from './writer.js';

let dir = '';
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'writer-'))));
afterAll(() => rm(dir, { recursive: true }));
afterEach(() => vi.useRealTimers());

const linkOf = (path: string): string | undefined => {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // the descriptor by which the list itself was read
  }
};
const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('the writer', () => {
  it('puts pieces in their places, the later over the earlier', async () => {
    const path = join(dir, 'pieces');
    const writer = createFileWriter(path, () => expect.unreachable());
    writer.write(4, bytes('5678'));
    writer.write(0, bytes('1234'));
    writer.write(2, bytes('ab'));
    await writer.close();
    expect(await readFile(path, 'latin1')).toBe('12ab5678');
  });

  it('takes pieces while it writes others', async () => {
    const path = join(dir, 'stream');
    const writer = createFileWriter(path, () => expect.unreachable());
    for (let i = 0; i < 200; i += 1) {
      writer.write(i * 5, bytes(String(i).padStart(5, '0')));
      if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await writer.close();
    expect(await readFile(path, 'latin1')).toBe(Array.from({ length: 200 }, (_, i) => String(i).padStart(5, '0')).join(''));
  });

  it('begins anew what was there', async () => {
    const path = join(dir, 'old');
    for (const text of ['a long text', 'short']) {
      const writer = createFileWriter(path, () => expect.unreachable());
      writer.write(0, bytes(text));
      await writer.close();
    }
    expect(await readFile(path, 'latin1')).toBe('short');
  });

  it('fails once when the disk does not keep up, instead of filling the memory', async () => {
    const failures: RecordingFailed[] = [];
    const writer = createFileWriter(join(dir, 'slow'), (error) => void failures.push(error));
    for (let i = 0; i < 100; i += 1) writer.write(i * 65_536, new Uint8Array(65_536));
    expect(failures).toHaveLength(1);
    expect(failures[0]?.cause).toMatchObject({ message: 'the disk is slower than the audio' });
    await expect(writer.close()).rejects.toBe(failures[0]);
  });

  it('lets go of a file that cannot be written, though nobody closes it', async () => {
    await within(5_000, 'failure', new Promise((resolve) => createFileWriter('/dev/full', resolve).write(0, bytes('x'))));
    await until('the file to be let go of', 5_000, () => !readdirSync('/proc/self/fd').some((fd) => linkOf(`/proc/self/fd/${fd}`) === '/dev/full'));
  });

  it('says why a file cannot be opened', async () => {
    const failed = new Promise<RecordingFailed>((resolve) => createFileWriter('/dev/null/file', resolve).write(0, bytes('x')));
    const { code, cause } = await within(5_000, 'failure', failed);
    expect([code, (cause as NodeJS.ErrnoException).syscall]).toEqual(['media.recording_failed', 'mkdir']);
  });
});

describe('the flusher', () => {
  const recorder = (name: string, log: string[]): Recorder => ({
    path: name, ended: new Promise(() => undefined), flush: () => void log.push(name), stop: () => Promise.reject(new Error('not here')),
    hear: () => undefined, mask: () => undefined, unmask: () => undefined, elapsedMs: () => 0,
  });

  it('visits every recording twice a second, never all at once', () => {
    vi.useFakeTimers();
    const log: string[] = [];
    const flusher = createFlusher(() => performance.now(), () => undefined);
    for (const name of ['a', 'b', 'c', 'd', 'e']) flusher.add(recorder(name, log));
    vi.advanceTimersByTime(100);
    expect(log).toHaveLength(1);
    vi.advanceTimersByTime(900);
    expect([...log].sort((x, y) => x.localeCompare(y)).join('')).toBe('aabbccddee');
  });

  it('stands still when there is nothing to flush', () => {
    vi.useFakeTimers();
    const changes: number[] = [];
    const flusher = createFlusher(() => 0, () => void changes.push(flusher.timers()));
    const [one, two] = [recorder('a', []), recorder('b', [])];
    flusher.add(one);
    flusher.add(two);
    flusher.remove(one);
    flusher.remove(one);
    expect(flusher.timers()).toBe(1);
    flusher.remove(two);
    expect([flusher.timers(), vi.getTimerCount(), changes]).toEqual([0, 0, [1, 0]]);
  });
});
