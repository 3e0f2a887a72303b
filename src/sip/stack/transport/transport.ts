import { isIPv6 } from 'node:net';
import { systemClock } from '../clock/clock.js';
import { SipSyntaxError } from '../message/errors.js';
import { parseMessage } from '../message/parse.js';
import { serialize } from '../message/serialize.js';
import type { SipMessage } from '../message/types.js';
import { topVia } from '../message/read.js';
import { isWildcard, ownAddress, pickListener } from './address.js';
import { TransportError } from './errors.js';
import { createRate, standardLimits } from './limits.js';
import { createTcpTable } from './tcp.js';
import type { Listen, Local, Remote, Transport, TransportOptions } from './types.js';
import { openUdp, type UdpListener } from './udp.js';
import { stampSource } from './via.js';

interface Open extends Local {
  readonly advertise: string;
  readonly udp: UdpListener | undefined;
  readonly close: () => Promise<void>;
}

/** Opens all listeners. @throws ListenError; those already open are closed then */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  const limits = { ...standardLimits, ...options.limits };
  const clock = options.clock ?? systemClock;
  const door = createDoor(options, createRate(limits.malformedPerSecond, clock));
  const tcp = createTcpTable({
    limits, clock,
    onFrame: (frame, from, local) =>
      frame.type === 'message' ? door.message(() => frame.message, from, local, frame.raw) : door.malformed(frame.error, from, local, frame.raw),
    onClosed: (remote) => options.onClosed?.(remote),
  });
  const open: Open[] = [];
  try {
    for (const listen of options.listen) open.push(await openListener(listen));
  } catch (error) {
    await Promise.all(open.map((o) => o.close()));
    throw error;
  }
  return bind(options, open, tcp);

  async function openListener(listen: Listen): Promise<Open> {
    const { proto, address } = listen;
    const own = isWildcard(address) ? ownAddress(isIPv6(address) ? 'IPv6' : 'IPv4') : address;
    const advertise = listen.advertise ?? own;
    if (proto === 'tcp') {
      const { local, close } = await tcp.listen(listen);
      return { proto, address, port: local.port, advertise, udp: undefined, close };
    }
    let local: Local = listen;
    const udp = await openUdp(listen, (data, from) => door.message(() => parseMessage(data), from, local, data));
    local = { proto, address, port: udp.port };
    return { proto, address, port: udp.port, advertise, udp, close: udp.close };
  }
}

/** What comes in: read, stamped with its source, handed on; what cannot be read is reported, but not for ever to a flooder. */
function createDoor(options: TransportOptions, mayReport: (key: string) => boolean) {
  const malformed = (error: SipSyntaxError, from: Remote, local: Local, raw: Buffer): void => {
    if (!mayReport(from.address)) return;
    const { partial } = error;
    if (partial?.type === 'request' && hasVia(partial)) stampSource(partial, from);
    options.onMalformed(error, from, local, raw);
  };
  const message = (read: () => SipMessage, from: Remote, local: Local, raw: Buffer): void => {
    let found: SipMessage;
    try {
      found = read();
      if (found.type === 'request') stampSource(found, from);
    } catch (error) {
      if (!(error instanceof SipSyntaxError)) throw error;
      return malformed(error, from, local, raw);
    }
    options.onMessage(found, from, local, raw);
  };
  return { malformed, message };
}

function hasVia(message: Parameters<typeof topVia>[0]): boolean {
  try {
    return topVia(message).host !== '';
  } catch (error) {
    if (error instanceof SipSyntaxError) return false;
    throw error;
  }
}

function bind(options: TransportOptions, open: readonly Open[], tcp: ReturnType<typeof createTcpTable>): Transport {
  let failures = 0;
  const none = (to: Remote): TransportError =>
    new TransportError(`no ${to.proto} listener reaches ${to.address}`, { hint: 'add a listener of that protocol and family' });
  return {
    send(data, to, { local, connect = true, onError } = {}) {
      const failed = (error: TransportError): void => {
        failures += 1;
        onError?.(error);
      };
      const from = pickListener(open, to, local);
      if (!from) return queueMicrotask(() => failed(none(to)));
      const bytes = Buffer.isBuffer(data) ? data : serialize(data);
      options.onSent?.(bytes, to, from);
      if (!from.udp) return tcp.send(bytes, to, from, connect, failed);
      from.udp.send(bytes, to, (cause) => {
        if (cause) failed(new TransportError(`sending to ${to.address} port ${to.port} by UDP failed`, { cause }));
      });
    },
    sentBy(to, local) {
      const from = pickListener(open, to, local);
      if (!from) throw none(to);
      return { host: from.advertise, port: from.port };
    },
    addresses: () => open.map(({ proto, address, port, advertise }) => ({ proto, address, port, advertise })),
    trust: (remote) => tcp.trust(remote),
    connections: () => tcp.size,
    failures: () => failures,
    async close() {
      tcp.close();
      await Promise.all(open.map((o) => o.close()));
    },
  };
}
