import { randomBytes } from 'node:crypto';
import { clientSide, type ClientSide, type Timers } from '../sip/client.js';
import { answerChallenge, type DigestAlgorithm } from '../sip/digest.js';
import { header, param, serialize, type Header, type SipMessage, type SipRequest, type SipResponse } from '../sip/message.js';
import { DTMF, PCMA, PCMU, type Codec } from '../sip/sdp.js';
import { serverSide, type Incoming, type ServerSide } from '../sip/server.js';
import { openTcp, openUdp, type Place, type Transport } from '../sip/transport.js';

export type PhoneOptions = {
  readonly server: Place;
  readonly user: string;
  readonly password?: string;
  readonly displayName?: string;
  /** Host part of the address of record; the server's host unless given. */
  readonly domain?: string;
  /** What this phone binds; loopback unless given. */
  readonly address?: string;
  readonly port?: number;
  readonly transport?: 'udp' | 'tcp';
  readonly digest?: DigestAlgorithm;
  readonly codecs?: readonly Codec[];
  /** Keep what is heard, for `samples()`; a load generator says false. */
  readonly keep?: boolean;
  readonly t1Ms?: number;
  /** Headers of every INVITE. */
  readonly headers?: readonly Header[];
  /** Requests in a dialog go to where their Route or URI points, not to `server`: for phones without a server, UDP only. */
  readonly direct?: boolean;
  /** INVITE without SDP: the offer comes in the 200, the answer goes in the ACK. */
  readonly delayedOffer?: boolean;
};
/** False drops the message: lost ACK, lost BYE, lost 200. */
export type Filter = (message: SipMessage, direction: 'in' | 'out') => boolean;
export type OnAnswer = (response: SipResponse, sent: SipRequest, local: boolean) => void;
/** What a dialog hears: requests in it, and that a 2xx of ours was never acknowledged. */
export type DialogListener = { readonly onRequest: (incoming: Incoming) => void; readonly onUnacknowledged: () => void };

export type Core = {
  readonly options: PhoneOptions;
  readonly transport: Transport;
  readonly codecs: readonly Codec[];
  readonly aor: string;
  readonly contact: string;
  readonly domain: string;
  readonly via: () => Header;
  /** Sends what `make` yields, and again with credentials when it is challenged. `current` is what went out last. */
  readonly exchange: (make: (extra: readonly Header[]) => SipRequest, onAnswer: OnAnswer) => { readonly current: () => SipRequest };
  readonly client: ClientSide;
  readonly server: ServerSide;
  readonly dialogs: Map<string, DialogListener>;
  readonly filter: (filter: Filter | undefined) => void;
  /** The newest thousand messages, both ways, dropped ones included. */
  readonly log: readonly SipMessage[];
};

const placeOf = (uri: string): Place | undefined => {
  const found = /sips?:(?:[^@;>]*@)?([^:;>?]+)(?::(\d+))?/.exec(uri);
  return found?.[1] === undefined ? undefined : { host: found[1], port: Number(found[2] ?? 5060) };
};

export const token = (): string => randomBytes(8).toString('hex');

export async function openCore(options: PhoneOptions, onStranger: (incoming: Incoming) => void): Promise<Core> {
  const timers: Timers = { t1Ms: options.t1Ms ?? 500, t2Ms: 8 * (options.t1Ms ?? 500) };
  const dialogs = new Map<string, DialogListener>();
  const log: SipMessage[] = [];
  let filter: Filter | undefined;
  const note = (message: SipMessage, direction: 'in' | 'out'): boolean => {
    log.push(message);
    if (log.length > 2000) log.splice(0, 1000);
    return filter?.(message, direction) ?? true;
  };
  const open = options.transport === 'tcp' ? openTcp : openUdp;
  const transport = await open({
    address: options.address ?? '127.0.0.1',
    port: options.port ?? 0,
    server: options.server,
    onMessage(message, reply) {
      if (!note(message, 'in')) return;
      if (message.kind === 'response') {
        client.receive(message);
        return;
      }
      const incoming = server.receive(message, reply);
      if (incoming === undefined) return;
      const tag = param(header(message, 'To') ?? '', 'tag');
      const dialog = tag === undefined ? undefined : dialogs.get(tag);
      if (dialog !== undefined) dialog.onRequest(incoming);
      else if (tag === undefined) onStranger(incoming);
      else if (message.method !== 'ACK') incoming.respond({ status: 481 });
    },
  });
  const put = (request: SipRequest): void => {
    if (!note(request, 'out')) return;
    const direct = options.direct === true && param(header(request, 'To') ?? '', 'tag') !== undefined;
    transport.send(serialize(request), direct ? placeOf(header(request, 'Route') ?? request.uri) : undefined);
  };
  const client = clientSide(transport.protocol, put, timers);
  const server = serverSide(transport, (response) => note(response, 'out'), timers, (localTag) => dialogs.get(localTag)?.onUnacknowledged());
  const domain = options.domain ?? options.server.host;
  const tcp = transport.protocol === 'TCP' ? ';transport=tcp' : '';
  return {
    options,
    transport,
    client,
    server,
    dialogs,
    domain,
    log,
    codecs: options.codecs ?? [PCMU, PCMA, DTMF],
    aor: `sip:${options.user}@${domain}`,
    contact: `<sip:${options.user}@${transport.address}:${String(transport.port)}${tcp}>`,
    via: () => ['Via', `SIP/2.0/${transport.protocol} ${transport.address}:${String(transport.port)};rport;branch=z9hG4bK${token()}`],
    exchange(make, onAnswer) {
      let current = make([]);
      let tried = 0;
      const send = (): void => client.send(current, {
        onResponse(response, local) {
          const challenged = response.status === 401 || response.status === 407;
          const credentials = options.password === undefined ? undefined : { username: options.user, password: options.password };
          const proof = challenged && tried < 2 && credentials ? answerChallenge(response, current, credentials, options.digest) : undefined;
          if (proof === undefined) return onAnswer(response, current, local);
          tried += 1;
          current = make([proof]);
          send();
        },
      });
      send();
      return { current: () => current };
    },
    filter: (next) => { filter = next; },
  };
}
