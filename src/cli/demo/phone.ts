import { Secret, type Address } from '../../config/index.js';
import { answerChallenge } from '../../sip/index.js';
import {
  ackFor2xx, callIdOf, createRequest, createResponse, createStack, newCallId, newTag, uacDialog, uasDialog,
  type ClientTx, type Remote, type ServerTx, type SipRequest, type SipResponse, type Stack,
} from '../../sip/stack/index.js';
import { deferred } from './deferred.js';
import { DemoFailed } from './failed.js';
import { openLeg, type DemoCall, type Leg } from './leg.js';

/** An INVITE that rings here. */
export interface DemoRinging {
  readonly header: (name: string) => string | undefined;
  answer(): DemoCall;
}
export interface DemoPhone {
  /** @throws DemoFailed */
  register(): Promise<void>;
  /** Settles when the far end has answered. @throws DemoFailed */
  call(number: string): Promise<DemoCall>;
  /** The first call that comes in. */
  readonly ringing: Promise<DemoRinging>;
  close(): Promise<void>;
}
export type DemoPhoneOptions = { readonly server: Address; readonly user: string; readonly password: string; readonly hz: number };

type Field = readonly [name: string, value: string];
type Answered = { readonly request: SipRequest; readonly response: SipResponse; readonly tx: ClientTx; readonly from: Remote };
const SDP: Field = ['Content-Type', 'application/sdp'];

/** A telephone over UDP that sends one constant tone in every call: as much of one as the demo needs. */
export async function openDemoPhone(options: DemoPhoneOptions): Promise<DemoPhone> {
  const { server, user, hz } = options;
  const legs = new Map<string, Leg>();
  const ringing = deferred<DemoRinging>();
  const opened = (callId: string, leg: Leg): Leg => {
    legs.set(callId, leg);
    void leg.ended.then(() => legs.delete(callId));
    return leg;
  };
  const stack: Stack = await createStack({
    listen: [{ proto: 'udp', address: '127.0.0.1', port: 0 }],
    onRequest: (tx) => {
      const leg = legs.get(callIdOf(tx.request));
      if (leg) inside(tx, leg);
      else if (tx.request.method === 'INVITE') void invited(tx);
      else tx.respond(createResponse(tx.request, tx.request.method === 'OPTIONS' ? 200 : 481));
    },
    onAck: (ack) => legs.get(callIdOf(ack))?.accept(ack),
  });
  const ask = asking(stack, options);
  const contact: Field = ['Contact', `<sip:${user}@127.0.0.1:${stack.transport.addresses()[0]?.port ?? 0}>`];
  const aor = `<sip:${user}@${server.host}>`;
  const newLeg = (callId: string) => openLeg(hz, (request) => ask(() => request)).then((leg) => opened(callId, leg));

  const inside = (tx: ServerTx, leg: Leg): void => {
    if (tx.request.method === 'INVITE') {
      leg.accept(tx.request);
      tx.respond(createResponse(tx.request, 200, { headers: [contact, SDP], body: leg.sdp }));
    } else tx.respond(createResponse(tx.request, 200));
    if (tx.request.method === 'BYE') leg.over();
  };
  const invited = async (tx: ServerTx): Promise<void> => {
    const leg = await newLeg(callIdOf(tx.request));
    tx.onCancel(() => {
      tx.respond(createResponse(tx.request, 487));
      leg.over();
    });
    tx.respond(createResponse(tx.request, 180, { headers: [contact] }));
    ringing.resolve({
      header: (name) => tx.request.headers.get(name),
      answer: () => {
        const response = createResponse(tx.request, 200, { headers: [contact, SDP], body: leg.sdp });
        leg.dialog = uasDialog(tx.request, response, tx.remote);
        leg.accept(tx.request);
        stack.transactions.retransmit2xx(tx, response, () => leg.over());
        return leg;
      },
    });
  };
  return {
    ringing: ringing.promise,
    async register() {
      const fixed = { method: 'REGISTER', uri: `sip:${server.host}:${server.port}`, from: `${aor};tag=${newTag()}`, to: aor, callId: newCallId() };
      const { response } = await ask((cseq, proof) => createRequest({ ...fixed, cseq, headers: [contact, ['Expires', '120'], ...proof] }));
      if (response.status !== 200) throw new DemoFailed(`REGISTER of ${user}: ${response.status} ${response.reason}`);
    },
    async call(number) {
      const callId = newCallId();
      const leg = await newLeg(callId);
      const fixed = { method: 'INVITE', uri: `sip:${number}@${server.host}:${server.port}`, from: `${aor};tag=${newTag()}`, to: `<sip:${number}@${server.host}>`, callId };
      const { request, response, tx, from } = await ask((cseq, proof) => createRequest({ ...fixed, cseq, headers: [contact, SDP, ...proof], body: leg.sdp }));
      if (response.status >= 300) {
        leg.over();
        throw new DemoFailed(`calling ${number}: ${response.status} ${response.reason}`);
      }
      leg.dialog = uacDialog(request, response, from);
      leg.accept(response);
      tx.ack(ackFor2xx(leg.dialog, request), remoteOf(server));
      return leg;
    },
    async close() {
      for (const leg of legs.values()) leg.over();
      await stack.close();
    },
  };
}

const remoteOf = ({ host, port }: Address): Remote => ({ proto: 'udp', address: host, port });

/** Sends what `build` makes, and once more with credentials when it is challenged. @throws DemoFailed when nobody answers */
function asking(stack: Stack, { server, user, password }: DemoPhoneOptions) {
  const once = (request: SipRequest): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new DemoFailed(`${request.method} ${request.uri}: ${why}`));
      const tx: ClientTx = stack.transactions.request(request, remoteOf(server), {
        onResponse: (response, from) => { if (response.status >= 200) resolve({ request, response, tx, from }); },
        onTimeout: () => fail('no answer'),
        onTransportError: (error) => fail(error.message),
      });
    });
  return async (build: (cseq: number, proof: readonly Field[]) => SipRequest): Promise<Answered> => {
    const first = await once(build(1, []));
    const { request, response } = first;
    if (response.status !== 401 && response.status !== 407) return first;
    const challenged = { status: response.status, get: (name: string) => response.headers.get(name) };
    const proof = answerChallenge(challenged, request, { username: user, password: new Secret(password) });
    return proof ? once(build(2, [[proof.name, proof.value]])) : first;
  };
}
