import { hash, digestResponse } from '../digest/compute.js';
import { parseDigest } from '../digest/header.js';
import { EdgeDown, NoAnswer, type Ask, type Asked, type Requester } from '../requester.js';

/** A carrier as the trunks see it: answers OPTIONS and REGISTER by host, can be dead, forgetful, or lost with our edge. */
export interface Carrier extends Requester {
  readonly asks: Ask[];
  /** Statuses by method and host; a host without one answers 200 (REGISTER: after a challenge). */
  readonly answers: Map<string, number>;
  readonly dead: Set<string>;
  edgeUp: boolean;
  algorithm: 'MD5' | 'SHA-256';
  password: string;
  grantedSeconds: number;
  minExpires: number;
  /** Answers wait until they are released. */
  hold(): void;
  release(): Promise<void>;
}
export function carrier(): Carrier {
  let nonces = 0;
  let held: (() => void)[] | undefined;
  const reply = (status: number, headers: Record<string, string> = {}): Asked => ({ status, reason: `said ${status}`, get: (name) => headers[name] });
  const me: Carrier = {
    asks: [], answers: new Map(), dead: new Set(), edgeUp: true, algorithm: 'MD5', password: 'pw', grantedSeconds: 100, minExpires: 0,
    hold: () => void (held = []),
    async release() {
      const waiting = held ?? [];
      held = undefined;
      waiting.forEach((go) => go());
      await Promise.resolve();
    },
    async request(ask) {
      me.asks.push(ask);
      const wait = held;
      if (wait) await new Promise<void>((resolve) => wait.push(resolve));
      const host = /^sip:([^;]+)/.exec(ask.uri)?.[1] ?? '';
      if (!me.edgeUp) throw new EdgeDown('down');
      if (me.dead.has(host)) throw new NoAnswer('no answer');
      const status = me.answers.get(`${ask.method} ${host}`);
      if (status !== undefined) return reply(status);
      return ask.method === 'REGISTER' ? judge(ask) : reply(200);
    },
  };
  const judge = (ask: Ask): Asked => {
    const given = parseDigest(ask.headers.Authorization ?? '');
    const seconds = Number(ask.headers.Expires);
    const [nonce, cnonce, user] = [given?.get('nonce'), given?.get('cnonce'), given?.get('username')];
    if (given && nonce !== undefined && cnonce !== undefined && user !== undefined) {
      const ha1 = hash(me.algorithm, `${user}:carrier:${me.password}`);
      const right = digestResponse({ algorithm: me.algorithm, ha1, method: 'REGISTER', uri: ask.uri, nonce, auth: { nc: '00000001', cnonce } }) === given.get('response');
      if (right && seconds < me.minExpires) return reply(423, { 'Min-Expires': String(me.minExpires) });
      if (right) return reply(200, { Contact: `<sip:other@1.2.3.4>;expires=7, <${/<(.*)>/.exec(ask.headers.Contact ?? '')?.[1] ?? ''}>;expires=${Math.min(seconds, me.grantedSeconds)}` });
    }
    nonces += 1;
    return reply(401, { 'WWW-Authenticate': `Digest realm="carrier", nonce="n${nonces}", qop="auth", algorithm=${me.algorithm}` });
  };
  return me;
}
