import { randomInt } from 'node:crypto';
import { cseqOf, type SipRequest, type SipResponse } from '../stack/index.js';
import type { Core, Pending } from './core.js';

/** Reliable provisional responses of one INVITE (RFC 3262 §3), one after the other. */
interface Line {
  next: number;
  readonly waiting: SipResponse[];
  sent: { readonly rseq: number; readonly stop: () => void } | undefined;
}

export interface Reliable {
  /** Sends it with an RSeq, again and again until its PRACK; later ones wait their turn. */
  send(pending: Pending, response: SipResponse, onLost: () => void): void;
  /** Whether this PRACK acknowledges what is outstanding; if so, the next one goes out. */
  acknowledged(pending: Pending, prack: SipRequest, onLost: () => void): boolean;
}

/** Whether the caller can take part: 100rel in its Supported or Require. */
export const takesReliable = (invite: SipRequest): boolean =>
  [...invite.headers.all('Supported'), ...invite.headers.all('Require')].some((option) => option.toLowerCase() === '100rel');

export const wantsReliable = (response: SipResponse): boolean =>
  response.status > 100 && response.status < 200 && response.headers.all('Require').some((option) => option.toLowerCase() === '100rel');

export function createReliable(core: Core): Reliable {
  const lines = new WeakMap<Pending, Line>();
  const lineOf = (pending: Pending): Line => {
    const found = lines.get(pending) ?? { next: randomInt(1, 2 ** 16), waiting: [], sent: undefined };
    lines.set(pending, found);
    return found;
  };
  function transmit(pending: Pending, line: Line, onLost: () => void): void {
    const response = line.waiting.shift();
    if (response === undefined) return;
    const rseq = line.next;
    line.next += 1;
    response.headers.set('RSeq', rseq);
    pending.tx.respond(response);
    const { t1Ms } = core.patience.timing;
    let waited = 0;
    let stop = (): void => undefined;
    const arm = (delay: number): void => {
      stop = core.alarms.after(delay, () => {
        waited += delay;
        if (waited >= 64 * t1Ms) return onLost();
        pending.tx.respond(response);
        arm(delay * 2);
      });
    };
    arm(t1Ms);
    line.sent = { rseq, stop: () => stop() };
    pending.stopReliable = () => stop();
  }
  return {
    send(pending, response, onLost) {
      const line = lineOf(pending);
      line.waiting.push(response);
      if (line.sent === undefined) transmit(pending, line, onLost);
    },
    acknowledged(pending, prack, onLost) {
      const line = lines.get(pending);
      const [rseq, seq, method] = (prack.headers.get('RAck') ?? '').split(/\s+/);
      if (line?.sent === undefined || Number(rseq) !== line.sent.rseq || method !== 'INVITE' || Number(seq) !== cseqOf(pending.tx.request).seq) return false;
      line.sent.stop();
      line.sent = undefined;
      transmit(pending, line, onLost);
      return true;
    },
  };
}
