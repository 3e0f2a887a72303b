import { expect, it } from 'vitest';
import { standardTiming } from './link.js';
import { server, startServer, type NonInviteServerInput as Input } from './server.js';

const udp = { ...standardTiming, reliable: false };
const tcp = { ...udp, reliable: true };
const respond = (status: number): Input => ({ type: 'respond', status });
const again: Input = { type: 'request' };
const timerJ: Input = { type: 'timer', name: 'J' };
const failed: Input = { type: 'transport_failed' };
const after = (inputs: Input[], link = udp) => inputs.reduce((tx, input) => server(tx, input, link)[0], startServer()[0]);

it.each<[rule: string, before: Input[], input: Input, state: string, effects: string[]]>([
  ['§17.2.2 a copy before any answer is absorbed', [], again, 'trying', []],
  ['§17.2.2 a 1xx', [], respond(100), 'proceeding', ['send_response']],
  ['§17.2.2 a copy gets the last 1xx again', [respond(100)], again, 'proceeding', ['send_response']],
  ['§17.2.2 a final answer', [], respond(200), 'completed', ['send_response', 'arm']],
  ['§17.2.2 a copy gets it again', [respond(200)], again, 'completed', ['send_response']],
  ['§17.2.2 there is one final answer', [respond(200)], respond(500), 'completed', []],
  ['§17.2.2 Timer J ends it', [respond(200)], timerJ, 'terminated', []],
  ['§17.2.2 Timer J is nothing before', [respond(100)], timerJ, 'proceeding', []],
  ['§17.2.4 a failure to send is reported', [respond(200)], failed, 'terminated', ['report']],
  ['§17.2.2 no ACK belongs here', [respond(200)], { type: 'ack' }, 'completed', []],
  ['§17.2.2 nothing follows the end', [respond(200), timerJ], failed, 'terminated', []],
])('%s', (_rule, before, input, state, effects) => {
  const [tx, done] = server(after(before), input, udp);
  expect([tx.state, done.map((f) => f.do)]).toEqual([state, effects]);
});

it('keeps the answer 64·T1 on UDP, not at all on TCP', () => {
  expect(server(after([]), respond(200), udp)[1]).toContainEqual({ do: 'arm', timer: 'J', afterMs: 32_000 });
  expect(server(after([], tcp), respond(200), tcp)[1]).toContainEqual({ do: 'arm', timer: 'J', afterMs: 0 });
});
