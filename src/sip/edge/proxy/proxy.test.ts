import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { values } from '../../../../test/kit/sip/message.js';
import { get, openLab, SDP, within, type App, type Lab, type Peer, type Req } from '../lab.test.js';

type Invite = ReturnType<Peer['request']>;
let lab: Lab;
let srf: App;
let caller: Peer;
let b: Peer;
let c: Peer;
let options: object;
let to: (() => string[]);
let done: Promise<{ connected: boolean; finalStatus: number; responses: unknown[] }>;

beforeAll(async () => {
  lab = await openLab();
  srf = await lab.app();
  for (const method of ['invite', 'register', 'message']) srf.use(method, (req: Req) => void (done = srf.proxyRequest(req, to(), options)));
});
beforeEach(async () => {
  [caller, b, c] = await Promise.all([lab.peer(), lab.peer(), lab.peer()]);
  options = {};
  to = () => [at(b)];
});
/** Nothing of all these calls may be left, whatever way they ended. */
afterAll(async () => {
  await lab.idle();
  await lab.close();
});

const at = (peer: Peer): string => `sip:127.0.0.1:${peer.port}`;
const invited = async (peer: Peer): Promise<Invite> => (await peer.next('INVITE')) as Invite;
function call(uri?: string): Invite {
  const invite = caller.request('INVITE', { body: SDP, ...(uri === undefined ? {} : { uri }) });
  caller.send(invite);
  return invite;
}

describe('srf.proxyRequest', () => {
  it('forwards with our Via on top and one hop less; answers lose that Via', async () => {
    const invite = call();
    const seen = await invited(b);
    expect(values(seen, 'Via')).toHaveLength(2);
    expect([get(seen, 'Max-Forwards'), get(seen, 'Call-ID'), seen.uri, values(seen, 'Record-Route')]).toEqual(['69', get(invite, 'Call-ID'), at(b), []]);
    b.send(b.answer(seen, 180));
    expect(values(await caller.next(180), 'Via')).toHaveLength(1);
    const ok = b.answer(seen, 200, { body: SDP });
    b.send(ok);
    await caller.next(200);
    expect(await done).toMatchObject({ connected: true, finalStatus: 200 });
    // Without Record-Route the ACK goes past us, so each copy of the 200 is handed on.
    b.send(ok);
    await caller.copy(200);
  });

  it('leaves a Request-URI that is not ours alone', async () => {
    call('sip:1001@example.com');
    expect((await invited(b)).uri).toBe('sip:1001@example.com');
  });

  it('stays in the path when asked: ACK and BYE pass through', async () => {
    options = { remainInDialog: true };
    const invite = call();
    const seen = await invited(b);
    const [route] = values(seen, 'Record-Route');
    expect(route).toBe(`<sip:127.0.0.1:${lab.port};lr>`);
    b.send(b.answer(seen, 200, { body: SDP }));
    const ok = await caller.next(200);
    const routed = { headers: [['Route', route ?? '']] as const, uri: at(b) };
    caller.send(within(caller, invite, ok, 'ACK', routed));
    expect(values(await b.next('ACK'), 'Route')).toEqual([]);
    caller.send(within(caller, invite, ok, 'BYE', routed));
    const bye = (await b.next('BYE')) as Invite;
    b.send(b.answer(bye, 200));
    expect(values(await caller.next(200), 'Via')).toHaveLength(1);
  });

  it('tries one target after the other', async () => {
    to = () => [at(b), at(c)];
    call();
    b.send(b.answer(await invited(b), 486));
    await b.next('ACK');
    c.send(c.answer(await invited(c), 200, { body: SDP }));
    await caller.next(200);
    expect(await done).toMatchObject({ connected: true, finalStatus: 200 });
  });

  it('rings all at once and cancels the losers', async () => {
    to = () => [at(b), at(c)];
    options = { forking: 'simultaneous' };
    call();
    const [atB, atC] = [await invited(b), await invited(c)];
    b.send(b.answer(atB, 180));
    c.send(c.answer(atC, 180));
    await caller.next(180);
    c.send(c.answer(atC, 200, { body: SDP }));
    await caller.next(200);
    const cancel = (await b.next('CANCEL')) as Invite;
    b.send(b.answer(cancel, 200));
    b.send(b.answer(atB, 487));
    await b.next('ACK');
  });

  it('answers with the best refusal', async () => {
    to = () => [at(b), at(c)];
    call();
    b.send(b.answer(await invited(b), 404));
    c.send(c.answer(await invited(c), 503));
    await caller.next(404);
    expect(await done).toMatchObject({ connected: false });
  });

  it('follows a redirection when asked', async () => {
    options = { followRedirects: true };
    call();
    const moved = b.answer(await invited(b), 302);
    b.send({ ...moved, headers: moved.headers.map(([n, v]) => [n, n === 'Contact' ? `<${at(c)}>` : v] as const) });
    c.send(c.answer(await invited(c), 200, { body: SDP }));
    await caller.next(200);
  });

  it('goes on to the next target when the first is silent', async () => {
    to = () => [at(b), at(c)];
    options = { provisionalTimeout: '50ms' };
    call();
    await invited(b);
    c.send(c.answer(await invited(c), 200, { body: SDP }));
    await caller.next(200);
  });

  it('passes a CANCEL on', async () => {
    const invite = call();
    const seen = await invited(b);
    b.send(b.answer(seen, 180));
    await caller.next(180);
    caller.send({ ...invite, method: 'CANCEL', headers: invite.headers.map(([n, v]) => [n, n === 'CSeq' ? '1 CANCEL' : v] as const) });
    await caller.next(487);
    const cancel = (await b.next('CANCEL')) as Invite;
    b.send(b.answer(cancel, 200));
    b.send(b.answer(seen, 487));
    await b.next('ACK');
  });

  it('answers 408 when nobody does, 483 when the hops are used up', async () => {
    call();
    await invited(b);
    await caller.next(408, 3_000);
    const invite = caller.request('INVITE', { body: SDP });
    caller.send({ ...invite, headers: invite.headers.map(([n, v]) => [n, n === 'Max-Forwards' ? '0' : v] as const) });
    await caller.next(483);
    await expect(done).rejects.toBeDefined();
  });

  it('puts Path on a REGISTER it stays in', async () => {
    options = { remainInDialog: true };
    caller.send(caller.request('REGISTER'));
    const register = (await b.next('REGISTER')) as Invite;
    expect([get(register, 'Path'), get(register, 'Require')]).toEqual([`<sip:127.0.0.1:${lab.port};lr>`, 'path']);
    b.send(b.answer(register, 200));
    await caller.next(200);
  });
});
