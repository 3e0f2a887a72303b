import { createConnection, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseMessage, serialize, type SipMessage, type SipRequest } from '../../../test/kit/sip/message.js';
import { get, openLab, openPeer, SDP, within, type App, type Dlg, type Lab, type Peer } from './lab.test.js';

let lab: Lab;
let srf: App;
let mouth: Peer;
let socket: Socket;
let inbox: SipMessage[];

beforeEach(async () => {
  lab = await openLab();
  srf = await lab.app();
  mouth = await openPeer(lab.port); // composes messages only; they go by the connection below
  inbox = [];
  const port = lab.edge.listeners().find((one) => one.proto === 'tcp')?.port ?? 0;
  socket = createConnection(port, '127.0.0.1');
  let kept = '';
  socket.on('error', () => undefined);
  socket.on('data', (data: Buffer) => {
    kept += data.toString();
    for (;;) {
      const end = kept.indexOf('\r\n\r\n');
      if (end < 0) return;
      const whole = end + 4 + Number(/content-length: *(\d+)/i.exec(kept)?.[1] ?? 0);
      if (kept.length < whole) return;
      inbox.push(parseMessage(kept.slice(0, whole)));
      kept = kept.slice(whole);
    }
  });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
});
afterEach(async () => {
  socket.destroy();
  await mouth.close();
  await lab.close();
});

const byTcp = (message: SipRequest): SipRequest => ({ ...message, headers: message.headers.map(([n, v]) => [n, n === 'Via' ? v.replace('UDP', 'TCP') : v] as const) });
const send = (message: SipMessage): void => void socket.write(serialize(message.kind === 'request' ? byTcp(message) : message));
async function next(what: string | number): Promise<SipMessage> {
  const fits = (m: SipMessage): boolean => (m.kind === 'request' ? m.method === what : m.status === what);
  await expect.poll(() => inbox.some(fits), { timeout: 2_000 }).toBe(true);
  return inbox.splice(0, inbox.findIndex(fits) + 1).at(-1)!;
}
async function call(): Promise<{ uas: Dlg; invite: SipRequest; ok: SipMessage }> {
  const answered = new Promise<Dlg>((resolve) => {
    srf.use('invite', (req, res) => void srf.createUAS(req, res, { localSdp: SDP }).then(resolve));
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  const invite = mouth.request('INVITE', { body: SDP, contact: `<sip:1001@192.168.9.9:${socket.localPort ?? 0};transport=tcp>` });
  send(invite);
  const ok = await next(200);
  send(within(mouth, invite, ok, 'ACK'));
  return { uas: await answered, invite, ok };
}

describe('a phone on TCP', () => {
  it('is answered and hung up on its own connection, with our TCP Contact', async () => {
    const { uas, ok } = await call();
    expect(get(ok, 'Contact')).toMatch(/;transport=tcp>$/);
    const ended = uas.destroy();
    const bye = await next('BYE');
    expect(get(bye, 'Via')).toContain('SIP/2.0/TCP');
    if (bye.kind === 'request') send(mouth.answer(bye, 200));
    await ended;
    await lab.idle();
  });

  it('that resets the connection before its BYE is answered leaves nothing behind', async () => {
    const { uas, invite, ok } = await call();
    Object.assign(uas, { handle: () => undefined });
    send(within(mouth, invite, ok, 'BYE'));
    await expect.poll(() => lab.edge.gauges().strowger_dialogs).toBe(0);
    socket.resetAndDestroy();
    await lab.idle(5_000);
  });

  it('whose connection is gone: BYE cannot be sent, the application hears 503 and the dialog is forgotten', async () => {
    const { uas } = await call();
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await uas.destroy();
    await lab.idle(8_000);
  }, 15_000);

  it('may send several messages in one piece and one message in several', async () => {
    srf.use('options', (_req, res) => res.send(200));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const text = [1, 2].map(() => serialize(byTcp(mouth.request('OPTIONS')))).join('');
    for (let i = 0; i < text.length; i += 97) socket.write(text.slice(i, i + 97));
    await next(200);
    await next(200);
  });
});
