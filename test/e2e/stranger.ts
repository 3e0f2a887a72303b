import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import type { Place } from '../kit/sip/transport.js';
import { createWatch } from '../kit/wait.js';

/** Bytes from an address nobody knows, by UDP or TCP, and whatever comes back. */
export type Stranger = {
  readonly port: number;
  readonly send: (data: Buffer | string) => void;
  /** First lines of all answers, in order. */
  readonly answers: () => string[];
  /** The status of the first final answer. */
  readonly status: (ms?: number) => Promise<number>;
  readonly closed: (ms?: number) => Promise<void>;
  readonly isClosed: () => boolean;
  readonly close: () => void;
};

const firstLines = (text: string): string[] => text.split('\r\n').filter((line) => line.startsWith('SIP/2.0 '));

function stranger(port: number, text: () => string, watch: ReturnType<typeof createWatch>, gone: () => boolean, send: Stranger['send'], close: () => void): Stranger {
  return {
    port, send, close,
    answers: () => firstLines(text()),
    async status(ms = 5_000) {
      const final = (): number => Number(firstLines(text()).map((line) => line.split(' ')[1]).find((status) => status !== undefined && !status.startsWith('1')) ?? 0);
      await watch.until('a final answer', ms, () => final() > 0);
      return final();
    },
    closed: (ms = 5_000) => watch.until('the end of the connection', ms, gone),
    isClosed: gone,
  };
}

export async function udpStranger(server: Place, address = '127.0.0.3'): Promise<Stranger> {
  const socket = createSocket('udp4');
  const watch = createWatch();
  let text = '';
  socket.on('message', (data) => {
    text += data.toString('latin1');
    watch.changed();
  });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  return stranger(socket.address().port, () => text, watch, () => false, (data) => socket.send(data, server.port, server.host), () => socket.close());
}

export async function tcpStranger(server: Place, address = '127.0.0.3'): Promise<Stranger> {
  const watch = createWatch();
  let text = '';
  let closed = false;
  const socket = await new Promise<Socket>((resolve) => {
    const made = connect({ host: server.host, port: server.port, localAddress: address });
    made.once('connect', () => resolve(made));
    made.once('error', () => resolve(made));
  });
  socket.on('data', (data) => {
    text += data.toString('latin1');
    watch.changed();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
    watch.changed();
  });
  return stranger(socket.localPort ?? 0, () => text, watch, () => closed, (data) => socket.write(data), () => socket.destroy());
}

let made = 0;
/** A well-formed INVITE of a guest; `length` is what its Content-Length says (undefined: no such header). */
export function invite(server: Place, from: { readonly port: number; readonly proto: 'UDP' | 'TCP'; readonly address?: string }, { length, extra = '', body = 'v=0\r\n' }: { readonly length?: number | 'none'; readonly extra?: string; readonly body?: string } = {}): string {
  made += 1;
  const host = from.address ?? '127.0.0.3';
  return [
    `INVITE sip:4000@${server.host}:${server.port} SIP/2.0`, `Via: SIP/2.0/${from.proto} ${host}:${from.port};rport;branch=z9hG4bKgarbage${made}`,
    `From: <sip:mallory@${host}>;tag=m${made}`, `To: <sip:4000@${server.host}>`, `Call-ID: garbage-${process.pid}-${made}`, 'CSeq: 1 INVITE',
    `Contact: <sip:mallory@${host}:${from.port}>`, 'Max-Forwards: 70', 'Content-Type: application/sdp',
    ...(length === 'none' ? [] : [`Content-Length: ${length ?? Buffer.byteLength(body)}`]), ...(extra === '' ? [] : [extra]), '', body,
  ].join('\r\n');
}
