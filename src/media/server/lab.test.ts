import { createServer, connect, type Server as TcpServer, type Socket } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { encodeWav } from '../../audio/index.js';
import { createPhone, type Call, type Phone } from '../../../test/kit/phone.js';
import type { PhoneOptions } from '../../../test/kit/phone.js';
import { createWatch, until, within } from '../../../test/kit/wait.js';
import { freePort, freeRange } from '../../../test/kit/ports.js';
import { parseOptions, startMediaServer, type MediaOptions, type MediaServer } from './index.js';

export const SECRET = 'ClueCon';

/** One frame of the event socket: headers, and the body for an event also as its own headers. */
export interface Frame {
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Header of the event within, or of the frame. */
  readonly get: (name: string) => string | undefined;
}

/** An event socket client of our own, so that modesl is not the only judge. */
export interface Esl {
  readonly frames: readonly Frame[];
  readonly send: (text: string) => void;
  /** Sends one command and waits for its `command/reply`; the reply text. */
  readonly command: (line: string, headers?: Record<string, string>) => Promise<string>;
  readonly api: (line: string) => Promise<string>;
  readonly auth: (secret?: string) => Promise<string>;
  /** The next event of that name from now on that fits; those before stay findable in `frames`. */
  readonly event: (name: string, fits?: (frame: Frame) => boolean, ms?: number) => Promise<Frame>;
  readonly frame: (type: string, ms?: number) => Promise<Frame>;
  readonly execute: (app: string, arg?: string, more?: Record<string, string>) => Promise<Frame>;
  readonly closed: Promise<void>;
  readonly socket: Socket;
  readonly uuid: () => string;
}

const eventHeaders = (type: string | undefined, body: string): Record<string, string> => {
  if (type === 'text/event-json') return JSON.parse(body) as Record<string, string>;
  if (type !== 'text/event-plain') return {};
  return Object.fromEntries((body.split('\n\n')[0] ?? '').split('\n').map((line) => [line.slice(0, line.indexOf(': ')), decodeURIComponent(line.slice(line.indexOf(': ') + 2))]));
};

export function speakEsl(socket: Socket): Esl {
  const frames: Frame[] = [];
  const watch = createWatch();
  let pending = Buffer.alloc(0);
  const replies = new Map<string, number>();
  let jobs = 0;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf('\n\n');
      if (end === -1) break;
      const headers = Object.fromEntries(pending.toString('utf8', 0, end).split('\n').map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)])) as Record<string, string>;
      const length = Number(headers['Content-Length'] ?? 0);
      if (pending.length < end + 2 + length) break;
      const body = pending.toString('utf8', end + 2, end + 2 + length);
      pending = pending.subarray(end + 2 + length);
      const inner = eventHeaders(headers['Content-Type'], body);
      const outer = headers['Event-Name'] === undefined ? headers : Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, decodeURIComponent(v)]));
      frames.push({ headers: outer, body, get: (name) => inner[name] ?? outer[name] });
    }
    watch.changed();
  });
  const find = async (what: string, from: number, fits: (frame: Frame) => boolean, ms = 3_000): Promise<Frame> => {
    await watch.until(what, ms, () => frames.slice(from).some(fits));
    return frames.slice(from).find(fits) as Frame;
  };
  /** Replies come in the order of the commands: the next of that kind that nobody has taken. */
  const inOrder = async (type: string): Promise<Frame> => {
    const nth = (replies.get(type) ?? 0) + 1;
    replies.set(type, nth);
    const found = (): Frame | undefined => frames.filter((f) => f.headers['Content-Type'] === type)[nth - 1];
    await watch.until(type, 3_000, () => found() !== undefined);
    return found() as Frame;
  };
  const esl: Esl = {
    frames, closed, socket,
    send: (text) => void socket.write(text),
    async command(line, headers = {}) {
      socket.write(`${[line, ...Object.entries(headers).map(([k, v]) => `${k}: ${v}`)].join('\n')}\n\n`);
      return (await inOrder('command/reply')).headers['Reply-Text'] ?? '';
    },
    async api(line) {
      socket.write(`api ${line}\n\n`);
      return (await inOrder('api/response')).body;
    },
    async auth(secret = SECRET) {
      await inOrder('auth/request');
      return esl.command(`auth ${secret}`);
    },
    event: (name, fits = () => true, ms = 3_000) => find(`event ${name}`, frames.length, (f) => f.get('Event-Name') === name && fits(f), ms),
    frame: (type, ms) => find(type, 0, (f) => f.headers['Content-Type'] === type, ms),
    async execute(app, arg = '', more = {}) {
      const job = `job-${++jobs}`;
      const done = esl.event('CHANNEL_EXECUTE_COMPLETE', (f) => f.get('Application-UUID') === job, 15_000);
      await esl.command(`sendmsg ${esl.uuid()}`, { 'call-command': 'execute', 'execute-app-name': app, ...(arg === '' ? {} : { 'execute-app-arg': arg }), 'event-uuid': job, ...more });
      return done;
    },
    uuid: () => frames.find((f) => f.get('Event-Name') === 'CHANNEL_DATA')?.get('Unique-ID') ?? '',
  };
  return esl;
}

/** A call that is up: the phone's side and its application's socket, greeted and subscribed. */
export interface Leg {
  readonly call: Call;
  readonly app: Esl;
  readonly uuid: string;
}

/** A real media server on free ports, phones that call it directly, and a listener that plays the application. */
export interface Lab {
  readonly media: MediaServer;
  readonly options: MediaOptions;
  readonly sounds: string;
  readonly inbound: (secret?: string) => Promise<Esl>;
  readonly phone: (options?: Partial<PhoneOptions>) => Promise<Phone>;
  /** INVITE that names our listener; `greet` false leaves the socket without a word. */
  readonly leg: (options?: { phone?: Phone; headers?: readonly (readonly [string, string])[]; events?: string }) => Promise<Leg>;
  readonly sockets: () => readonly Socket[];
  readonly nextSocket: () => Promise<Socket>;
  readonly target: () => string;
  readonly log: readonly { readonly msg: string; readonly level: number }[];
  /** No session, port or dialog is left. */
  readonly idle: (ms?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const EVENTS = 'event json CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_CALLSTATE CHANNEL_ANSWER CHANNEL_HANGUP CHANNEL_PARK CHANNEL_UNPARK CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_HOLD CHANNEL_UNHOLD DTMF PLAYBACK_START PLAYBACK_STOP RECORD_START RECORD_STOP';

export async function openLab(more: Partial<MediaOptions> = {}): Promise<Lab> {
  const sounds = await mkdtemp(join(tmpdir(), 'strowger-lab-'));
  await writeFile(join(sounds, 'hello.wav'), encodeWav({ rateHz: 8000, channels: [toneSamples(500, 1_000)] }));
  await writeFile(join(sounds, 'short.wav'), encodeWav({ rateHz: 8000, channels: [toneSamples(700, 200)] }));
  const range = await freeRange(200);
  const options: MediaOptions = {
    ...parseOptions(['--esl', '127.0.0.1:0', '--secret', SECRET, '--sip', `127.0.0.1:${await freePort()}`, '--rtp', `${range.from}-${range.to}`, '--sounds', sounds]),
    ...more,
  };
  const log: { msg: string; level: number }[] = [];
  const media = await startMediaServer(options, pino({ level: 'debug' }, { write: (line: string) => void log.push(JSON.parse(line) as { msg: string; level: number }) }));
  const sockets: Socket[] = [];
  const arrivals = createWatch();
  const listener: TcpServer = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.push(socket);
    arrivals.changed();
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  const target = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const phones: Phone[] = [];
  const clients: Socket[] = [];
  const [, sipPort = ''] = media.sipAddress.split(':');

  const lab: Lab = {
    media, options, sounds, log,
    sockets: () => sockets,
    target: () => target,
    async nextSocket() {
      const at = sockets.length;
      await arrivals.until('an outbound socket', 3_000, () => sockets.length > at);
      return sockets[at] as Socket;
    },
    async inbound(secret) {
      const socket = connect(media.eslPort, '127.0.0.1');
      clients.push(socket);
      const esl = speakEsl(socket);
      if (secret !== undefined) await esl.auth(secret);
      return esl;
    },
    async phone(o = {}) {
      const phone = await createPhone({ user: 'anna', server: { host: '127.0.0.1', port: Number(sipPort) }, t1Ms: 50, ...o });
      phones.push(phone);
      return phone;
    },
    async leg({ phone, headers = [], events = EVENTS } = {}) {
      const from = phone ?? (await lab.phone());
      const coming = lab.nextSocket();
      const call = await from.call(`sip:drachtio@${media.sipAddress}`, { headers: [['X-esl-outbound', target], ...headers] });
      await call.answered();
      const app = speakEsl(await coming);
      await app.command('connect');
      if (events !== '') await app.command(events);
      const uuid = app.uuid();
      await app.command(`filter Unique-ID ${uuid}`);
      return { call, app, uuid };
    },
    async idle(ms = 5_000) {
      await until(`an idle media server, not ${JSON.stringify(media.gauges())}`, ms, () => {
        const { sessions, endpoints, rtpPortsInUse, dialogs } = media.gauges();
        return sessions + endpoints + rtpPortsInUse + dialogs === 0;
      });
    },
    async close() {
      await Promise.all(phones.map((phone) => phone.close()));
      for (const socket of [...clients, ...sockets]) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
      await media.close();
      await rm(sounds, { recursive: true, force: true });
    },
  };
  return lab;
}

export function toneSamples(hz: number, ms: number, peak = 8_000): Int16Array {
  return Int16Array.from({ length: ms * 8 }, (_, i) => Math.round(Math.sin((2 * Math.PI * hz * i) / 8000) * peak));
}

it('the lab opens, a phone reaches its application, and nothing is left after it', async () => {
  const lab = await openLab();
  const { call, app, uuid } = await lab.leg();
  expect(uuid).toMatch(/^[0-9a-f-]{36}$/);
  expect(app.frames[0]?.get('Reply-Text')).toBe('+OK\n');
  expect(lab.media.gauges()).toMatchObject({ sessions: 1, endpoints: 1, dialogs: 1 });
  await call.bye();
  await within(2_000, 'the end of the socket', app.closed);
  await lab.idle();
  await lab.close();
});
