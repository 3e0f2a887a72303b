import { createServer, type AddressInfo, type Socket } from 'node:net';

/** The server side of the drachtio wire protocol, as little of it as a connection needs; says what it was sent. */
export interface FakeServer {
  readonly port: number;
  readonly received: string[];
  /** Answers requests sent from now on; undefined: with silence. The value is the final SIP status, or NOK. */
  answer: ((message: string) => number | 'NOK' | undefined) | undefined;
  readonly secret: string;
  /** Hands an INVITE, OPTIONS … to the application. */
  deliver(method: string, headers?: Readonly<Record<string, string>>, source?: string): void;
  drop(): void;
  close(): Promise<void>;
  until(pattern: RegExp): Promise<string>;
}
const crlf = '\r\n';

export async function sipServer(port = 0): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  const waiting = new Set<() => void>();
  let n = 0;
  const write = (socket: Socket, text: string): void => {
    n += 1;
    const message = `id${n}|${text}`;
    socket.write(`${Buffer.byteLength(message)}#${message}`);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    let buffer = '';
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      buffer += data.toString('utf8');
      for (;;) {
        const [length] = buffer.split('#', 1);
        const size = Number(length);
        if (length === undefined || !buffer.includes('#') || buffer.length < length.length + 1 + size) return;
        const message = buffer.slice(length.length + 1, length.length + 1 + size);
        buffer = buffer.slice(length.length + 1 + size);
        handle(socket, message);
      }
    });
  });
  const handle = (socket: Socket, message: string): void => {
    received.push(message);
    waiting.forEach((look) => look());
    const [id = '', verb = '', argument = ''] = (message.split(crlf)[0] ?? '').split('|');
    if (verb === 'authenticate') return write(socket, argument === fake.secret ? `response|${id}|OK|udp/127.0.0.1:5060,tcp/127.0.0.1:5060|v0.9.2` : `response|${id}|NOK|wrong`);
    if (verb !== 'sip') return;
    const sip = message.slice(message.indexOf(crlf) + 2);
    if (sip.startsWith('SIP/2.0')) return;
    const status = fake.answer?.(sip);
    if (status === undefined) return;
    if (status === 'NOK') return write(socket, `response|${id}|NOK|cannot resolve`);
    const tx = `tx${id}`;
    const head = `network|1|udp|127.0.0.1|5060|12:00:00|${tx}`;
    write(socket, `response|${id}|OK|network|1|udp|127.0.0.1|5060|12:00:00|${tx}${crlf}${sip}`);
    const method = sip.split(' ')[0] ?? '';
    for (const s of [100, status]) write(socket, `sip|${head}|d1${crlf}SIP/2.0 ${s} Said${crlf}Call-ID: c1${crlf}CSeq: 1 ${method}${crlf}From: <sip:a@b>;tag=1${crlf}To: <sip:a@b>;tag=2${crlf}Content-Length: 0${crlf}${crlf}`);
  };
  const fake: FakeServer = {
    port: await new Promise<number>((resolve) => server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))),
    received,
    answer: undefined,
    secret: 'right',
    deliver(method, headers = {}, source = '192.0.2.9') {
      const all = { Via: 'SIP/2.0/UDP x;branch=z9hG4bK1', 'Call-ID': 'in1', CSeq: `1 ${method}`, From: '<sip:1001@x>;tag=9', To: '<sip:4000@x>', Contact: '<sip:1001@x>', ...headers, 'Content-Length': '0' };
      const lines = Object.entries(all).map(([k, v]) => `${k}: ${v}`);
      for (const socket of sockets) write(socket, `sip|network|300|udp|${source}|5060|12:00:00|t${(n += 1)}||10.0.0.1|5060${crlf}${method} sip:4000@us SIP/2.0${crlf}${lines.join(crlf)}${crlf}${crlf}`);
    },
    drop: () => sockets.forEach((s) => s.destroy()),
    close: () => new Promise((resolve) => {
      sockets.forEach((s) => s.destroy());
      server.close(() => resolve());
    }),
    until: (pattern) => new Promise((resolve) => {
      const look = (): void => {
        const found = received.find((m) => pattern.test(m));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    }),
  };
  return fake;
}
