import { createSocket, type RemoteInfo } from 'node:dgram';
import { expect, it } from 'vitest';
import { pino } from 'pino';
import Srf from 'drachtio-srf';
import { param, parseMessage, serialize, values, type Header, type SipMessage, type SipRequest, type SipResponse } from '../../../test/kit/sip/message.js';
import { TooLate } from '../../../test/kit/wait.js';
import { createEdge, type Edge, type EdgeOptions } from './edge.js';

/** T1 of 10 ms: 64·T1, after which the edge gives up on a peer, is 0.64 s. */
export const SHORT = { t1Ms: 10, t2Ms: 80, t4Ms: 100 };
export const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\na=sendrecv\r\n';
export const OTHER_SDP = SDP.replace('40000', '50000');
const SECRET = 'cymru';

/** What these tests use of drachtio-srf, whose own types say little and some of it wrong. */
export interface Req {
  readonly method: string;
  readonly body: string;
  readonly source_address: string;
  readonly source_port: number;
  readonly receivedOn: string;
  readonly server: { readonly hostport: string };
  get(name: string): string;
  on(event: string, heard: (...args: never[]) => void): unknown;
  once(event: string, heard: (...args: never[]) => void): unknown;
  cancel(options?: object): void;
}
export interface Res {
  readonly status: number;
  readonly body: string;
  get(name: string): string;
  send(status: number, options?: object, sent?: ((error: unknown, response: unknown) => void) | null, acknowledged?: (ack: Req) => void): void;
}
export interface Dlg {
  readonly id: string;
  readonly local: { readonly sdp: string };
  readonly remote: { readonly sdp: string; readonly uri: string };
  on(event: string, heard: (...args: never[]) => void): unknown;
  once(event: string, heard: (...args: never[]) => void): unknown;
  destroy(options?: object): Promise<unknown>;
  modify(change: string | object): Promise<unknown>;
  request(options: object): Promise<Res>;
}
type Progress = { cbRequest?: (error: unknown, sent: Req) => void; cbProvisional?: (response: Res) => void };
export interface App {
  use(method: string, handler: (req: Req, res: Res) => void): void;
  on(event: string, heard: (...args: never[]) => void): unknown;
  connect(options: object): void;
  disconnect(): void;
  request(uriOrOptions: string | object, options?: object): Promise<Req>;
  createUAS(req: Req, res: Res, options: object): Promise<Dlg>;
  createUAC(uri: string, options: object, progress?: Progress): Promise<Dlg>;
  createB2BUA(req: Req, res: Res, uri: string, options?: object, progress?: Progress): Promise<{ uas: Dlg; uac: Dlg }>;
  proxyRequest(req: Req, to: string | string[], options?: object): Promise<{ connected: boolean; finalStatus: number; responses: unknown[] }>;
}

/** A real edge with unmodified drachtio-srf applications on one side and raw UDP sockets on the other. */
export interface Lab {
  readonly edge: Edge;
  readonly port: number;
  app(): Promise<App>;
  peer(): Promise<Peer>;
  /** No dialog, no transaction, no timer is left within `ms`. */
  idle(ms?: number): Promise<void>;
  close(): Promise<void>;
}

export async function openLab(options: Partial<EdgeOptions> = {}): Promise<Lab> {
  const edge = await createEdge({
    control: { host: '127.0.0.1', port: 0 }, secret: SECRET,
    listen: [{ proto: 'udp', address: '127.0.0.1', port: 0 }, { proto: 'tcp', address: '127.0.0.1', port: 0 }],
    log: pino({ level: 'silent' }),
    ...options,
    patience: { timing: SHORT, byeMs: 300, answerMs: 1_000, ...options.patience },
  });
  const port = edge.listeners()[0]?.port ?? 0;
  const apps = new Set<App>();
  const peers = new Set<Peer>();
  return {
    edge,
    port,
    app: async () => {
      const srf = new Srf() as unknown as App;
      apps.add(srf);
      await new Promise<void>((resolve, reject) => {
        srf.on('connect', (error: Error | null) => {
          if (error) reject(error);
          else resolve();
        });
        srf.on('error', () => undefined);
        srf.connect({ host: '127.0.0.1', port: edge.controlPort, secret: SECRET });
      });
      return srf;
    },
    peer: async () => {
      const peer = await openPeer(port);
      peers.add(peer);
      return peer;
    },
    idle: async (ms = 3_000) => {
      const end = performance.now() + ms;
      const busy = (): boolean => Object.values(edge.gauges()).some((n) => n > 0);
      while (busy()) {
        if (performance.now() > end) throw new TooLate(`idle gauges, not ${JSON.stringify(edge.gauges())}`, ms);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      for (const srf of apps) disconnect(srf);
      await Promise.all([...peers].map((peer) => peer.close()));
      await edge.close();
    },
  };
}

/** The control connection breaks, as when the process is killed. */
export function disconnect(srf: App): void {
  const { client } = (srf as unknown as { _app: { client: { wp: { closing: boolean }; mapServer: Map<{ destroy(): void }, unknown> } } })._app;
  client.wp.closing = true;
  for (const socket of [...client.mapServer.keys()]) socket.destroy();
}

type More = { readonly headers?: readonly Header[]; readonly body?: string };
/** A UDP socket that speaks SIP when told to, and never of its own accord. */
export interface Peer {
  readonly port: number;
  /** The Contact it gives. */
  readonly contact: string;
  send(message: SipMessage | string): void;
  /** A new request; From, To and Call-ID of `like` make it one of the same dialog. */
  request(method: string, more?: More & { to?: string; from?: string; callId?: string; seq?: number; branch?: string; uri?: string; toTag?: string; contact?: string }): SipRequest;
  answer(request: SipRequest, status: number, more?: More & { toTag?: string }): SipResponse;
  /** The next message that fits, those before it are passed over, and so are retransmissions: at this T1 a busy machine sees many. */
  next(what: string | number, ms?: number): Promise<SipMessage>;
  /** The next message that is, byte for byte, one that came before. */
  copy(what: string | number): Promise<SipMessage>;
  /** What has come and was not asked for yet. */
  readonly inbox: SipMessage[];
  close(): Promise<void>;
}

let unique = 0;

export async function openPeer(target: number): Promise<Peer> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  const contact = `<sip:peer@127.0.0.1:${port}>`;
  const inbox: SipMessage[] = [];
  const waiting = new Set<() => void>();
  const seen = new Set<string>();
  const copies = new Set<SipMessage>();
  socket.on('message', (data: Buffer, _from: RemoteInfo) => {
    const text = data.toString();
    const message = parseMessage(text);
    if (seen.has(text)) copies.add(message);
    seen.add(text);
    inbox.push(message);
    for (const look of [...waiting]) look();
  });
  const fits = (message: SipMessage, what: string | number): boolean =>
    typeof what === 'number' ? message.kind === 'response' && message.status === what : message.kind === 'request' && message.method === what;
  const peer: Peer = {
    port, contact, inbox,
    send: (message) => socket.send(typeof message === 'string' ? message : serialize(message), target, '127.0.0.1'),
    request(method, more = {}) {
      unique += 1;
      const headers: Header[] = [
        ['Via', `SIP/2.0/UDP 127.0.0.1:${port};rport;branch=${more.branch ?? `z9hG4bK-${unique}`}`],
        ['From', more.from ?? `<sip:peer@127.0.0.1:${port}>;tag=p${unique}`],
        ['To', `${more.to ?? '<sip:4000@127.0.0.1>'}${more.toTag === undefined ? '' : `;tag=${more.toTag}`}`],
        ['Call-ID', more.callId ?? `call-${unique}-${port}`],
        ['CSeq', `${more.seq ?? 1} ${method}`],
        ['Max-Forwards', '70'],
        ...(more.contact === '' ? [] : [['Contact', more.contact ?? contact] as const]),
        ...(more.body === undefined ? [] : [['Content-Type', 'application/sdp'] as const]),
        ...(more.headers ?? []),
      ];
      return { kind: 'request', method, uri: more.uri ?? `sip:4000@127.0.0.1:${target}`, headers, body: more.body ?? '' };
    },
    answer(request, status, more = {}) {
      const to = values(request, 'To')[0] ?? '';
      const tagged = param(to, 'tag') === undefined && status > 100 ? `${to};tag=${more.toTag ?? `a${port}`}` : to;
      const copied = request.headers.filter(([name]) => ['Via', 'From', 'Call-ID', 'CSeq', 'Record-Route'].includes(name));
      const headers: Header[] = [...copied, ['To', tagged], ['Contact', contact], ...(more.body === undefined ? [] : [['Content-Type', 'application/sdp'] as const]), ...(more.headers ?? [])];
      return { kind: 'response', status, reason: 'Test', headers, body: more.body ?? '' };
    },
    next: (what, ms = 2_000) => expectMessage(what, ms, (message) => !copies.has(message)),
    copy: (what) => expectMessage(what, 2_000, (message) => copies.has(message)),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  const expectMessage = (what: string | number, ms: number, wanted: (message: SipMessage) => boolean): Promise<SipMessage> =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new TooLate(`${what} (there are ${inbox.map((m) => (m.kind === 'request' ? m.method : m.status)).join(', ') || 'none'})`, ms));
        }, ms);
        const look = (): void => {
          const at = inbox.findIndex((message) => fits(message, what) && wanted(message));
          if (at < 0) return;
          const [found] = inbox.splice(0, at + 1).slice(-1);
          clearTimeout(timer);
          waiting.delete(look);
          if (found) resolve(found);
        };
        waiting.add(look);
        look();
      });
  return peer;
}

export const get = (message: SipMessage, name: string): string => values(message, name)[0] ?? '';
export const tagOf = (message: SipMessage, name: 'From' | 'To'): string => param(get(message, name), 'tag') ?? '';

/** A request in the dialog that `invite` and its 2xx made, seen from the peer that sent the INVITE. */
export function within(peer: Peer, invite: SipRequest, ok: SipMessage, method: string, more: Parameters<Peer['request']>[1] = {}): SipRequest {
  return peer.request(method, {
    uri: /<(.*)>/.exec(get(ok, 'Contact'))?.[1] ?? '', from: get(invite, 'From'), to: get(ok, 'To'), callId: get(invite, 'Call-ID'), seq: method === 'ACK' ? 1 : 2, ...more,
  });
}
/** The same seen from the peer that answered it. */
export function withinAnswered(peer: Peer, invite: SipRequest, ok: SipResponse, method: string, more: Parameters<Peer['request']>[1] = {}): SipRequest {
  return peer.request(method, {
    uri: /<(.*)>/.exec(get(invite, 'Contact'))?.[1] ?? '', from: get(ok, 'To'), to: get(invite, 'From'), callId: get(invite, 'Call-ID'), seq: 1, ...more,
  });
}

/** Resolves with what an emitter says next. */
export const once = <T>(emitter: { once(event: string, heard: (value: T) => void): unknown }, event: string): Promise<T> =>
  new Promise((resolve) => {
    emitter.once(event, resolve);
  });

if (expect.getState().testPath === import.meta.filename) {
  it('an edge nobody calls is idle, and closes', async () => {
    const lab = await openLab();
    await lab.idle();
    await lab.close();
  });
}
