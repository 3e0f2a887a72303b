import type Srf from 'drachtio-srf';
import type Mrf from 'drachtio-fsmrf';
import { sharedSignal, type Ms } from '../base/index.js';
import { wrapEndpoint, type Endpoint, type EndpointLimits, type OwnedEndpoint } from './endpoint.js';
import { CodecMismatch, MediaLost, MediaUnavailable } from './errors.js';
import { lease } from './lease.js';
import { resumeEndpoint, type ResumedDialog } from './resume.js';
import { keepConnected, type MediaAddress, type MediaListen, type MediaTiming, type ServerLink } from './server.js';

export interface MediaPool {
  /** How many media servers can take a session now. */
  up(): number;
  servers(): readonly { readonly name: string; readonly up: boolean; readonly sessions: number; /** Whether it can fork audio, while it is up. */ readonly canFork: boolean }[];
  /**
   * A session on the least loaded server; without `remoteSdp` it makes an offer of its own (RFC 3725 flow I).
   * @throws CodecMismatch, MediaUnavailable
   */
  create(options: { remoteSdp?: string; headers?: Record<string, string> }): Promise<Endpoint>;
  /** A session that outlived the run of ours that made it; `dialog` is the one towards the media server. @throws MediaLost, MediaRefused, MediaUnavailable */
  resume(server: string, uuid: string, dialog: ResumedDialog): Promise<Endpoint>;
  /** Frees a session that an earlier run of ours left behind. */
  kill(server: string, uuid: string): Promise<void>;
  endpoints(): number;
  onChange(listener: (server: string, up: boolean) => void): void;
  close(): void;
}

export interface PoolOptions extends MediaListen {
  readonly srf: Srf;
  readonly servers: readonly MediaAddress[];
  readonly timing: MediaTiming;
  readonly limits: EndpointLimits & { readonly createMs: number };
  /** After how long without RTP a session ends, unless its phone holds or only listens. */
  readonly rtpTimeoutMs: Ms;
  /** Channel variables that every session gets before it is handed out. */
  readonly variables: Readonly<Record<string, string>>;
  readonly warn: (about: object, message: string) => void;
}

interface Slot {
  readonly link: ServerLink;
  readonly open: Map<string, OwnedEndpoint>;
  /** Fires when the connection that is up now goes down. */
  life: AbortController;
}

/** The media servers as one. When a server goes, each of its endpoints fires `gone` with `media_lost` at once. */
export function createMediaPool(options: PoolOptions): MediaPool {
  const listeners: ((server: string, up: boolean) => void)[] = [];
  const tell = (name: string, up: boolean): void => listeners.forEach((listen) => listen(name, up));
  const slots = options.servers.map((address): Slot => {
    const open = new Map<string, OwnedEndpoint>();
    const name = `${address.host}:${address.port}`;
    const link = keepConnected(options.srf, address, options, {
      up: () => {
        slot.life = sharedSignal();
        tell(name, true);
      },
      down: () => {
        slot.life.abort();
        for (const endpoint of [...open.values()]) endpoint.lose('media_lost');
        tell(name, false);
      },
      warn: options.warn,
    });
    const slot: Slot = { link, open, life: sharedSignal() };
    return slot;
  });

  const adopt = (slot: Slot, ms: Mrf.MediaServer, raw: Mrf.Endpoint, remoteSdp?: string): OwnedEndpoint => {
    const { limits, rtpTimeoutMs, warn } = options;
    const endpoint = wrapEndpoint(raw, { name: slot.link.name, ms, canFork: slot.link.canFork(), limits, rtpTimeoutMs, remoteSdp, forget: (uuid) => slot.open.delete(uuid), warn });
    slot.open.set(endpoint.uuid, endpoint);
    return endpoint;
  };

  return {
    up: () => slots.filter((slot) => slot.link.current()).length,
    servers: () => slots.map(({ link, open }) => ({ name: link.name, up: link.current() !== undefined, sessions: open.size, canFork: link.canFork() })),
    async create({ remoteSdp, headers = {} }) {
      const slot = leastLoaded(slots);
      const ms = slot?.link.current();
      if (!slot || !ms) throw new MediaUnavailable('no media server is connected', { hint: 'see /healthz' });
      let late = false;
      const asked = ms.createEndpoint({ headers, ...(remoteSdp === undefined ? {} : { remoteSdp }) });
      // Only for an answer that comes after its lease; whether it failed is judged below.
      asked.then(
        (raw) => {
          if (late) void adopt(slot, ms, raw).destroy();
        },
        () => undefined,
      );
      try {
        const endpoint = adopt(slot, ms, await lease('createEndpoint', options.limits.createMs, slot.life.signal, () => asked), remoteSdp);
        return await prepared(endpoint, options.variables);
      } catch (error) {
        late = true;
        throw refusal(error);
      }
    },
    async resume(server, uuid, dialog) {
      const slot = slots.find(({ link }) => link.name === server);
      const ms = slot?.link.current();
      if (!slot || !ms) throw new MediaUnavailable(`the media server ${server} is not connected`, { hint: 'see /healthz' });
      return adopt(slot, ms, await resumeEndpoint(ms, uuid, dialog, options.limits, slot.life.signal));
    },
    async kill(server, uuid) {
      const ms = slots.find((slot) => slot.link.name === server)?.link.current();
      if (ms) await lease('uuid_kill', options.limits.commandMs, undefined, () => ms.api(`uuid_kill ${uuid}`));
    },
    endpoints: () => slots.reduce((sum, slot) => sum + slot.open.size, 0),
    onChange: (listener) => void listeners.push(listener),
    close: () => slots.forEach((slot) => slot.link.close()),
  };
}

async function prepared(endpoint: OwnedEndpoint, variables: Readonly<Record<string, string>>): Promise<Endpoint> {
  try {
    await endpoint.prepare(variables);
    return endpoint;
  } catch (error) {
    void endpoint.destroy();
    throw error;
  }
}

function leastLoaded(slots: readonly Slot[]): Slot | undefined {
  return slots.filter((slot) => slot.link.current()).reduce<Slot | undefined>((best, slot) => (best && best.open.size <= slot.open.size ? best : slot), undefined);
}

/** A SIP status in the media server's refusal is the caller's codec (488) or the server's own trouble. */
function refusal(error: unknown): Error {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 488 || status === 606 || status === 415) return new CodecMismatch('no codec in common with the media server', { cause: error, hint: 'offer PCMU or PCMA' });
  if (error instanceof MediaUnavailable || error instanceof MediaLost) return error;
  return new MediaUnavailable('the media server took no session', { cause: error });
}
