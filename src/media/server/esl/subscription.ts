import type { FsEvent } from '../events/event.js';
import { eventName, MY_EVENTS, SINGLE_EVENTS, type EventName } from '../events/names.js';

export type Format = 'plain' | 'json';

/** What one connection listens to: `event`, `nixevent`, `noevents`, `filter`, `myevents` of mod_event_socket. */
export interface Subscription {
  readonly format: () => Format;
  /** Each answers with the reply text of FreeSWITCH. */
  readonly event: (args: string) => string;
  readonly nixEvent: (args: string) => string;
  readonly noEvents: () => string;
  readonly filter: (args: string) => string;
  readonly myEvents: (uuid: string, format: string) => string;
  readonly wants: (name: EventName, subclass: string | undefined, uuid: string | undefined) => boolean;
  readonly passes: (event: FsEvent) => boolean;
}

interface Filter {
  readonly header: string;
  readonly value: string;
}

export function createSubscription(): Subscription {
  let names = new Set<EventName>();
  const subclasses = new Set<string>();
  let filters: Filter[] = [];
  let on = false;
  let mine: string | undefined;
  let format: Format = 'plain';

  const asFormat = (text: string): Format | undefined => {
    const lower = text.toLowerCase();
    return lower === 'plain' || lower === 'json' ? lower : undefined;
  };

  /** Only `Unique-ID` filters, and none of them for this channel: no need to build the event. */
  const filteredOut = (uuid: string | undefined): boolean =>
    uuid !== undefined && filters.length > 0 && filters.every((f) => f.header.toLowerCase() === 'unique-id' && /^[^+\-/ ]/.test(f.value) && f.value.toLowerCase() !== uuid);

  return {
    format: () => format,
    event(args) {
      const words = args.split(' ').filter((w) => w !== '');
      if (words[0]?.toLowerCase() === 'xml') return '-ERR XML events are not supported, take json';
      const first = asFormat(words[0] ?? '');
      if (first) {
        format = first;
        words.shift();
      }
      let keys = 0;
      let custom = false;
      for (const word of words) {
        const name: EventName | undefined = custom ? undefined : eventName(word);
        if (custom) subclasses.add(word);
        if (!name) continue;
        keys++;
        names.add(name);
        custom = name === 'CUSTOM';
      }
      if (keys === 0) return '-ERR no keywords supplied';
      on = true;
      return `+OK event listener enabled ${format}`;
    },
    nixEvent(args) {
      let keys = 0;
      let custom = false;
      for (const word of args.split(' ').filter((w) => w !== '')) {
        const name: EventName | undefined = custom ? undefined : eventName(word);
        if (custom) subclasses.delete(word);
        if (!name) continue;
        keys++;
        if (name === 'CUSTOM') custom = true;
        else if (name === 'ALL') names.clear();
        else names = withoutOne(names, name);
      }
      if (keys === 0) return '-ERR no keywords supplied';
      on = true;
      return '+OK events nixed';
    },
    noEvents() {
      if (!on) return '-ERR not listening for events';
      on = false;
      names.clear();
      subclasses.clear();
      return '+OK no longer listening for events';
    },
    filter(args) {
      const [first = '', ...rest] = args.trim().split(' ');
      if (rest.length === 0) return '-ERR invalid syntax';
      if (first.toLowerCase() === 'delete') {
        const [header = '', ...words] = rest;
        const value = words.join(' ');
        filters = header.toLowerCase() === 'all' ? [] : filters.filter((f) => f.header.toLowerCase() !== header.toLowerCase() || (value !== '' && f.value !== value));
        return `+OK filter deleted. [${header}][${value}]`;
      }
      const [header = '', ...words] = first.toLowerCase() === 'add' ? rest : [first, ...rest];
      filters.push({ header, value: words.join(' ') });
      return `+OK filter added. [${header}]=[${words.join(' ')}]`;
    },
    myEvents(uuid, wanted) {
      if (mine !== undefined) return '-ERR aready enabled.';
      mine = uuid;
      for (const name of MY_EVENTS) names.add(name);
      format = asFormat(wanted) ?? format;
      on = true;
      return '+OK Events Enabled';
    },
    wants(name, subclass, uuid) {
      if (!on || !(names.has('ALL') || names.has(name))) return false;
      if (name === 'CUSTOM' && subclass !== undefined && !names.has('ALL') && !subclasses.has(subclass)) return false;
      if (mine !== undefined && uuid !== mine && name !== 'BACKGROUND_JOB') return false;
      return !filteredOut(uuid);
    },
    passes: (event) => passesFilters(filters, event) && (mine === undefined || event.uuid === mine || header(event, 'job-owner-uuid') === mine),
  };
}

/** Taking one event away from "all" leaves every other one. */
function withoutOne(names: Set<EventName>, name: EventName): Set<EventName> {
  const left = new Set(names.has('ALL') ? SINGLE_EVENTS : names);
  left.delete(name);
  return left;
}

const header = (event: FsEvent, name: string): string | undefined => event.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

/**
 * With filters, an event needs one that matches; a `-` in front of the value shuts out what matches, `/…/` is a regular
 * expression (event_handler in mod_event_socket.c).
 */
function passesFilters(filters: readonly Filter[], event: FsEvent): boolean {
  if (filters.length === 0) return true;
  let send = false;
  for (const filter of filters) {
    const actual = header(event, filter.header);
    if (actual === undefined) continue;
    const [, sign = '', value = ''] = /^([+\- ]*)([^]*)$/.exec(filter.value) ?? [];
    const positive = !sign.trimEnd().endsWith('-');
    if (send && positive) continue;
    if (!matches(value, actual)) continue;
    if (!positive) return false;
    send = true;
  }
  return send;
}

function matches(value: string, actual: string): boolean {
  const expression = /^\/(.*)\/$/.exec(value)?.[1];
  if (expression === undefined) return value.toLowerCase() === actual.toLowerCase();
  try {
    return new RegExp(expression).test(actual);
  } catch {
    return false;
  }
}
