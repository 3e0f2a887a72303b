import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventEmitter } from 'node:events';
import { pino } from 'pino';
import Srf from 'drachtio-srf';
import Mrf from 'drachtio-fsmrf';
import { encodeWav } from '../../src/audio/index.js';
import { parseOptions, startMediaServer, type MediaServer } from '../../src/media/server/index.js';
import { createEdge, type Edge } from '../../src/sip/edge/index.js';
import { createPhone, type Call, type Phone, type PhoneOptions } from '../kit/phone.js';
import { freePort, freeRange } from '../kit/ports.js';
import { until } from '../kit/wait.js';

/** What these tests use of drachtio-fsmrf, which ships no types. */
export interface FsEndpoint extends EventEmitter {
  readonly uuid: string;
  readonly local: { readonly sdp: string; readonly mediaPort: string };
  readonly remote: { readonly sdp: string; readonly mediaPort: string };
  readonly state: number;
  readonly connected: boolean;
  readonly muted: boolean;
  readonly conn: { readonly socket: { destroy(): void } } | null;
  readonly dialog: EventEmitter & { destroy(): Promise<unknown> };
  play(file: string | string[] | object): Promise<{ playbackSeconds: string; playbackMilliseconds: string; playbackLastOffsetPos: string }>;
  playCollect(options: object): Promise<{ digits?: string; invalidDigits?: string; terminatorUsed?: string }>;
  bridge(other: FsEndpoint | string): Promise<void>;
  unbridge(): Promise<void>;
  mute(): Promise<unknown>;
  unmute(): Promise<unknown>;
  set(name: string | object, value?: unknown): Promise<void>;
  export(name: string | object, value?: unknown): Promise<void>;
  getChannelVariables(media?: boolean): Promise<Record<string, string | number>>;
  recordSession(...args: string[]): Promise<unknown>;
  record(file: string, options?: object): Promise<{ terminatorUsed?: string; recordSeconds?: string; recordMilliseconds?: string }>;
  execute(app: string, args?: string): Promise<{ getHeader(name: string): string | undefined }>;
  api(command: string, args?: string | string[]): Promise<{ getBody(): string }>;
  modify(sdp: string): Promise<string>;
  destroy(): Promise<void>;
}
export interface FsMediaServer extends EventEmitter {
  readonly sip: { readonly ipv4: { readonly udp: { readonly address?: string } } };
  readonly maxSessions: number;
  connected(): boolean;
  hasCapability(capability: string[]): boolean;
  api(command: string): Promise<string>;
  createEndpoint(options?: object): Promise<FsEndpoint>;
  connectCaller(req: unknown, res: unknown, options?: object): Promise<{ endpoint: FsEndpoint; dialog: { destroy(): Promise<unknown> } & EventEmitter }>;
  createConference(...args: unknown[]): Promise<unknown>;
  disconnect(): void;
}
export interface Caller {
  readonly call: Call;
  readonly endpoint: FsEndpoint;
  readonly dialog: { destroy(): Promise<unknown> } & EventEmitter;
}

/** Embedded edge and media server, an unmodified drachtio-srf and drachtio-fsmrf application, and phones. */
export interface Stage {
  readonly media: MediaServer;
  readonly edge: Edge;
  readonly ms: FsMediaServer;
  readonly sounds: string;
  readonly phone: (options?: Partial<PhoneOptions>) => Promise<Phone>;
  /** A phone calls, connectCaller answers it. */
  readonly caller: (options?: { readonly phone?: Phone; readonly connect?: object }) => Promise<Caller>;
  readonly connect: (options?: object) => Promise<FsMediaServer>;
  readonly idle: (ms?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const SECRET = 'cymru';

export const tone = (hz: number, ms: number): Int16Array => Int16Array.from({ length: ms * 8 }, (_, i) => Math.round(Math.sin((2 * Math.PI * hz * i) / 8000) * 8_000));

export async function openStage(): Promise<Stage> {
  const sounds = await mkdtemp(join(tmpdir(), 'strowger-stage-'));
  await writeFile(join(sounds, 'hello.wav'), encodeWav({ rateHz: 8000, channels: [tone(500, 1_000)] }));
  const range = await freeRange(200);
  const log = pino({ level: 'silent' });
  const media = await startMediaServer(
    parseOptions(['--esl', '127.0.0.1:0', '--secret', 'ClueCon', '--sip', `127.0.0.1:${await freePort()}`, '--rtp', `${range.from}-${range.to}`, '--sounds', sounds]),
    log,
  );
  const sipPort = await freePort();
  const edge = await createEdge({
    control: { host: '127.0.0.1', port: 0 }, secret: SECRET, log,
    listen: [{ proto: 'udp', address: '127.0.0.1', port: sipPort }, { proto: 'tcp', address: '127.0.0.1', port: sipPort }],
  });
  const srf = new Srf();
  await new Promise<void>((resolve, reject) => {
    srf.on('connect', (error: Error | null) => {
      if (error) reject(error);
      else resolve();
    });
    void srf.connect({ host: '127.0.0.1', port: edge.controlPort, secret: SECRET });
  });
  const mrf = new Mrf(srf) as unknown as { connect(options: object): Promise<FsMediaServer> };
  const connect = (options: object = {}): Promise<FsMediaServer> => mrf.connect({ address: '127.0.0.1', port: media.eslPort, secret: 'ClueCon', listenAddress: '127.0.0.1', ...options });
  const ms = await connect();
  const waiting: ((req: unknown, res: unknown) => void)[] = [];
  srf.invite((req, res) => {
    const taker = waiting.shift();
    if (taker) taker(req, res);
    else res.send(404);
  });
  const phones: Phone[] = [];
  const stage: Stage = {
    media, edge, ms, sounds, connect,
    async phone(options = {}) {
      const phone = await createPhone({ user: 'anna', server: { host: '127.0.0.1', port: sipPort }, ...options });
      phones.push(phone);
      return phone;
    },
    async caller({ phone, connect: more = {} } = {}) {
      const from = phone ?? (await stage.phone());
      const answered = new Promise<{ endpoint: FsEndpoint; dialog: { destroy(): Promise<unknown> } & EventEmitter }>((resolve, reject) => {
        waiting.push((req, res) => void ms.connectCaller(req, res, more).then(resolve, reject));
      });
      const call = await from.call('4000');
      const { endpoint, dialog } = await answered;
      await call.answered();
      return { call, endpoint, dialog };
    },
    async idle(ms_ = 5_000) {
      await until(`an idle media server, not ${JSON.stringify(media.gauges())}`, ms_, () => {
        const { sessions, endpoints, rtpPortsInUse, dialogs } = media.gauges();
        return sessions + endpoints + rtpPortsInUse + dialogs === 0;
      });
    },
    async close() {
      await Promise.all(phones.map((phone) => phone.close()));
      ms.disconnect();
      srf.disconnect();
      await edge.close();
      await media.close();
      await rm(sounds, { recursive: true, force: true });
    },
  };
  return stage;
}
