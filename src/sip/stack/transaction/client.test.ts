import { expect, it } from 'vitest';
import { client, startClient, type NonInviteClientInput as Input } from './client.js';
import { standardTiming } from './link.js';

const udp = { ...standardTiming, reliable: false };
const tcp = { ...udp, reliable: true };
const answer = (status: number): Input => ({ type: 'response', status });
const timer = (name: 'E' | 'F' | 'K'): Input => ({ type: 'timer', name });
const failed: Input = { type: 'transport_failed' };
const after = (inputs: Input[], link = udp) => inputs.reduce((tx, input) => client(tx, input, link)[0], startClient(link)[0]);

it.each<[rule: string, before: Input[], input: Input, state: string, effects: string[]]>([
  ['§17.1.2.2 Timer E sends again', [], timer('E'), 'trying', ['send_request', 'arm']],
  ['§17.1.2.2 Timer E sends again after a 1xx too', [answer(100)], timer('E'), 'proceeding', ['send_request', 'arm']],
  ['§17.1.2.2 Timer F ends a silent request', [], timer('F'), 'terminated', ['report']],
  ['§17.1.2.2 Timer F ends one that only got 1xx', [answer(100)], timer('F'), 'terminated', ['report']],
  ['§17.1.2.2 a 1xx goes up', [], answer(100), 'proceeding', ['pass_up']],
  ['§17.1.2.2 a final answer goes up', [answer(100)], answer(200), 'completed', ['pass_up', 'arm']],
  ['§17.1.2.2 its copies do not', [answer(200)], answer(200), 'completed', []],
  ['§17.1.2.2 Timer K ends the wait for copies', [answer(404)], timer('K'), 'terminated', []],
  ['§17.1.2.2 Timer F is nothing after the answer', [answer(404)], timer('F'), 'completed', []],
  ['§17.1.2.2 Timer E is nothing after the answer', [answer(404)], timer('E'), 'completed', []],
  ['§17.1.4 a failure to send is reported', [], failed, 'terminated', ['report']],
  ['§17.1.4 but not after the answer', [answer(200)], failed, 'completed', []],
])('%s', (_rule, before, input, state, effects) => {
  const [tx, done] = client(after(before), input, udp);
  expect([tx.state, done.map((f) => f.do)]).toEqual([state, effects]);
});

it('doubles Timer E up to T2, and uses T2 once there was a 1xx', () => {
  const intervals = [1, 2, 3, 4, 5].map((n) => after(Array.from({ length: n }, () => timer('E'))).resendMs);
  expect(intervals).toEqual([1_000, 2_000, 4_000, 4_000, 4_000]);
  const [, effects] = client(after([answer(100)]), timer('E'), udp);
  expect(effects).toContainEqual({ do: 'arm', timer: 'E', afterMs: 4_000 });
});

it('neither repeats nor waits for copies on TCP', () => {
  expect(startClient(tcp)[1]).toEqual([{ do: 'send_request' }, { do: 'arm', timer: 'F', afterMs: 32_000 }]);
  expect(client(after([], tcp), answer(200), tcp)[1]).toContainEqual({ do: 'arm', timer: 'K', afterMs: 0 });
  expect(client(after([]), answer(200), udp)[1]).toContainEqual({ do: 'arm', timer: 'K', afterMs: 5_000 });
});
