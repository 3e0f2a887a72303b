import { createConnection } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { get, openLab, SDP, within, type Lab, type Req, type Res } from './lab.test.js';
import { edgeMain } from './index.js';
import { createFrames, frame } from './wire/frame.js';

let lab: Lab;
afterEach(() => lab.close());

/** A hand-made control connection. */
async function connect(port: number): Promise<{ send(text: string): void; next(): Promise<string>; closed: Promise<void> }> {
  const socket = createConnection(port, '127.0.0.1');
  const frames = createFrames(1_000_000);
  const got: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  socket.on('error', () => undefined);
  socket.on('data', (data: Buffer) => {
    for (const one of frames(data)) (waiting.shift() ?? ((text: string) => void got.push(text)))(one.toString());
  });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    send: (text) => socket.write(frame(text)),
    next: () => new Promise((resolve) => {
      const text = got.shift();
      if (text === undefined) waiting.push(resolve);
      else resolve(text);
    }),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  };
}

describe('the control connection', () => {
  it('answers authentication with addresses and a version, ping with pong', async () => {
    lab = await openLab();
    const app = await connect(lab.edge.controlPort);
    app.send('m1|authenticate|cymru|');
    expect(await app.next()).toMatch(new RegExp(`\\|response\\|m1\\|OK\\|udp/127.0.0.1:${lab.port},tcp/127.0.0.1:\\d+\\|v0\\.9\\.\\d+\\|udp/127.0.0.1:${lab.port},tcp/`));
    app.send('m2|ping');
    expect(await app.next()).toMatch(/\|response\|m2\|OK\|pong$/);
    app.send('m3|route|invite');
    expect(await app.next()).toMatch(/\|response\|m3\|OK$/);
    app.send('m4|sip|nosuch|\r\nSIP/2.0 200 OK\r\ncseq: 1 CANCEL\r\n\r\n');
    expect(await app.next()).toMatch(/NOK\|200 OK to incoming CANCEL is automatically generated/);
    app.send('m5|sip|nosuch|\r\nCANCEL sip:x SIP/2.0\r\n\r\n');
    expect(await app.next()).toMatch(/NOK\|unable to cancel unknown transaction id: nosuch$/);
    app.send('m6|proxy|nosuch||||serial|||sip:b\r\nINVITE sip:b SIP/2.0\r\n\r\n');
    expect(await app.next()).toMatch(/NOK\|Unknown transaction id: nosuch$/);
  });

  it.each([
    ['a wrong secret', 'm|authenticate|guess|', /NO\|incorrect secret$/],
    ['no secret at all', 'm|route|invite', /NO\|not authenticated$/],
  ])('is closed after %s', async (_what, text, answer) => {
    lab = await openLab();
    const app = await connect(lab.edge.controlPort);
    app.send(text);
    expect(await app.next()).toMatch(answer);
    await app.closed;
  });

  it('is closed after what is no message, and others go on', async () => {
    lab = await openLab();
    const srf = await lab.app();
    const [garbage, unknown] = [await connect(lab.edge.controlPort), await connect(lab.edge.controlPort)];
    const raw = createConnection(lab.edge.controlPort, '127.0.0.1');
    raw.on('error', () => undefined);
    raw.write('GET / HTTP/1.1\r\n\r\n');
    await new Promise<void>((resolve) => raw.once('close', () => resolve()));
    garbage.send('nonsense');
    await garbage.closed;
    unknown.send('m|authenticate|cymru|');
    await unknown.next();
    unknown.send('m|dance');
    expect(await unknown.next()).toMatch(/NO\|Unknown message type$/);
    await unknown.closed;
    const peer = await lab.peer();
    srf.use('options', (_req, res) => res.send(200));
    await expect.poll(() => { peer.send(peer.request('OPTIONS')); return peer.inbox.some((m) => m.kind === 'response' && m.status === 200); }).toBe(true);
  });
});

describe('from the network', () => {
  it('garbage neither crashes nor silences the edge', async () => {
    lab = await openLab();
    const srf = await lab.app();
    srf.use('options', (_req, res) => res.send(200));
    const peer = await lab.peer();
    const good = peer.request('OPTIONS');
    for (const text of ['\0\0\0', 'hello', 'SIP/2.0', 'INVITE sip:x SIP/2.0\r\n\r\n', `OPTIONS sip:x SIP/2.0\r\n${'X: y\r\n'.repeat(10_000)}\r\n`, 'SIP/2.0 200 OK\r\nVia: x\r\n\r\n']) peer.send(text.slice(0, 60_000));
    peer.send({ ...good, headers: good.headers.map(([n, v]) => [n, n === 'CSeq' ? 'one OPTIONS' : v] as const) });
    expect(get(await peer.next(400), 'Call-ID')).toBe(get(good, 'Call-ID'));
    await expect.poll(() => { peer.send(peer.request('OPTIONS')); return peer.inbox.some((m) => m.kind === 'response' && m.status === 200); }).toBe(true);
  });

  it('an INVITE without tag on From gets 400', async () => {
    lab = await openLab();
    await lab.app();
    const peer = await lab.peer();
    peer.send(peer.request('INVITE', { from: '<sip:a@b>', body: SDP }));
    await peer.next(400);
  });

  it('a stranger’s flood is refused and then ignored, while others are served', async () => {
    lab = await openLab({ strangers: { burst: 20, perSecond: 1, refusalsPerSecond: 5 } });
    const srf = await lab.app();
    let offered = 0;
    srf.use('invite', (req: Req, res: Res) => {
      if (req.get('Subject') === 'flood') {
        offered += 1;
        res.send(403);
      } else void srf.createUAS(req, res, { localSdp: SDP });
    });
    const [flooder, known, newcomer] = [await lab.peer(), await lab.peer(), await lab.peer()];
    await new Promise((resolve) => setTimeout(resolve, 20));
    const call = async (peer: typeof known): Promise<void> => {
      const invite = peer.request('INVITE', { body: SDP });
      peer.send(invite);
      const ok = await peer.next(200);
      peer.send(within(peer, invite, ok, 'ACK'));
      peer.send(within(peer, invite, ok, 'BYE'));
      await peer.next(200);
    };
    await call(known);
    for (let i = 0; i < 500; i += 1) flooder.send(flooder.request('INVITE', { headers: [['Subject', 'flood']] }));
    expect(get(await flooder.next(503), 'Retry-After')).toBe('30');
    await call(newcomer);
    for (let i = 0; i < 30; i += 1) await call(known);
    expect(offered).toBeLessThanOrEqual(25);
    expect(flooder.inbox.filter((m) => m.kind === 'response' && m.status === 503).length).toBeLessThanOrEqual(15);
  });
});

describe('edgeMain', () => {
  it('says READY when it stands, and ends with SIGTERM', async () => {
    lab = await openLab();
    const said: string[] = [];
    const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => { said.push(String(text)); return true; });
    const running = edgeMain(['--control', '127.0.0.1:0', '--secret', 's', '--sip', 'udp:127.0.0.1:0']);
    await vi.waitFor(() => expect(said).toContain('READY\n'));
    out.mockRestore();
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    process.emit('SIGTERM');
    await running;
    expect(exit).toHaveBeenCalledOnce();
    exit.mockRestore();
  });

  it.each([[['--secret', 's'], 2, 'usage: strowger edge'], [['--control', '127.0.0.1:0', '--secret', 's', '--sip', 'udp:203.0.113.1:5060'], 1, 'strowger edge:']])('%j ends with exit code %i', async (argv, code, text) => {
    lab = await openLab();
    const said: string[] = [];
    const err = vi.spyOn(process.stderr, 'write').mockImplementation((line) => { said.push(String(line)); return true; });
    await edgeMain(argv);
    err.mockRestore();
    expect([process.exitCode, said.join('').includes(text)]).toEqual([code, true]);
    process.exitCode = 0;
  });
});
