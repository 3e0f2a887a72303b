import type { Ms, Next } from '../../base/index.js';

/** Our registration with a carrier: RFC 3261 §10.2, one request at a time. `host` is an index into the trunk's hosts. */
export type Registration =
  | { readonly at: 'off' }
  | { readonly at: 'asking'; readonly host: number; readonly expiresMs: Ms; readonly failures: number; readonly challenged: number; readonly known: boolean }
  | { readonly at: 'registered'; readonly host: number; readonly expiresMs: Ms }
  | { readonly at: 'waiting'; readonly host: number; readonly failures: number }
  /** Takes its registration back (RFC 3261 §10.2.2). `behind`: a request of before is still being answered. */
  | { readonly at: 'leaving'; readonly host: number; readonly behind: boolean; readonly known: boolean; readonly challenged: number };

export type RegistrationEvent =
  | { readonly type: 'started' | 'timer' | 'stopped' }
  /** The trunk is removed, or changed: the carrier is told. */
  | { readonly type: 'left' }
  /** Something hints that the carrier may have forgotten us: it came back from the dead, or refused a call. */
  | { readonly type: 'doubted' }
  | { readonly type: 'challenged'; readonly stale: boolean; readonly answerable: boolean }
  | { readonly type: 'accepted'; readonly expiresMs: Ms }
  | { readonly type: 'too_brief'; readonly minExpiresMs: Ms }
  | { readonly type: 'failed'; readonly why: string }
  /** Our own SIP server is away: says nothing about the carrier. */
  | { readonly type: 'unsent' };

export type RegistrationEffect =
  | { readonly do: 'send'; readonly host: number; readonly expiresMs: Ms; readonly authorise: boolean }
  | { readonly do: 'arm'; readonly ms: Ms }
  | { readonly do: 'disarm' }
  /** Nothing of it is left, or no answer came in time. */
  | { readonly do: 'gone' }
  | { readonly do: 'publish'; readonly to: 'registered' | 'unregistered'; readonly why: string };

export interface RegistrationSettings {
  readonly hosts: number;
  readonly expiresMs: Ms;
  readonly retryMs: Ms;
  readonly maxRetryMs: Ms;
}
type Step = Next<Registration, RegistrationEffect>;

/** A refresh leaves a fifth of the interval for retries. */
const refreshShare = 0.8;
/** A carrier that does not answer will forget us by itself. */
const leaveMs: Ms = 4_000;

export function registration(s: Registration, e: RegistrationEvent, settings: RegistrationSettings): Step {
  if (s.at === 'leaving') return leaving(s, e);
  switch (e.type) {
    case 'stopped':
      return [{ at: 'off' }, s.at === 'registered' ? [{ do: 'disarm' }, { do: 'publish', to: 'unregistered', why: 'stopped' }] : [{ do: 'disarm' }]];
    case 'left': {
      const news: RegistrationEffect[] = s.at === 'registered' || (s.at === 'asking' && s.known) ? [{ do: 'publish', to: 'unregistered', why: 'stopped' }] : [];
      if (s.at === 'registered') return takeBack(s.host, news);
      if (s.at === 'asking') return [{ at: 'leaving', host: s.host, behind: true, known: s.known, challenged: 0 }, [{ do: 'arm', ms: leaveMs }, ...news]];
      return [{ at: 'off' }, [{ do: 'disarm' }, { do: 'gone' }]];
    }
    case 'started':
      return s.at === 'off' ? ask(0, 0, false, settings.expiresMs) : [s, []];
    case 'timer': case 'doubted':
      if (s.at === 'registered') return ask(s.host, 0, true, settings.expiresMs);
      return s.at === 'waiting' ? ask(s.host, e.type === 'doubted' ? 0 : s.failures, false, settings.expiresMs) : [s, []];
    case 'challenged': {
      if (s.at !== 'asking') return [s, []];
      // A second refusal of the same credentials means that they are wrong, unless only the nonce was too old.
      if (!e.answerable || s.challenged >= (e.stale ? 3 : 1)) return fail(s, e.answerable ? 'credentials refused' : 'challenge cannot be answered', settings);
      return [{ ...s, challenged: s.challenged + 1 }, [{ do: 'send', host: s.host, expiresMs: s.expiresMs, authorise: true }]];
    }
    case 'too_brief': {
      if (s.at !== 'asking') return [s, []];
      if (e.minExpiresMs <= s.expiresMs) return fail(s, 'interval refused', settings);
      return [{ ...s, expiresMs: e.minExpiresMs, challenged: 0 }, [{ do: 'send', host: s.host, expiresMs: e.minExpiresMs, authorise: true }]];
    }
    case 'accepted': {
      if (s.at !== 'asking') return [s, []];
      const news: RegistrationEffect[] = s.known ? [] : [{ do: 'publish', to: 'registered', why: 'accepted' }];
      return [{ at: 'registered', host: s.host, expiresMs: e.expiresMs }, [...news, { do: 'arm', ms: e.expiresMs * refreshShare }]];
    }
    case 'unsent':
      return s.at === 'asking' ? [{ at: 'waiting', host: s.host, failures: s.failures }, [{ do: 'arm', ms: settings.retryMs }]] : [s, []];
    case 'failed':
      return s.at === 'asking' ? fail(s, e.why, settings) : [s, []];
  }
}

const takeBack = (host: number, news: readonly RegistrationEffect[]): Step =>
  [{ at: 'leaving', host, behind: false, known: false, challenged: 0 }, [{ do: 'disarm' }, { do: 'send', host, expiresMs: 0, authorise: true }, { do: 'arm', ms: leaveMs }, ...news]];

function leaving(s: Extract<Registration, { at: 'leaving' }>, e: RegistrationEvent): Step {
  const off: Step = [{ at: 'off' }, [{ do: 'disarm' }, { do: 'gone' }]];
  switch (e.type) {
    case 'stopped': case 'timer':
      return off;
    case 'started': case 'left': case 'doubted':
      return [s, []];
    case 'challenged':
      if (s.behind) return s.known ? takeBack(s.host, []) : off;
      return e.answerable && s.challenged === 0 ? [{ ...s, challenged: 1 }, [{ do: 'send', host: s.host, expiresMs: 0, authorise: true }]] : off;
    case 'accepted':
      return s.behind ? takeBack(s.host, []) : off;
    case 'too_brief': case 'failed': case 'unsent':
      return s.behind && s.known ? takeBack(s.host, []) : off;
  }
}

const ask = (host: number, failures: number, known: boolean, expiresMs: Ms): Step =>
  [{ at: 'asking', host, expiresMs, failures, challenged: 0, known }, [{ do: 'disarm' }, { do: 'send', host, expiresMs, authorise: true }]];

function fail(s: Extract<Registration, { at: 'asking' }>, why: string, { hosts, retryMs, maxRetryMs }: RegistrationSettings): Step {
  const failures = s.failures + 1;
  const host = (s.host + 1) % Math.max(1, hosts);
  // A full round of hosts is tried before the pause grows.
  const rounds = Math.floor((failures - 1) / Math.max(1, hosts));
  const news: RegistrationEffect[] = s.known || s.failures === 0 ? [{ do: 'publish', to: 'unregistered', why }] : [];
  return [{ at: 'waiting', host, failures }, [...news, { do: 'arm', ms: Math.min(maxRetryMs, retryMs * 2 ** Math.min(20, rounds)) }]];
}
