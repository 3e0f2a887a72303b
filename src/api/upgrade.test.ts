import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { rooms } from './api.fixture.js';
import { Malformed } from './errors.js';
import { serveApi, type HttpDoor } from './serve.js';
import { webSockets } from './upgrade.js';

let door: HttpDoor | undefined;
afterEach(async () => {
  await door?.close(0);
  door = undefined;
});
const failed: unknown[] = [];
/** A door whose /v1/echo/ws says everything back, to whoever gives a name. */
async function echo() {
  door = await serveApi(rooms().app, { host: '127.0.0.1', port: 0 });
  door.onUpgrade('/v1/echo/ws', webSockets({
    maxBytes: 100,
    admit: (_request, url) => {
      const name = url.searchParams.get('name');
      if (name === 'bug') throw new TypeError('ours');
      if (name === null) throw new Malformed('who are you?', { hint: 'say ?name=' });
      return name;
    },
    connected: (ws, name) => ws.on('message', (data: Buffer) => ws.send(`${name}: ${data.toString()}`)),
    failed: (error) => void failed.push(error),
  }));
  return `ws://127.0.0.1:${door.port}`;
}
/** The status a refused upgrade was answered with, and the code of its problem. */
const refusal = (url: string): Promise<[number | undefined, string]> =>
  new Promise((resolve) => {
    new WebSocket(url).on('unexpected-response', (_req, res) => {
      let text = '';
      res.on('data', (chunk: Buffer) => (text += chunk.toString()));
      res.on('end', () => resolve([res.statusCode, (JSON.parse(text) as { code: string }).code]));
    });
  });

describe('a WebSocket', () => {
  it('is taken over where somebody takes it', async () => {
    const ws = new WebSocket(`${await echo()}/v1/echo/ws?name=lin`);
    await once(ws, 'open');
    ws.send('hello');
    const [said] = (await once(ws, 'message')) as [Buffer];
    expect(said.toString()).toBe('lin: hello');
    ws.close();
  });

  it('is refused as any request is, with a problem', async () => {
    const base = await echo();
    expect(await refusal(`${base}/v1/echo/ws`)).toEqual([400, 'malformed']);
    expect(await refusal(`${base}/v1/nothing/ws`)).toEqual([404, 'no_such_path']);
    expect(await refusal(`${base}/v1/echo/ws?name=bug`)).toEqual([500, 'internal']);
    expect(failed).toEqual([expect.any(TypeError)]);
  });

  it('is closed when a message is too large, and the others go on', async () => {
    const base = await echo();
    const [big, small] = [new WebSocket(`${base}/v1/echo/ws?name=big`), new WebSocket(`${base}/v1/echo/ws?name=small`)];
    await Promise.all([once(big, 'open'), once(small, 'open')]);
    big.send('x'.repeat(101));
    const [code] = (await once(big, 'close')) as [number];
    expect(code).toBe(1009);
    small.send('still here');
    expect(((await once(small, 'message')) as [Buffer])[0].toString()).toBe('small: still here');
    small.close();
  });

  it('does not keep the door from closing', async () => {
    const ws = new WebSocket(`${await echo()}/v1/echo/ws?name=lin`);
    await once(ws, 'open');
    const closed = once(ws, 'close');
    await door?.close(10);
    await closed;
  });

  it('that goes away while it is refused breaks nothing', async () => {
    const { port } = new URL(await echo());
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('GET /v1/echo/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.resetAndDestroy();
    expect(await refusal(`ws://127.0.0.1:${port}/v1/echo/ws`)).toEqual([400, 'malformed']);
  });
});
