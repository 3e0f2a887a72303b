import { afterEach, beforeEach, expect, it } from 'vitest';
import { openForkServer, type ForkServer } from '../../../../test/kit/fork-server.js';
import { createTimers } from '../session/timers.js';
import { openPipe, type Pipe, type PipeOptions } from './pipe.js';

let service: ForkServer;
const timers = createTimers();
beforeEach(async () => void (service = await openForkServer()));
afterEach(() => service.close());

function pipe(more: Partial<PipeOptions> = {}): { pipe: Pipe; said: string[] } {
  const said: string[] = [];
  const note = (what: string) => (more_?: string): void => void said.push(more_ === undefined ? what : `${what} ${more_}`);
  const made = openPipe(
    { url: new URL(service.url), protocol: 'audio.drachtio.org', headers: {}, allowSelfSigned: false, greeting: 'hello', maxBytes: 320_000, connectMs: 2_000, closeMs: 100, after: timers.after, ...more },
    { open: note('open'), failed: note('failed'), lost: note('lost'), message: note('message'), overrun: note('overrun') },
  );
  return { pipe: made, said };
}
const frame = Buffer.alloc(320, 1);

it('what was heard while it connects comes after the greeting, as far as there is room', async () => {
  const { pipe: p, said } = pipe({ maxBytes: 3_200 });
  for (let i = 0; i < 15; i += 1) p.audio(frame);
  const forked = await service.next();
  await forked.until('ten frames', 2_000, () => forked.frames.length === 10);
  expect([forked.texts, forked.textFirst(), p.dropped(), said]).toEqual([['hello'], true, 5, ['overrun', 'open']]);
  p.close();
});

it('a far end that does not read: what does not fit is dropped and counted, and it still hears the rest', async () => {
  const { pipe: p, said } = pipe();
  const forked = await service.next();
  forked.socket.pause();
  for (let i = 0; i < 200_000 && p.dropped() < 100; i += 1) {
    p.audio(frame);
    if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect([p.dropped(), said]).toEqual([100, ['open', 'overrun']]);
  forked.socket.resume();
  p.text('last');
  await forked.until('the last text', 5_000, () => forked.texts.includes('last'));
  p.close();
  await forked.until('the end', 2_000, () => forked.closed() === 1000);
});

it('a far end that does not close in time is cut off', async () => {
  const { pipe: p } = pipe();
  const forked = await service.next();
  await forked.until('the greeting', 2_000, () => forked.texts.length === 1);
  forked.socket.pause();
  p.close();
  p.close();
  expect(timers.count()).toBe(1);
  await expect.poll(() => timers.count()).toBe(0);
});

it('closed before it was up: nobody is told, nothing is left', async () => {
  const { pipe: p, said } = pipe();
  p.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([said, timers.count(), service.forks.length]).toEqual([[], 0, 0]);
});

it('a server that refuses the upgrade is a failure with its status', async () => {
  const { said } = pipe({ url: new URL('ws://127.0.0.1:1/') });
  await expect.poll(() => said).toEqual(['failed connect ECONNREFUSED 127.0.0.1:1']);
});
