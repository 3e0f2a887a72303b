import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Place } from './edges.js';
import { SDP, type Operation } from './scenarios.js';

export type ProbeResult = {
  /** Request to its final response, ms. */
  readonly ms: readonly number[];
  readonly unanswered: number;
  /** How late this process was at worst, ms. */
  readonly lateMs: number;
};
type Wire = { readonly port: number; readonly send: (text: string) => void; readonly close: () => void };

/**
 * SIPp counts whole milliseconds, so the times come from here: requests at a low steady rate beside SIPp's load, from a
 * process that does nothing else, timed in microseconds.
 */
export async function probe(target: Place, operation: Operation, transport: 'udp' | 'tcp', perSecond: number, count: number): Promise<ProbeResult> {
  const sent = new Map<string, number>();
  const ms: number[] = [];
  const method = operation.toUpperCase();
  const run = Math.random().toString(36).slice(2, 10);
  const uri = `sip:service@${target.host}:${String(target.port)}`;

  const request = (name: string, cseq: number, id: string, to: string, body = ''): string => [
    `${name} ${uri} SIP/2.0`, `Via: SIP/2.0/${transport.toUpperCase()} ${target.host}:${String(wire.port)};rport;branch=z9hG4bK${id}${name}`,
    `From: <sip:probe@${target.host}>;tag=${id}`, `To: ${to}`, `Call-ID: ${id}`, `CSeq: ${String(cseq)} ${name}`, 'Max-Forwards: 70',
    `Contact: <sip:probe@${target.host}:${String(wire.port)};transport=${transport}>`,
    ...(body === '' ? [] : ['Content-Type: application/sdp']), `Content-Length: ${String(body.length)}`, '', body,
  ].join('\r\n');

  const hear = (text: string, now: number): void => {
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);
    const id = /^Call-ID: *(\S+)/im.exec(text)?.[1] ?? '';
    const began = sent.get(id);
    if (status < 200 || began === undefined || !new RegExp(`^CSeq: *\\d+ ${method}`, 'im').test(text)) return;
    sent.delete(id);
    if (status === 200) ms.push(now - began);
    if (operation !== 'invite') return;
    const to = /^To: *(.+?)\r?$/im.exec(text)?.[1] ?? '';
    wire.send(request('ACK', 1, id, to));
    wire.send(request('BYE', 2, id, to));
  };
  const wire = await (transport === 'udp' ? udp : tcp)(target, hear);
  const loop = monitorEventLoopDelay({ resolution: 2 });
  loop.enable();
  for (let i = 0, due = performance.now(); i < count; i += 1, due += 1000 / perSecond) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const id = `${run}x${String(i)}`;
    sent.set(id, performance.now());
    wire.send(request(method, 1, id, `<${uri}>`, operation === 'invite' ? SDP : ''));
  }
  for (let waited = 0; sent.size > 0 && waited < 2000; waited += 10) await new Promise((resolve) => setTimeout(resolve, 10));
  loop.disable();
  wire.close();
  return { ms, unanswered: sent.size, lateMs: Math.max(0, loop.max / 1e6 - 2) };
}

async function udp(target: Place, hear: (text: string, now: number) => void): Promise<Wire> {
  const socket = createSocket('udp4');
  socket.on('message', (data) => { hear(data.toString(), performance.now()); });
  await new Promise<void>((resolve) => { socket.bind(0, target.host, resolve); });
  return { port: socket.address().port, send: (text) => { socket.send(text, target.port, target.host); }, close: () => { socket.close(); } };
}

async function tcp(target: Place, hear: (text: string, now: number) => void): Promise<Wire> {
  const socket = connect(target.port, target.host);
  await new Promise<void>((resolve, reject) => { socket.once('connect', resolve).once('error', reject); });
  socket.setNoDelay(true);
  let rest = '';
  socket.on('data', (data: Buffer) => {
    const now = performance.now();
    rest += data.toString('latin1');
    for (let end = ending(rest); end !== undefined; end = ending(rest)) {
      hear(rest.slice(0, end), now);
      rest = rest.slice(end);
    }
  });
  return { port: socket.localPort ?? 0, send: (text) => { socket.write(text); }, close: () => { socket.destroy(); } };
}

/** Where the first whole message ends; undefined when it is not all there. */
function ending(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  const end = head + 4 + Number(/^(?:Content-Length|l) *: *(\d+)/im.exec(text.slice(0, head))?.[1] ?? 0);
  return head < 0 || end > text.length ? undefined : end;
}
