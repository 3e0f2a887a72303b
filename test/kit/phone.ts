import { header, need, param, serialize, uriIn, type Header, type SipRequest, type SipResponse } from './sip/message.js';
import type { Incoming } from './sip/server.js';
import { createWatch, within } from './wait.js';
import { openCore, token, type Core, type Filter, type PhoneOptions } from './phone/core.js';
import type { Call } from './phone/call.js';
import { receive } from './phone/incoming.js';
import { dial, type DialOptions } from './phone/outgoing.js';

export { CallFailed, type Call, type CallEnd, type CallState } from './phone/call.js';
export type { Filter, PhoneOptions } from './phone/core.js';

/**
 * A SIP telephone for tests, made from scratch on node:dgram and node:net; it shares no line with src/. It registers,
 * calls, answers, sends tones and keys, and remembers what it heard. Hundreds fit in one process.
 */
export type Phone = {
  readonly user: string;
  readonly address: string;
  readonly port: number;
  /** @throws RegisterFailed with the status */
  readonly register: (options?: { readonly expires?: number; readonly ms?: number }) => Promise<SipResponse>;
  readonly unregister: () => Promise<SipResponse>;
  readonly call: (to: string, options?: DialOptions) => Promise<Call>;
  /** The next INVITE, already waiting or still to come. */
  readonly nextCall: (ms?: number) => Promise<Call>;
  /** Every INVITE from now on goes here instead of to nextCall; undefined puts it back. */
  readonly onCall: (handler: ((call: Call) => void) | undefined) => void;
  /** Any request outside a dialog: OPTIONS, MESSAGE. */
  readonly request: (method: string, to: string, headers?: readonly Header[], body?: string) => Promise<SipResponse>;
  readonly filter: (filter: Filter | undefined) => void;
  /** The same bytes once more, outside any transaction: a duplicated packet. */
  readonly resend: (request: SipRequest) => void;
  readonly log: Core['log'];
  /** All calls so far, newest last. */
  readonly calls: readonly Call[];
  /** Ends calls politely, unregisters where registered, closes sockets. */
  readonly close: () => Promise<void>;
};

export class RegisterFailed extends Error {
  constructor(readonly status: number, reason: string) {
    super(`REGISTER answered ${String(status)} ${reason}`);
    this.name = 'RegisterFailed';
  }
}

export async function createPhone(options: PhoneOptions): Promise<Phone> {
  const watch = createWatch();
  const calls: Call[] = [];
  const waiting: Call[] = [];
  const ringing = new Map<string, () => void>();
  let handler: ((call: Call) => void) | undefined;
  let registered = false;
  let refresh: NodeJS.Timeout | undefined;
  let closed = false;
  const registration = { callId: token(), tag: token(), number: 0 };

  async function onInvite(incoming: Incoming): Promise<void> {
    const id = need(incoming.request, 'Call-ID');
    const early = { cancelled: false };
    ringing.set(id, () => { early.cancelled = true; });
    const { call, cancelled } = await receive(core, incoming);
    ringing.set(id, cancelled);
    calls.push(call);
    if (early.cancelled) return cancelled();
    if (handler !== undefined) return handler(call);
    waiting.push(call);
    watch.changed();
  }
  const core = await openCore(options, (incoming) => {
    const { request, respond } = incoming;
    if (request.method === 'INVITE') void onInvite(incoming);
    else if (request.method === 'CANCEL') {
      const cancel = ringing.get(need(request, 'Call-ID'));
      respond({ status: cancel === undefined ? 481 : 200 });
      cancel?.();
    } else if (request.method !== 'ACK') respond({ status: 200 });
  });
  function request(method: string, uri: string, extra: readonly Header[], body = ''): Promise<SipResponse> {
    const callId = token();
    const tag = token();
    let number = 0;
    return new Promise((resolve) => {
      core.exchange((proof): SipRequest => {
        number += 1;
        return {
          kind: 'request', method, uri, body,
          headers: [core.via(), ['Max-Forwards', '70'], ['From', `<${core.aor}>;tag=${tag}`], ['To', `<${uri}>`], ['Call-ID', callId],
            ['CSeq', `${String(number)} ${method}`], ['Contact', core.contact], ...extra, ...proof],
        };
      }, (response) => { if (response.status >= 200) resolve(response); });
    });
  }
  function sendRegister(expires: number): Promise<SipResponse> {
    return new Promise((resolve) => {
      core.exchange((proof): SipRequest => {
        registration.number += 1;
        return {
          kind: 'request', method: 'REGISTER', uri: `sip:${core.domain}`, body: '',
          headers: [core.via(), ['Max-Forwards', '70'], ['From', `<${core.aor}>;tag=${registration.tag}`], ['To', `<${core.aor}>`],
            ['Call-ID', registration.callId], ['CSeq', `${String(registration.number)} REGISTER`], ['Contact', core.contact],
            ['Expires', String(expires)], ['User-Agent', 'strowger-kit'], ...proof],
        };
      }, (response) => { if (response.status >= 200) resolve(response); });
    });
  }
  async function register(expires: number, ms: number): Promise<SipResponse> {
    clearTimeout(refresh);
    const response = await within(ms, `REGISTER of ${options.user}`, sendRegister(expires));
    if (response.status >= 300) throw new RegisterFailed(response.status, response.reason);
    registered = expires > 0;
    const ours = response.headers.filter(([n]) => n.toLowerCase() === 'contact').map(([, v]) => v).find((v) => uriIn(v) === uriIn(core.contact));
    const granted = Number(param(ours ?? '', 'expires') ?? header(response, 'Expires') ?? expires);
    if (registered && granted > 0 && !closed) {
      refresh = setTimeout(() => { register(expires, ms).catch(() => { registered = false; }); }, granted * 800);
      refresh.unref();
    }
    return response;
  }
  return {
    user: options.user,
    address: core.transport.address,
    port: core.transport.port,
    calls,
    log: core.log,
    filter: core.filter,
    resend: (again) => { core.transport.send(serialize(again)); },
    register: (o = {}) => register(o.expires ?? 300, o.ms ?? 10_000),
    unregister: () => register(0, 10_000),
    request: (method, to, headers = [], body = '') => request(method, to.startsWith('sip:') ? to : `sip:${to}@${core.domain}`, headers, body),
    async call(to, dialOptions = {}) {
      const call = await dial(core, to, dialOptions);
      calls.push(call);
      return call;
    },
    async nextCall(ms = 10_000) {
      await watch.until(`a call to ${options.user}`, ms, () => waiting.length > 0);
      const call = waiting.shift();
      if (call === undefined) throw new Error('two waited for one call');
      return call;
    },
    onCall: (next) => { handler = next; },
    async close() {
      closed = true;
      clearTimeout(refresh);
      for (const call of calls) {
        if (call.state() !== 'ended') call.hangUp();
      }
      const settled = Promise.all(calls.slice(-20).map((call) => call.ended(2000).catch(() => undefined)));
      await Promise.all([settled, registered ? register(0, 2000).catch(() => undefined) : undefined]);
      for (const call of calls) call.media.close();
      core.client.close();
      core.server.close();
      await core.transport.close();
    },
  };
}
