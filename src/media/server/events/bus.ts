import { createEvent, type FsEvent, type Header } from './event.js';
import type { EventName } from './names.js';

/** One event socket connection as the bus sees it. */
export interface Listener {
  /** Cheap: may this listener take such an event? Asked before the event is built. */
  readonly wants: (name: EventName, subclass: string | undefined, uuid: string | undefined) => boolean;
  /** Takes it, unless a filter on its headers says no. */
  readonly offer: (event: FsEvent) => void;
}

export interface EventSource {
  readonly subclass?: string;
  readonly uuid?: string;
  readonly body?: string;
  /** Built only when somebody listens. */
  readonly headers: () => readonly Header[];
}

export interface Bus {
  readonly fire: (name: EventName, source: EventSource) => void;
  readonly add: (listener: Listener) => () => void;
  /** The headers every event begins with. */
  readonly preamble: (name: EventName, subclass?: string) => Header[];
  readonly listeners: () => number;
}

export interface Core {
  readonly coreUuid: string;
  readonly hostname: string;
  readonly address: string;
}

/** Events of the whole server: an event nobody listens to costs one look at each listener. `now` is wall-clock milliseconds. */
export function createBus(core: Core, now: () => number = Date.now): Bus {
  const listeners = new Set<Listener>();
  let sequence = 0;

  const preamble = (name: EventName, subclass?: string): Header[] => {
    const at = new Date(now());
    const headers: Header[] = [
      ['Event-Name', name],
      ['Core-UUID', core.coreUuid],
      ['FreeSWITCH-Hostname', core.hostname],
      ['FreeSWITCH-Switchname', core.hostname],
      ['FreeSWITCH-IPv4', core.address],
      ['FreeSWITCH-IPv6', '::1'],
      ['Event-Date-Local', localDate(at)],
      ['Event-Date-GMT', at.toUTCString()],
      ['Event-Date-Timestamp', String(at.getTime() * 1000)],
      ['Event-Calling-File', 'strowger'],
      ['Event-Calling-Function', 'fire'],
      ['Event-Calling-Line-Number', '0'],
      ['Event-Sequence', String(++sequence)],
    ];
    if (subclass !== undefined) headers.push(['Event-Subclass', subclass]);
    return headers;
  };

  const fire = (name: EventName, source: EventSource): void => {
    let event: FsEvent | undefined;
    for (const listener of listeners) {
      if (!listener.wants(name, source.subclass, source.uuid)) continue;
      event ??= createEvent(name, [...preamble(name, source.subclass), ...source.headers()], source);
      listener.offer(event);
    }
  };

  return {
    fire,
    preamble,
    listeners: () => listeners.size,
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const two = (n: number): string => String(n).padStart(2, '0');
const localDate = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
