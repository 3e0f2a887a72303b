import { afterEach, beforeEach, expect, it } from 'vitest';
import { toneAmplitude } from '../../audio/index.js';
import {
  createRequest, createResponse, createStack, newCallId, newTag, parseNameAddr, parseUri, type Remote, type ServerTx, type SipResponse, type Stack,
} from '../../sip/stack/index.js';
import { DemoFailed } from './failed.js';
import { openLeg, type Leg } from './leg.js';
import { openDemoPhone, type DemoPhone } from './phone.js';

/** A server that challenges once and then lets in; what it was asked is remembered. */
let server: Stack;
let asked: ServerTx[];
let refuse: number | undefined;
let leg: Leg;
let phone: DemoPhone;
const port = () => server.transport.addresses()[0]?.port ?? 0;
const methods = () => asked.map((tx) => tx.request.method);

beforeEach(async () => {
  asked = [];
  refuse = undefined;
  leg = await openLeg(1_000, async () => undefined);
  server = await createStack({
    listen: [{ proto: 'udp', address: '127.0.0.1', port: 0 }],
    onAck: () => undefined,
    onRequest: (tx) => {
      asked.push(tx);
      const { request } = tx;
      if (request.method === 'BYE') return void tx.respond(createResponse(request, 200));
      if (refuse !== undefined) return void tx.respond(createResponse(request, refuse));
      if (!request.headers.has('Authorization')) {
        return void tx.respond(createResponse(request, 401, { headers: [['WWW-Authenticate', 'Digest realm="strowger", nonce="n1", algorithm=SHA-256, qop="auth"']] }));
      }
      if (request.method !== 'INVITE') return void tx.respond(createResponse(request, 200));
      leg.accept(request);
      tx.respond(createResponse(request, 200, { headers: [['Contact', `<sip:server@127.0.0.1:${port()}>`], ['Content-Type', 'application/sdp']], body: leg.sdp }));
    },
  });
  phone = await openDemoPhone({ server: { host: '127.0.0.1', port: port() }, user: '1201', password: 'secret', hz: 600 });
});
afterEach(async () => {
  leg.over();
  await phone.close();
  await server.close();
});

it('registers with digest', async () => {
  await phone.register();
  const proof = asked[1]?.request.headers.get('Authorization') ?? '';
  expect(methods()).toEqual(['REGISTER', 'REGISTER']);
  expect(proof).toMatch(/username="1201".*algorithm=SHA-256/);
  expect(proof).not.toContain('secret');
});

it('says why it could not register', async () => {
  refuse = 403;
  await expect(phone.register()).rejects.toThrow(DemoFailed);
  await expect(phone.register()).rejects.toThrow('REGISTER of 1201: 403');
});

it('calls, is heard, hears, and hangs up', async () => {
  const call = await phone.call('4000');
  await expect.poll(() => toneAmplitude(leg.media.heard(), 600, 8_000), { timeout: 10_000 }).toBeGreaterThan(7_000);
  await expect.poll(() => toneAmplitude(call.media.heard(), 1_000, 8_000), { timeout: 10_000 }).toBeGreaterThan(7_000);
  await call.hangUp();
  await call.ended;
  expect(methods().at(-1)).toBe('BYE');
});

it('says why a call was refused', async () => {
  refuse = 486;
  await expect(phone.call('4000')).rejects.toThrow('calling 4000: 486 Busy Here');
});

it('rings, answers, and notices that the other side hung up', async () => {
  await phone.register();
  const contact = parseUri(parseNameAddr(asked[0]?.request.headers.get('Contact') ?? '').uri);
  const to: Remote = { proto: 'udp', address: '127.0.0.1', port: contact.kind === 'sip' ? (contact.port ?? 0) : 0 };
  const fixed = { uri: 'sip:1201@127.0.0.1', from: `<sip:4000@127.0.0.1>;tag=${newTag()}`, callId: newCallId() };
  const answers: SipResponse[] = [];
  const ask = (method: string, cseq: number, toHeader: string, body?: string) =>
    new Promise<SipResponse>((resolve, reject) => {
      const headers: [string, string][] = [['Contact', `<sip:server@127.0.0.1:${port()}>`], ['X-Strowger-Call', 'call_1']];
      server.transactions.request(createRequest({ ...fixed, method, cseq, to: toHeader, headers, body }), to, {
        onResponse: (response) => { answers.push(response); if (response.status >= 200) resolve(response); },
        onTimeout: () => reject(new Error('timeout')), onTransportError: reject,
      });
    });
  const answered = ask('INVITE', 1, '<sip:1201@127.0.0.1>', leg.sdp);
  const ringing = await phone.ringing;
  expect(ringing.header('X-Strowger-Call')).toBe('call_1');
  const call = ringing.answer();
  const ok = await answered;
  expect(answers.map((a) => a.status)).toEqual([180, 200]);
  leg.accept(ok);
  await expect.poll(() => leg.media.packets(), { timeout: 10_000 }).toBeGreaterThan(5);
  await ask('BYE', 2, ok.headers.get('To') ?? '');
  await call.ended;
});
