import { expect, it, vi } from 'vitest';
import { createBus, type Listener } from './bus.js';
import type { FsEvent } from './event.js';

const core = { coreUuid: 'core', hostname: 'host', address: '192.0.2.1' };
const at = Date.UTC(2026, 10, 20, 10, 0, 0, 123);
const listener = (wants: boolean): Listener & { readonly got: FsEvent[] } => {
  const got: FsEvent[] = [];
  return { got, wants: () => wants, offer: (event) => void got.push(event) };
};

it('an event nobody wants is not built', () => {
  const bus = createBus(core, () => at);
  const headers = vi.fn(() => []);
  bus.fire('DTMF', { headers });
  bus.add(listener(false));
  bus.fire('DTMF', { headers });
  expect(headers).not.toHaveBeenCalled();
});

it('an event is built once for all who want it, with the headers every event begins with', () => {
  const bus = createBus(core, () => at);
  const [one, two] = [listener(true), listener(true)];
  bus.add(one);
  bus.add(two);
  const headers = vi.fn(() => [['DTMF-Digit', '5'] as const]);
  bus.fire('DTMF', { uuid: 'u', headers });
  expect(headers).toHaveBeenCalledTimes(1);
  expect(one.got[0]).toBe(two.got[0]);
  expect(Object.fromEntries(one.got[0]!.headers)).toMatchObject({
    'Event-Name': 'DTMF', 'Core-UUID': 'core', 'FreeSWITCH-Hostname': 'host', 'FreeSWITCH-IPv4': '192.0.2.1',
    'Event-Date-GMT': 'Fri, 20 Nov 2026 10:00:00 GMT', 'Event-Date-Timestamp': String(at * 1000), 'Event-Sequence': '1', 'DTMF-Digit': '5',
  });
});

it('numbers events, names subclasses, and forgets who left', () => {
  const bus = createBus(core, () => at);
  const one = listener(true);
  const leave = bus.add(one);
  bus.fire('CUSTOM', { subclass: 'a::b', headers: () => [] });
  bus.fire('HEARTBEAT', { headers: () => [] });
  leave();
  expect(bus.listeners()).toBe(0);
  bus.fire('HEARTBEAT', { headers: () => [] });
  expect(one.got.map((e) => Object.fromEntries(e.headers)['Event-Sequence'])).toEqual(['1', '2']);
  expect(Object.fromEntries(one.got[0]!.headers)['Event-Subclass']).toBe('a::b');
});
