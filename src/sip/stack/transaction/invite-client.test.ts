import { expect, it } from 'vitest';
import { inviteClient, startInviteClient, type InviteClientInput as Input } from './invite-client.js';
import { standardTiming } from './link.js';

const udp = { ...standardTiming, reliable: false };
const tcp = { ...udp, reliable: true };
const answer = (status: number): Input => ({ type: 'response', status });
const timer = (name: 'A' | 'B' | 'D' | 'M'): Input => ({ type: 'timer', name });
const failed: Input = { type: 'transport_failed' };
const after = (inputs: Input[], link = udp) => inputs.reduce((tx, input) => inviteClient(tx, input, link)[0], startInviteClient(link)[0]);

it.each<[rule: string, before: Input[], input: Input, state: string, effects: string[]]>([
  ['§17.1.1.2 Timer A sends again', [], timer('A'), 'calling', ['send_request', 'arm']],
  ['§17.1.1.2 a 1xx stops retransmission', [answer(180)], timer('A'), 'proceeding', []],
  ['§17.1.1.2 every 1xx goes up', [answer(100)], answer(180), 'proceeding', ['pass_up']],
  ['§17.1.1.2 Timer B ends a silent call', [], timer('B'), 'terminated', ['report']],
  ['§17.1.1.2 Timer B is nothing once it rings', [answer(180)], timer('B'), 'proceeding', []],
  ['§17.1.1.2 a 486 is acknowledged and goes up', [answer(180)], answer(486), 'completed', ['send_ack', 'pass_up', 'arm']],
  ['§17.1.1.2 every copy of a 486 is acknowledged', [answer(486)], answer(486), 'completed', ['send_ack']],
  ['§17.1.1.2 a 1xx after the end is late', [answer(486)], answer(180), 'completed', []],
  ['§17.1.1.2 a 2xx after a refusal is nothing', [answer(486)], answer(200), 'completed', []],
  ['§17.1.1.2 Timer D ends the wait for copies', [answer(486)], timer('D'), 'terminated', []],
  ['§17.1.1.2 an INVITE that cannot be sent is reported', [], failed, 'terminated', ['report']],
  ['§17.1.1.2 an ACK that cannot be sent is reported', [answer(486)], failed, 'terminated', ['report']],
  ['RFC 6026 §7.2 a 2xx goes up and waits for Timer M', [], answer(200), 'accepted', ['pass_up', 'arm']],
  ['RFC 6026 §7.2 a 2xx of another branch still goes up', [answer(200)], answer(200), 'accepted', ['pass_up']],
  ['RFC 6026 §7.2 a refusal after a 2xx is nothing', [answer(200)], answer(486), 'accepted', []],
  ['RFC 6026 §7.2 Timer M ends the wait for branches', [answer(200)], timer('M'), 'terminated', []],
  ['RFC 6026 §7.2 a failure to send is nothing by then', [answer(200)], failed, 'accepted', []],
])('%s', (_rule, before, input, state, effects) => {
  const [tx, done] = inviteClient(after(before), input, udp);
  expect([tx.state, done.map((f) => f.do)]).toEqual([state, effects]);
});

it('doubles the interval on UDP and arms no Timer A on TCP', () => {
  expect(after([timer('A'), timer('A')]).resendMs).toBe(2_000);
  const [, effects] = startInviteClient(tcp);
  expect(effects.filter((f) => f.do === 'arm').map((f) => f.timer)).toEqual(['B']);
});

it.each([
  [udp, { B: 32_000, D: 32_000, M: 32_000 }],
  [tcp, { B: 32_000, D: 0, M: 32_000 }],
  [{ ...udp, t1Ms: 10 }, { B: 640, D: 640, M: 640 }],
])('waits as table 4 says: %j', (link, waits) => {
  const steps = [startInviteClient(link), inviteClient(after([], link), answer(404), link), inviteClient(after([], link), answer(200), link)];
  const armed = steps.flatMap(([, effects]) => effects.flatMap((f) => (f.do === 'arm' && f.timer !== 'A' ? [[f.timer, f.afterMs]] : [])));
  expect(Object.fromEntries(armed)).toEqual(waits);
});
