import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { rooms, TOKEN } from './api.fixture.js';
import { HttpPortTaken, serveApi, type HttpDoor } from './serve.js';

let door: HttpDoor | undefined;
afterEach(async () => {
  await door?.close(0);
  door = undefined;
});
const open = async (options: { headersMs?: number } = {}) => {
  door = await serveApi(rooms().app, { host: '127.0.0.1', port: 0, ...options });
  return door.port;
};

it('answers over HTTP', async () => {
  const port = await open();
  const response = await fetch(`http://127.0.0.1:${port}/v1/calls`, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect([response.status, await response.json()]).toEqual([200, { items: [], next_cursor: null }]);
});

it('names address and port when they are taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const refused = serveApi(rooms().app, { host: '127.0.0.1', port });
  await expect(refused).rejects.toThrow(HttpPortTaken);
  await expect(refused).rejects.toThrow(`127.0.0.1:${port}`);
  other.close();
});

it('cuts off a client that never finishes its headers', async () => {
  const port = await open({ headersMs: 100 });
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toContain('408');
  socket.destroy();
});

it('closes though a client keeps its connection', async () => {
  const port = await open();
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  await door?.close(50);
  await once(socket.resume(), 'close');
});
