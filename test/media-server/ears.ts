import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import Srf from 'drachtio-srf';
import { createMediaPool, type Endpoint, type MediaPool } from '../../src/media/index.js';
import { parseOptions, startMediaServer, type MediaServer } from '../../src/media/server/index.js';
import { createEdge } from '../../src/sip/edge/index.js';
import { createAsr, type Asr } from '../../src/speech/asr/index.js';
import { openForkListener, type ForkListener } from '../../src/wiring/listening/index.js';
import type { Leg } from '../../src/calls/index.js';
import { compileRooms } from '../kit/compile.js';
import { createPhone, type Call, type Phone } from '../kit/phone.js';
import { freePort, freeRange } from '../kit/ports.js';
import { modelsFolder } from '../kit/speech.js';
import { until } from '../kit/wait.js';

/** A call as a flow has it: the phone's side, and the caller's leg with its endpoint. */
export interface HeardCall {
  readonly call: Call;
  readonly leg: Leg;
  readonly endpoint: Endpoint;
  /** Hangs up, and the phone is gone. */
  readonly end: () => Promise<void>;
}

/** Embedded edge and media server, our own media pool, a recogniser with the small models, and phones that call. */
export interface EarStage {
  readonly media: MediaServer;
  readonly pool: MediaPool;
  readonly asr: Asr;
  readonly forks: ForkListener;
  readonly sounds: string;
  readonly call: () => Promise<HeardCall>;
  readonly idle: (ms?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

const SECRET = 'cymru';

export async function openEarStage(more: { readonly processes?: number } = {}): Promise<EarStage> {
  const sounds = mkdtempSync(join(tmpdir(), 'strowger-ears-'));
  const models = modelsFolder();
  const rooms = compileRooms('base', 'audio', 'speech/asr');
  const log = pino({ level: 'silent' });
  const range = await freeRange(400);
  const media = await startMediaServer(
    parseOptions(['--esl', '127.0.0.1:0', '--secret', 'ClueCon', '--sip', `127.0.0.1:${await freePort()}`, '--rtp', `${range.from}-${range.to}`, '--sounds', sounds]), log,
  );
  const sipPort = await freePort();
  const edge = await createEdge({ control: { host: '127.0.0.1', port: 0 }, secret: SECRET, log, listen: [{ proto: 'udp', address: '127.0.0.1', port: sipPort }] });
  const srf = new Srf();
  await new Promise<void>((resolve, reject) => {
    srf.on('connect', (error: Error | null) => (error ? reject(error) : resolve()));
    void srf.connect({ host: '127.0.0.1', port: edge.controlPort, secret: SECRET });
  });
  const pool = createMediaPool({
    srf, servers: [{ host: '127.0.0.1', port: media.eslPort, secret: 'ClueCon' }], timing: { connectMs: 5_000, retryMs: [100, 1_000], pingMs: 5_000 },
    limits: { commandMs: 5_000, destroyMs: 2_000, createMs: 5_000 }, rtpTimeoutMs: 60_000, variables: {}, warn: () => undefined,
  });
  const asr = createAsr({ models, log, script: join(rooms, 'speech/asr/vosk/recogniser.js'), ...more });
  const forks = await openForkListener({ listen: { host: '127.0.0.1', port: 0 } });
  await until('media server and models', 20_000, () => pool.up() === 1 && asr.languages().every((language) => asr.unavailable(language) === undefined));
  const taking: ((leg: Leg) => void)[] = [];
  srf.invite((req, res) => {
    void answer(srf, pool, req, res).then((leg) => taking.shift()?.(leg), (error: unknown) => console.error(error));
  });
  const phones = new Set<Phone>();
  return {
    media, pool, asr, forks, sounds,
    async call() {
      const from = await createPhone({ user: 'anna', server: { host: '127.0.0.1', port: sipPort } });
      phones.add(from);
      const coming = new Promise<Leg>((resolve) => taking.push(resolve));
      const call = await from.call('4000');
      const leg = await coming;
      await call.answered();
      return {
        call, leg, endpoint: leg.endpoint,
        async end() {
          if (call.state() !== 'ended') await call.bye();
          phones.delete(from);
          await from.close();
        },
      };
    },
    async idle(ms = 5_000) {
      await until(`an idle media server, not ${JSON.stringify(media.gauges())}`, ms, () => {
        const { sessions, endpoints, rtpPortsInUse, dialogs } = media.gauges();
        return sessions + endpoints + rtpPortsInUse + dialogs + forks.lines() + asr.streams() === 0;
      });
    },
    async close() {
      await Promise.all([...phones].map((phone) => phone.close()));
      pool.close();
      srf.disconnect();
      await Promise.all([edge.close(), media.close(), asr.close(), forks.close()]);
      for (const dir of [sounds, models, rooms]) rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Answers a call with a media session, and ends the session with it. */
async function answer(srf: Srf, pool: MediaPool, req: Srf.SrfRequest, res: Srf.SrfResponse): Promise<Leg> {
  const endpoint = await pool.create({ remoteSdp: req.body });
  const dialog = await srf.createUAS(req, res, { localSdp: endpoint.localSdp });
  const life = new AbortController();
  dialog.on('destroy', () => {
    life.abort('bye');
    void endpoint.destroy();
  });
  return { endpoint, gone: life.signal } as unknown as Leg;
}
