import { createSocket, type Socket as Udp } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { manualClock } from '../clock/clock.js';
import { createRequest } from '../message/create.js';
import { newBranch } from '../message/ids.js';
import { serialize } from '../message/serialize.js';
import { createStack, type Stack } from '../layer/stack.js';
import { createResponse } from '../message/create.js';
import { ListenError } from './errors.js';
import { createTransport } from './transport.js';
import type { Listen, Local, Remote, Transport, TransportOptions } from './types.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const udp: Listen = { proto: 'udp', address: '127.0.0.1', port: 0 };
const tcp: Listen = { ...udp, proto: 'tcp' };

/** What happened, and a way to wait for the next thing to happen. */
function diary() {
  const seen: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    seen,
    note(what: string): void {
      seen.push(what);
      for (const wake of waiting.splice(0)) wake();
    },
    async until(count: number): Promise<string[]> {
      while (seen.length < count) await new Promise<void>((wake) => waiting.push(wake));
      return seen;
    },
  };
}

async function open(listen: Listen[], more: Partial<TransportOptions> = {}) {
  const log = diary();
  const sources: Remote[] = [];
  const transport = await createTransport({
    listen,
    onMessage(message, from) {
      sources.push(from);
      log.note(`${message.type === 'request' ? message.method : message.status} ${message.headers.get('Call-ID') ?? ''}`);
    },
    onMalformed: (error) => log.note(`malformed ${error.status}`),
    onClosed: () => log.note('closed'),
    ...more,
  });
  closing.push(() => transport.close());
  return { transport, log, sources };
}
const at = (transport: Transport, proto: 'udp' | 'tcp' = 'udp'): Remote & Local => {
  const found = transport.addresses().find((a) => a.proto === proto);
  if (!found) throw new Error(`no ${proto}`);
  return { proto, address: found.address, port: found.port };
};
const options = (callId: string): Buffer => {
  const request = createRequest({ method: 'OPTIONS', uri: 'sip:x', from: '<sip:a@x>;tag=1', to: '<sip:b@x>', callId, cseq: 1 });
  request.headers.prepend('Via', `SIP/2.0/TCP 127.0.0.1;branch=${newBranch()};rport`);
  return serialize(request);
};
async function dial(to: Remote): Promise<Socket> {
  const socket = connect(to.port, to.address);
  socket.on('error', () => undefined);
  closing.push(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}
async function datagrams(): Promise<Udp> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closing.push(() => void socket.close());
  return socket;
}
const text = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0]);

describe('UDP', () => {
  it('carries messages both ways between two listeners', async () => {
    const a = await open([udp]);
    const b = await open([udp]);
    a.transport.send(options('one'), at(b.transport));
    await b.log.until(1);
    b.transport.send(options('two'), b.sources[0]!);
    expect([await a.log.until(1), b.sources[0]]).toEqual([['OPTIONS two'], at(a.transport)]);
  });

  it('passes over keep-alives and STUN, and reports garbage', async () => {
    const { transport, log } = await open([udp]);
    const socket = await datagrams();
    const { port } = at(transport);
    for (const noise of [Buffer.from('\r\n\r\n'), Buffer.alloc(4), Buffer.from('jaK'), Buffer.concat([Buffer.from([0, 1, 0, 0]), Buffer.alloc(28)])]) socket.send(noise, port, '127.0.0.1');
    socket.send('some garbage that is long enough', port, '127.0.0.1');
    socket.send(options('after'), port, '127.0.0.1');
    expect(await log.until(2)).toEqual(['malformed 400', 'OPTIONS after']);
  });

  it('reports a failure to send, later', async () => {
    const { transport, log } = await open([udp]);
    transport.send(options('x'), { proto: 'udp', address: '127.0.0.1', port: 70_000 }, { onError: (e) => log.note(e.code) });
    expect(log.seen).toEqual([]);
    expect([await log.until(1), transport.failures()]).toEqual([['sip.transport'], 1]);
  });

  it('has no way to a protocol without listener', async () => {
    const { transport, log } = await open([udp]);
    const to: Remote = { proto: 'tcp', address: '127.0.0.1', port: 9 };
    transport.send(options('x'), to, { onError: (e) => log.note(e.code) });
    expect(await log.until(1)).toEqual(['sip.transport']);
    expect(() => transport.sentBy(to)).toThrow(expect.objectContaining({ code: 'sip.transport' }));
  });
});

describe('listeners', () => {
  it('say their real port and what they are known by', async () => {
    const { transport } = await open([{ ...udp, advertise: 'sip.example.com' }, tcp]);
    const [first, second] = transport.addresses();
    expect([first?.advertise, second?.advertise, first!.port > 0]).toEqual(['sip.example.com', '127.0.0.1', true]);
    expect(transport.sentBy({ ...at(transport), port: 9 })).toEqual({ host: 'sip.example.com', port: first?.port });
  });

  it('never advertise a wildcard', async () => {
    const { transport } = await open([{ ...udp, address: '0.0.0.0' }]);
    expect(transport.addresses()[0]?.advertise).not.toBe('0.0.0.0');
  });

  it.each(['udp', 'tcp'] as const)('fail to open on a %s port in use, leaving none open', async (proto) => {
    const { transport } = await open([{ ...udp, proto }]);
    const taken = at(transport, proto);
    await expect(open([udp, taken])).rejects.toBeInstanceOf(ListenError);
  });
});

describe('TCP', () => {
  it('answers on the connection a request came on, and sends requests there too', async () => {
    const { transport, log, sources } = await open([tcp]);
    const socket = await dial(at(transport, 'tcp'));
    socket.write(options('one'));
    await log.until(1);
    transport.send(options('back'), sources[0]!, { connect: false });
    expect(await text(socket)).toContain('Call-ID: back');
    expect(transport.connections()).toBe(1);
  });

  it('connects once for many messages, in order', async () => {
    const a = await open([tcp]);
    const b = await open([tcp]);
    for (const id of ['1', '2', '3']) a.transport.send(options(id), at(b.transport, 'tcp'));
    expect(await b.log.until(3)).toEqual(['OPTIONS 1', 'OPTIONS 2', 'OPTIONS 3']);
    expect([a.transport.connections(), b.transport.connections()]).toEqual([1, 1]);
  });

  it('reports a refused connection for each message', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { transport, log } = await open([tcp], { onClosed: () => undefined });
    for (const id of ['1', '2']) transport.send(options(id), { ...tcp, port }, { onError: (e) => log.note((e.cause as NodeJS.ErrnoException).code ?? '') });
    expect(await log.until(2)).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
  });

  it('does not connect where that is forbidden', async () => {
    const { transport, log } = await open([tcp]);
    transport.send(options('x'), { ...tcp, port: 9 }, { connect: false, onError: (e) => log.note(e.message) });
    expect((await log.until(1))[0]).toContain('its connection is gone');
  });

  it('gives a pong for a ping', async () => {
    const { transport } = await open([tcp]);
    const socket = await dial(at(transport, 'tcp'));
    socket.write('\r\n\r\n');
    expect(await text(socket)).toBe('\r\n');
  });

  it('closes after a stream it cannot cut any more', async () => {
    const { transport, log } = await open([tcp]);
    const socket = await dial(at(transport, 'tcp'));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await log.until(2)).toEqual(['malformed 400', 'closed']);
  });

  it('closes on a reader that does not read', async () => {
    const { transport, log, sources } = await open([tcp], { limits: { maxSendBufferBytes: 100_000 } });
    const socket = await dial(at(transport, 'tcp'));
    socket.pause();
    socket.write(options('one'));
    await log.until(1);
    const large = Buffer.alloc(90_000, 'x');
    for (let i = 0; i < 200; i++) transport.send(large, sources[0]!, { connect: false });
    expect(await log.until(2)).toContain('closed');
  });
});

describe('limits on strangers', () => {
  it('a connection that says nothing is closed', async () => {
    const clock = manualClock();
    const { transport, log } = await open([tcp], { clock });
    const socket = await dial(at(transport, 'tcp'));
    socket.write('\r\n\r\n');
    await text(socket);
    clock.advance(14_999);
    expect(log.seen).toEqual([]);
    clock.advance(1);
    expect(await log.until(1)).toEqual(['closed']);
  });

  it('a message that drips is closed, however valid the ones before', async () => {
    const clock = manualClock();
    const { transport, log } = await open([tcp], { clock });
    const socket = await dial(at(transport, 'tcp'));
    socket.write(options('one'));
    await log.until(1);
    clock.advance(60_000);
    socket.write(`\r\n\r\n${options('two').subarray(0, 40).toString()}`);
    await text(socket);
    clock.advance(9_999);
    expect(log.seen).toHaveLength(1);
    clock.advance(1);
    expect(await log.until(2)).toEqual(['OPTIONS one', 'closed']);
  });

  it('one source has so many connections, trusted ones uncounted', async () => {
    const { transport, log, sources } = await open([tcp], { limits: { maxConnectionsPerSource: 1 } });
    const first = await dial(at(transport, 'tcp'));
    first.write(options('one'));
    await log.until(1);
    await dial(at(transport, 'tcp')).then((socket) => once(socket, 'close'));
    expect(transport.connections()).toBe(1);
    transport.trust(sources[0]!);
    const third = await dial(at(transport, 'tcp'));
    third.write(options('three'));
    expect(await log.until(2)).toEqual(['OPTIONS one', 'OPTIONS three']);
  });

  it('a full table lets its oldest stranger go', async () => {
    const { transport, log } = await open([tcp], { limits: { maxConnections: 2 } });
    const sockets = [await dial(at(transport, 'tcp')), await dial(at(transport, 'tcp'))];
    for (const socket of sockets) socket.write('\r\n\r\n');
    await Promise.all(sockets.map(text));
    await Promise.all([once(sockets[0]!, 'close'), dial(at(transport, 'tcp'))]);
    expect((await log.until(1))[0]).toBe('closed');
  });

  it('malformed messages of one source are reported so often a second', async () => {
    const { transport, log } = await open([udp], { limits: { malformedPerSecond: 3 }, clock: manualClock() });
    const socket = await datagrams();
    for (let i = 0; i < 20; i++) socket.send('garbage that is long enough', at(transport).port, '127.0.0.1');
    socket.send(options('last'), at(transport).port, '127.0.0.1');
    expect(await log.until(4)).toEqual(['malformed 400', 'malformed 400', 'malformed 400', 'OPTIONS last']);
  });
});

describe('the whole stack', () => {
  const stack = async (listen: Listen[]): Promise<Stack> => {
    const made = await createStack({ listen, onRequest: (tx) => tx.respond(createResponse(tx.request, 200)), onAck: () => undefined });
    closing.push(() => made.close());
    return made;
  };

  it.each(['udp', 'tcp'] as const)('asks and answers over %s', async (proto) => {
    const a = await stack([udp, tcp]);
    const b = await stack([udp, tcp]);
    const request = createRequest({ method: 'OPTIONS', uri: 'sip:x', from: '<sip:a@x>;tag=1', to: '<sip:b@x>', callId: 'c', cseq: 1 });
    const status = await new Promise((resolve) => {
      a.transactions.request(request, at(b.transport, proto), { onResponse: (r) => resolve(r.status), onTimeout: () => resolve('timeout'), onTransportError: resolve });
    });
    expect(status).toBe(200);
  });

  it('answers 400 to what it cannot take, to the port it came from', async () => {
    const { transport } = await stack([udp]);
    const socket = await datagrams();
    socket.send(options('bad').toString().replace('Content-Length: 0', 'Content-Length: 99'), at(transport).port, '127.0.0.1');
    const [reply] = (await once(socket, 'message')) as [Buffer];
    expect(reply.toString()).toMatch(/^SIP\/2\.0 400 Bad Request\r\nVia: SIP\/2\.0\/TCP 127\.0\.0\.1;branch=\w+;rport=\d+;received=127\.0\.0\.1\r\n/);
  });

  it('answers 505 to another version, on TCP too, and hangs up', async () => {
    const { transport } = await stack([tcp]);
    const socket = await dial(at(transport, 'tcp'));
    socket.write(options('new').toString().replace('sip:x SIP/2.0', 'sip:x SIP/7.0'));
    expect(await text(socket)).toMatch(/^SIP\/2\.0 505 /);
    await once(socket, 'close');
  });
});
