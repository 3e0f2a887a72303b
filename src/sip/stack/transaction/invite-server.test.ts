import { expect, it } from 'vitest';
import { inviteServer, startInviteServer, type InviteServerInput as Input } from './invite-server.js';
import { standardTiming } from './link.js';

const udp = { ...standardTiming, reliable: false };
const tcp = { ...udp, reliable: true };
const respond = (status: number): Input => ({ type: 'respond', status });
const timer = (name: 'G' | 'H' | 'I' | 'L'): Input => ({ type: 'timer', name });
const again: Input = { type: 'request' };
const ack: Input = { type: 'ack' };
const failed: Input = { type: 'transport_failed' };
const after = (inputs: Input[], link = udp) => inputs.reduce((tx, input) => inviteServer(tx, input, link)[0], startInviteServer(link)[0]);

it.each<[rule: string, before: Input[], input: Input, state: string, effects: string[]]>([
  ['§17.2.1 a copy before any answer has none to get', [], again, 'proceeding', []],
  ['§17.2.1 a copy gets the last 1xx again', [respond(180)], again, 'proceeding', ['send_response']],
  ['§17.2.1 any number of 1xx', [respond(100)], respond(180), 'proceeding', ['send_response']],
  ['§17.2.1 a refusal is sent until its ACK', [respond(180)], respond(486), 'completed', ['send_response', 'arm', 'arm']],
  ['§17.2.1 a copy gets the refusal again', [respond(486)], again, 'completed', ['send_response']],
  ['§17.2.1 Timer G sends the refusal again', [respond(486)], timer('G'), 'completed', ['send_response', 'arm']],
  ['§17.2.1 Timer H gives up waiting for the ACK', [respond(486)], timer('H'), 'terminated', ['report']],
  ['§17.2.1 the ACK of a refusal', [respond(486)], ack, 'confirmed', ['arm']],
  ['§17.2.1 Timer G is nothing after it', [respond(486), ack], timer('G'), 'confirmed', []],
  ['§17.2.1 Timer H is nothing after it', [respond(486), ack], timer('H'), 'confirmed', []],
  ['§17.2.1 copies of the ACK are absorbed', [respond(486), ack], ack, 'confirmed', []],
  ['§17.2.1 a copy of the INVITE after it too', [respond(486), ack], again, 'confirmed', []],
  ['§17.2.1 Timer I ends it', [respond(486), ack], timer('I'), 'terminated', []],
  ['§17.2.1 there is one final answer', [respond(486)], respond(200), 'completed', []],
  ['§17.2.1 no 1xx after it', [respond(486)], respond(180), 'completed', []],
  ['§17.2.4 a failure to send is reported', [respond(180)], failed, 'terminated', ['report']],
  ['RFC 6026 §7.1 a 2xx is sent', [respond(180)], respond(200), 'accepted', ['send_response', 'arm']],
  ['RFC 6026 §7.1 the user sends it again', [respond(200)], respond(200), 'accepted', ['send_response']],
  ['RFC 6026 §7.1 a copy of the INVITE is absorbed', [respond(200)], again, 'accepted', []],
  ['RFC 6026 §7.1 no refusal after a 2xx', [respond(200)], respond(500), 'accepted', []],
  ['RFC 6026 §7.1 a failure to send a 2xx is the next copy’s matter', [respond(200)], failed, 'accepted', []],
  ['RFC 6026 §7.1 Timer L ends it', [respond(200)], timer('L'), 'terminated', []],
])('%s', (_rule, before, input, state, effects) => {
  const [tx, done] = inviteServer(after(before), input, udp);
  expect([tx.state, done.map((f) => f.do)]).toEqual([state, effects]);
});

it('doubles Timer G up to T2', () => {
  const intervals = [1, 2, 3, 4].map((n) => after([respond(486), ...Array.from({ length: n }, () => timer('G'))]).resendMs);
  expect(intervals).toEqual([1_000, 2_000, 4_000, 4_000]);
});

it('on TCP repeats nothing, yet waits for the ACK', () => {
  expect(inviteServer(after([], tcp), respond(486), tcp)[1]).toEqual([{ do: 'send_response' }, { do: 'arm', timer: 'H', afterMs: 32_000 }]);
  expect(inviteServer(after([respond(486)], tcp), ack, tcp)[1]).toEqual([{ do: 'arm', timer: 'I', afterMs: 0 }]);
  expect(inviteServer(after([respond(486)]), ack, udp)[1]).toEqual([{ do: 'arm', timer: 'I', afterMs: 5_000 }]);
  expect(inviteServer(after([], tcp), respond(200), tcp)[1]).toContainEqual({ do: 'arm', timer: 'L', afterMs: 32_000 });
});
