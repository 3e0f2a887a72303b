import { Worker } from 'node:worker_threads';
import type { Ms } from '../../base/index.js';
import { FileFault } from './errors.js';
import type { PictureDone, PictureJob } from './picture.js';

export interface PicturesOptions {
  readonly run?: (job: PictureJob, limitMs: Ms) => Promise<PictureDone>;
  readonly limitMs?: Ms;
  /** One is drawn, so many wait. */
  readonly mostWaiting?: number;
}
/** Megabytes: 40 million pixels, and what a decoder needs beside them. */
const MEMORY = 768;

/** One picture at a time, in a thread of its own: what loops, leaks or crashes ends there. @throws FileFault files.busy, files.bomb, files.damaged */
export function createPictures({ run = inThread, limitMs = 20_000, mostWaiting = 30 }: PicturesOptions): (job: PictureJob) => Promise<Extract<PictureDone, { ok: true }>> {
  let waiting = 0;
  let before: Promise<unknown> = Promise.resolve();
  return async (job) => {
    if (waiting > mostWaiting) throw new FileFault('files.busy', 'too many pictures at once', 'try again in some seconds');
    waiting += 1;
    const mine = before.then(() => run(job, limitMs)).finally(() => (waiting -= 1));
    before = mine.catch(() => undefined); // its own sender hears of it
    const done = await mine;
    if (done.ok) return done;
    if (done.why === 'bomb') throw new FileFault('files.bomb', `this picture is too large: ${done.message}`, `at most ${Math.floor(job.maxPixels / 1e6)} million pixels`);
    throw new FileFault('files.damaged', `this picture cannot be read: ${done.message}`, 'save it again as PNG or JPEG');
  };
}

function inThread(job: PictureJob, limitMs: Ms): Promise<PictureDone> {
  return new Promise((resolve) => {
    const thread = new Worker(new URL('./thread.js', import.meta.url), { workerData: { job }, env: {}, resourceLimits: { maxOldGenerationSizeMb: MEMORY, maxYoungGenerationSizeMb: 64 } });
    const end = (done: PictureDone): void => {
      clearTimeout(late);
      resolve(done);
      void thread.terminate();
    };
    const late = setTimeout(() => end({ ok: false, why: 'bomb', message: `it takes longer than ${limitMs / 1_000} s` }), limitMs);
    thread.once('message', end);
    thread.once('error', (error) => end({ ok: false, why: 'damaged', message: error instanceof Error ? error.message : String(error) }));
    thread.once('exit', (code) => end({ ok: false, why: 'bomb', message: `its thread ended with ${code}` }));
  });
}
