import type { Address } from '../../config/index.js';
import {
  ackFor2xx, callIdOf, createRequest, createResponse, createStack, newCallId, newTag, uacDialog, uasDialog, type ServerTx, type Stack,
} from '../../sip/stack/index.js';
import { asking, remoteOf, type Ask, type Field } from './asking.js';
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

/** What the parts of a phone share. */
type Line = { readonly server: Address; readonly user: string; readonly ask: Ask; readonly contact: Field; readonly aor: string; readonly newLeg: (callId: string) => Promise<Leg>; readonly stack: Stack };
const SDP: Field = ['Content-Type', 'application/sdp'];

/** A telephone over UDP that sends one constant tone in every call: as much of one as the demo needs. */
export async function openDemoPhone({ server, user, password, hz }: DemoPhoneOptions): Promise<DemoPhone> {
  const legs = new Map<string, Leg>();
  const ringing = deferred<DemoRinging>();
  const stack: Stack = await createStack({
    listen: [{ proto: 'udp', address: '127.0.0.1', port: 0 }],
    onRequest: (tx) => {
      const leg = legs.get(callIdOf(tx.request));
      if (leg) inside(line, tx, leg);
      else if (tx.request.method === 'INVITE') void invited(line, tx).then(ringing.resolve);
      else tx.respond(createResponse(tx.request, tx.request.method === 'OPTIONS' ? 200 : 481));
    },
    onAck: (ack) => legs.get(callIdOf(ack))?.accept(ack),
  });
  const ask = asking(stack, server, user, password);
  const line: Line = {
    server, user, ask, stack, aor: `<sip:${user}@${server.host}>`,
    contact: ['Contact', `<sip:${user}@127.0.0.1:${stack.transport.addresses()[0]?.port ?? 0}>`],
    newLeg: async (callId) => {
      const leg = await openLeg(hz, (request) => ask(() => request));
      legs.set(callId, leg);
      void leg.ended.then(() => legs.delete(callId));
      return leg;
    },
  };
  return {
    ringing: ringing.promise,
    register: () => register(line),
    call: (number) => call(line, number),
    async close() {
      for (const leg of legs.values()) leg.over();
      await stack.close();
    },
  };
}

async function register({ server, user, ask, contact, aor }: Line): Promise<void> {
  const fixed = { method: 'REGISTER', uri: `sip:${server.host}:${server.port}`, from: `${aor};tag=${newTag()}`, to: aor, callId: newCallId() };
  const { response } = await ask((cseq, proof) => createRequest({ ...fixed, cseq, headers: [contact, ['Expires', '120'], ...proof] }));
  if (response.status !== 200) throw new DemoFailed(`REGISTER of ${user}: ${response.status} ${response.reason}`);
}

async function call({ server, ask, contact, aor, newLeg }: Line, number: string): Promise<DemoCall> {
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
}

async function invited({ contact, newLeg, stack }: Line, tx: ServerTx): Promise<DemoRinging> {
  const leg = await newLeg(callIdOf(tx.request));
  tx.onCancel(() => {
    tx.respond(createResponse(tx.request, 487));
    leg.over();
  });
  tx.respond(createResponse(tx.request, 180, { headers: [contact] }));
  return {
    header: (name) => tx.request.headers.get(name),
    answer: () => {
      const response = createResponse(tx.request, 200, { headers: [contact, SDP], body: leg.sdp });
      leg.dialog = uasDialog(tx.request, response, tx.remote);
      leg.accept(tx.request);
      stack.transactions.retransmit2xx(tx, response, () => leg.over());
      return leg;
    },
  };
}

/** A request in a call: the answer to a re-INVITE is what was said before. */
function inside({ contact }: Line, tx: ServerTx, leg: Leg): void {
  const again = tx.request.method === 'INVITE';
  if (again) leg.accept(tx.request);
  tx.respond(createResponse(tx.request, 200, again ? { headers: [contact, SDP], body: leg.sdp } : {}));
  if (tx.request.method === 'BYE') leg.over();
}
