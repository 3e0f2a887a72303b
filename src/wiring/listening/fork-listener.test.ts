import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { NoFork, openForkListener, type ForkListener } from './fork-listener.js';

let door: ForkListener;
beforeEach(async () => void (door = await openForkListener({ listen: { host: '127.0.0.1', port: 0 } })));
afterEach(() => door.close());

const connect = async (url: string): Promise<WebSocket> => {
  const socket = new WebSocket(url, 'audio.drachtio.org');
  await once(socket, 'open');
  return socket;
};
const refusal = (url: string): Promise<string> => new Promise((resolve) => new WebSocket(url, 'audio.drachtio.org').once('error', (error) => resolve(error.message)));

describe('an expected fork', () => {
  it('brings its audio, also what came before anybody listened; text and empty frames are no audio', async () => {
    const { url, line } = door.expect(2_000);
    const socket = await connect(url);
    socket.send('{"meta":1}');
    socket.send(Buffer.from([1, 2]));
    socket.send(Buffer.alloc(0));
    const audio = await line;
    const heard: number[] = [];
    await expect.poll(() => door.lines()).toBe(1);
    socket.send(Buffer.from([3, 4]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    audio.onAudio((pcm) => heard.push(...pcm));
    socket.send(Buffer.from([5, 6]));
    await expect.poll(() => heard).toEqual([1, 2, 3, 4, 5, 6]);
    audio.close();
    await expect.poll(() => [audio.gone.aborted, door.lines(), socket.readyState]).toEqual([true, 0, WebSocket.CLOSED]);
  });

  it('comes once: its address is good for nobody else', async () => {
    const { url, line } = door.expect(2_000);
    const socket = await connect(url);
    await line;
    expect(await refusal(url)).toContain('404');
    socket.terminate();
    await expect.poll(async () => (await line).gone.aborted).toBe(true);
  });

  it('that does not come: NoFork, and the address is dead', async () => {
    const { url, line } = door.expect(20);
    await expect(line).rejects.toThrow(NoFork);
    expect(await refusal(url)).toContain('404');
  });

  it('that is not wanted any more: the address is dead at once', async () => {
    const { url, cancel } = door.expect(2_000);
    cancel();
    expect(await refusal(url)).toContain('404');
  });

  it('that sends too much at once is cut off', async () => {
    const { url, line } = door.expect(2_000);
    const socket = await connect(url);
    socket.send(Buffer.alloc(100_000));
    await expect.poll(async () => (await line).gone.aborted).toBe(true);
    socket.terminate();
  });
});

it('addresses cannot be guessed: each has 256 bits, and any other is not found', async () => {
  const urls = Array.from({ length: 50 }, () => door.expect(1_000).url);
  expect(new Set(urls).size).toBe(50);
  expect(urls[0]).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/fork\/[\w-]{43}$/);
  expect(await refusal(`ws://127.0.0.1:${String(door.port)}/fork/x`)).toContain('404');
  expect((await fetch(`http://127.0.0.1:${String(door.port)}/`)).status).toBe(404);
});

it('media servers are told the advertised address', async () => {
  const other = await openForkListener({ listen: { host: '127.0.0.1', port: 0 }, advertise: { host: '2001:db8::1', port: 0 } });
  expect(other.expect(10).url).toMatch(new RegExp(`^ws://\\[2001:db8::1\\]:${String(other.port)}/fork/`));
  await other.close();
});
