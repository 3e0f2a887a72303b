import { randomBytes } from 'node:crypto';
import { drive } from '../../base/drive.js';
import type { Ms } from '../../base/index.js';
import type { TrunkConfig } from '../../config/index.js';
import { answerChallenge, isStale } from '../digest/client.js';
import { EdgeDown, type Asked, type Requester } from '../requester.js';
import type { Random } from '../numbers/order.js';
import { hostPort, parseNameAddr, parseUri, splitList } from '../uri.js';
import { registration, type Registration, type RegistrationEffect, type RegistrationEvent } from './registration.js';

export interface Registrant {
  state(): Registration;
  doubt(): void;
  /** Takes the registration back; settles when the carrier has answered, or will not. */
  leave(): Promise<void>;
  /** Says nothing to anybody. */
  close(): void;
}
export interface RegistrantOptions {
  readonly trunk: TrunkConfig;
  readonly requester: Requester;
  readonly random: Random;
  /** Whoever had the account before has left by then. */
  readonly after?: Promise<void> | undefined;
  readonly onChange: (to: 'registered' | 'unregistered', why: string, host: string) => void;
}
const timeoutMs: Ms = 32_000;

/** Keeps one trunk registered; undefined where it does not register. */
export function createRegistrant({ trunk, requester, random, after, onChange }: RegistrantOptions): Registrant | undefined {
  const account = trunk.register;
  if (!account) return undefined;
  const settings = { hosts: trunk.hosts.length, expiresMs: account.expiresMs, retryMs: account.retryMs, maxRetryMs: account.maxRetryMs };
  const ordered = [...trunk.hosts].sort((a, b) => a.priority - b.priority || b.weight - a.weight);
  const hostAt = (i: number): string => ordered[i]?.uri ?? '';
  const callId = `${randomBytes(12).toString('hex')}@strowger`;
  let cseq = 0;
  let last: { readonly res: Asked; readonly host: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let state: Registration = { at: 'off' };
  let closed = false;
  let gone = (): void => undefined;

  const send = async ({ host, expiresMs }: Extract<RegistrationEffect, { do: 'send' }>): Promise<RegistrationEvent> => {
    const uri = parseUri(hostAt(host));
    if (!uri) return { type: 'failed', why: 'the host is no SIP URI' };
    const requestUri = `sip:${hostPort(uri.host, uri.port)}${uri.params.has('transport') ? `;transport=${uri.params.get('transport') ?? ''}` : ''}`;
    const aor = `<sip:${account.username}@${hostPort(uri.host, undefined)}>`;
    const auth = last?.host === host ? answerChallenge(last.res, { method: 'REGISTER', uri: requestUri }, { username: account.authUsername, password: account.password }) : undefined;
    last = undefined;
    cseq += 1;
    try {
      const res = await requester.request({
        method: 'REGISTER',
        uri: requestUri,
        timeoutMs,
        headers: {
          'Call-ID': callId, CSeq: `${cseq} REGISTER`, From: aor, To: aor, Contact: `<sip:${account.username}@localhost>`, Expires: String(Math.ceil(expiresMs / 1000)),
          ...(auth ? { [auth.name]: auth.value } : {}),
        },
      });
      if (res.status === 401 || res.status === 407) {
        last = { res, host };
        const answerable = answerChallenge(res, { method: 'REGISTER', uri: requestUri }, { username: account.authUsername, password: account.password }) !== undefined;
        return { type: 'challenged', stale: isStale(res), answerable };
      }
      return read(res, account.username, expiresMs);
    } catch (error) {
      return error instanceof EdgeDown ? { type: 'unsent' } : { type: 'failed', why: error instanceof Error ? error.message : String(error) };
    }
  };
  const perform = (effect: RegistrationEffect, post: (event: RegistrationEvent) => void): void => {
    switch (effect.do) {
      case 'send': void send(effect).then(post); break;
      case 'disarm': clearTimeout(timer); break;
      case 'gone': gone(); break;
      case 'arm':
        clearTimeout(timer);
        // A tenth less at most, so that many trunks do not knock at the same moment.
        timer = setTimeout(() => post({ type: 'timer' }), effect.ms * (1 - random() / 10));
        timer.unref();
        break;
      case 'publish': onChange(effect.to, effect.why, hostAt(state.at === 'off' ? 0 : state.host)); break;
    }
  };
  const post = drive<Registration, RegistrationEvent, RegistrationEffect>((s, e) => {
    const next = registration(s, e, settings);
    state = next[0];
    return next;
  }, [state, []], perform);
  if (after) void after.then(() => { if (!closed) post({ type: 'started' }); });
  else post({ type: 'started' });
  return {
    state: () => state,
    doubt: () => post({ type: 'doubted' }),
    leave() {
      closed = true;
      return new Promise((resolve) => {
        gone = resolve;
        post({ type: 'left' });
      });
    },
    close() {
      closed = true;
      post({ type: 'stopped' });
    },
  };
}

function read(res: Asked, username: string, askedMs: Ms): RegistrationEvent {
  if (res.status >= 200 && res.status < 300) return { type: 'accepted', expiresMs: grantedMs(res, username) ?? askedMs };
  const minExpires = Number(res.get('Min-Expires'));
  if (res.status === 423 && Number.isInteger(minExpires) && minExpires > 0 && minExpires <= 86_400) return { type: 'too_brief', minExpiresMs: minExpires * 1000 };
  return { type: 'failed', why: `${res.status} ${res.reason}` };
}

/** The interval granted: of our Contact, else of the whole answer (RFC 3261 §10.2.4). */
function grantedMs(res: Asked, username: string): Ms | undefined {
  const ours = splitList(res.get('Contact') ?? '').map(parseNameAddr).find((c) => c !== undefined && parseUri(c.uri)?.user === username);
  const seconds = Number(ours?.params.get('expires') ?? res.get('Expires') ?? 'NaN');
  return Number.isInteger(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}
