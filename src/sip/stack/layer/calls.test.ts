import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock, type ManualClock } from '../clock/clock.js';
import { incomingKey, keyOf, onDialogAnswer, onDialogRequest, onDialogResponse, uacDialog, uasDialog } from '../dialog/dialog.js';
import { ackFor2xx, inDialogRequest } from '../dialog/request.js';
import type { Dialog } from '../dialog/types.js';
import { createRequest, createResponse } from '../message/create.js';
import { contactOf, cseqOf, toTag } from '../message/read.js';
import type { SipRequest, SipResponse } from '../message/types.js';
import type { Remote } from '../transport/types.js';
import { createTransactions } from './transactions.js';
import type { ClientHandlers, ClientTx, ServerTx, Transactions } from './types.js';
import { createWire, type Wire } from './wire.js';

// Two small user agents on the whole stack but its sockets: calls as RFC 3665 draws them, and with messages lost.

const contactTo = (address: string): [string, string] => ['Contact', `<sip:user@${address}>`];

interface Phone {
  readonly transactions: Transactions;
  readonly address: string;
  /** What its user would notice. */
  readonly log: string[];
  readonly dialogs: Map<string, Dialog>;
  /** What it does with a call that comes in. */
  onInvite: (tx: ServerTx) => void;
  call(to: string): ClientTx;
  accept(tx: ServerTx): void;
  send(method: string): void;
}

function phone(clock: ManualClock, wire: Wire, address: string): Phone {
  const log: string[] = [];
  const dialogs = new Map<string, Dialog>();
  const keep = (dialog: Dialog): void => {
    if (dialog.state === 'terminated') dialogs.delete(keyOf(dialog));
    else dialogs.set(keyOf(dialog), dialog);
  };
  const at = (host: string): Remote => ({ proto: 'udp', address: host, port: 5060 });
  const transport = wire.join(address, (message, from, local) => transactions.receive(message, from, local));
  const transactions = createTransactions({
    transport, clock,
    onAck: () => log.push('up'),
    onRequest: (tx) => (toTag(tx.request) === undefined ? self.onInvite(tx) : inDialog(tx)),
  });

  const inDialog = (tx: ServerTx): void => {
    const { request } = tx;
    const dialog = dialogs.get(incomingKey(request));
    if (!dialog) return void tx.respond(createResponse(request, 481));
    const { dialog: next, refusal } = onDialogRequest(dialog, request, tx.remote);
    const response = createResponse(request, refusal ?? 200, { headers: [contactTo(address)] });
    keep(onDialogAnswer(next, request, response));
    log.push(`got ${request.method}`);
    if (request.method === 'INVITE' && refusal === undefined) transactions.retransmit2xx(tx, response, () => log.push('no ACK'));
    else tx.respond(response);
  };
  const settle = (tx: ClientTx, response: SipResponse): void => {
    const { request } = tx;
    const known = [...dialogs.values()].find((d) => d.remoteTag === toTag(response));
    if (!known && request.method !== 'INVITE') return;
    const dialog = known ? onDialogResponse(known, request, response) : uacDialog(request, response);
    if (known ?? response.status < 300) keep(dialog);
    if (request.method === 'INVITE' && response.status < 300) tx.ack(ackFor2xx(dialog, request), at(hostOf(response)));
  };
  const ask = (request: SipRequest, host: string): ClientTx => {
    const handlers: ClientHandlers = {
      onResponse(response) {
        log.push(`${response.status} ${request.method}`);
        if (response.status >= 200 || toTag(response) !== undefined) settleLater(response);
      },
      onTimeout: () => log.push(`${request.method} timed out`),
      onTransportError: () => log.push(`${request.method} failed`),
    };
    const tx = transactions.request(request, at(host), handlers);
    const settleLater = (response: SipResponse): void => (response.status < 200 ? keep(uacDialog(tx.request, response)) : settle(tx, response));
    return tx;
  };
  const self: Phone = {
    transactions, address, log, dialogs,
    onInvite: (tx) => self.accept(tx),
    call: (to) =>
      ask(createRequest({ method: 'INVITE', uri: `sip:user@${to}`, from: `<sip:user@${address}>;tag=${address}`, to: `<sip:user@${to}>`, callId: `from-${address}`, cseq: 1, headers: [contactTo(address)] }), to),
    accept(tx) {
      const response = createResponse(tx.request, 200, { toTag: address, headers: [contactTo(address)] });
      keep(uasDialog(tx.request, response, tx.remote));
      transactions.retransmit2xx(tx, response, () => {
        log.push('no ACK');
        self.send('BYE');
      });
    },
    send(method) {
      for (const dialog of dialogs.values()) {
        const next = inDialogRequest(dialog, { method, contact: contactTo(address)[1] });
        keep(next.dialog);
        ask(next.request, dialog.remoteTarget.split('@')[1] ?? '');
      }
    },
  };
  return self;
}

const hostOf = (response: SipResponse): string => contactOf(response)?.uri.split('@')[1] ?? '';

function ring() {
  const clock = manualClock();
  const wire = createWire(clock);
  const [a, b, c] = ['1.1.1.1', '2.2.2.2', '3.3.3.3'].map((address) => phone(clock, wire, address));
  if (!a || !b || !c) throw new Error('three phones');
  const talk = (): void => {
    a.call(b.address);
    clock.advance(10);
  };
  const leftovers = (): number[] => [a, b, c].flatMap((p) => [p.dialogs.size, p.transactions.count(), p.transactions.timers()]);
  return { clock, wire, a, b, c, talk, leftovers };
}
const nothing = Array<number>(9).fill(0);
const forGood = 200_000;

describe('a call', () => {
  it('is made and ended (RFC 3665 §3.1)', () => {
    const { clock, wire, a, b, talk, leftovers } = ring();
    talk();
    a.send('BYE');
    clock.advance(10);
    expect(wire.seen()).toEqual([
      '1.1.1.1→2.2.2.2 INVITE', '2.2.2.2→1.1.1.1 200 INVITE', '1.1.1.1→2.2.2.2 ACK',
      '1.1.1.1→2.2.2.2 BYE', '2.2.2.2→1.1.1.1 200 BYE',
    ]);
    expect([a.log, b.log]).toEqual([['200 INVITE', '200 BYE'], ['up', 'got BYE']]);
    clock.advance(40_000);
    expect(leftovers()).toEqual(nothing);
  });

  it('is ended by both sides at the same moment', () => {
    const { clock, a, b, talk, leftovers } = ring();
    talk();
    a.send('BYE');
    b.send('BYE');
    clock.advance(40_000);
    expect([a.log.slice(1), b.log.slice(1)]).toEqual([['got BYE', '200 BYE'], ['got BYE', '200 BYE']]);
    expect(leftovers()).toEqual(nothing);
  });

  it('whose ACK never arrives is ended by the called side', () => {
    const { clock, wire, a, b, talk, leftovers } = ring();
    wire.lose((line) => line.endsWith('ACK'));
    talk();
    clock.advance(forGood);
    expect([a.log, b.log]).toEqual([['200 INVITE', 'got BYE'], ['no ACK', '200 BYE']]);
    expect(leftovers()).toEqual(nothing);
  });

  it('whose BYE is lost ten times ends on its eleventh copy', () => {
    const { clock, wire, a, b, talk, leftovers } = ring();
    talk();
    let lost = 0;
    wire.lose((line) => line.endsWith('BYE') && line.startsWith(a.address) && ++lost <= 10);
    a.send('BYE');
    clock.advance(40_000);
    expect([a.log, b.log]).toEqual([['200 INVITE', '200 BYE'], ['up', 'got BYE']]);
    clock.advance(40_000);
    expect(leftovers()).toEqual(nothing);
  });

  it('to a phone that has gone ends when BYE times out', () => {
    const { clock, wire, a, talk } = ring();
    talk();
    wire.lose(() => true);
    a.send('BYE');
    clock.advance(40_000);
    expect(a.log.at(-1)).toBe('BYE timed out');
  });

  it('that is unknown after a restart is answered 481', () => {
    const { clock, a, b, talk } = ring();
    talk();
    b.dialogs.clear();
    a.send('BYE');
    clock.advance(10);
    expect([a.log.at(-1), a.dialogs.size]).toEqual(['481 BYE', 0]);
  });

  it('refused: busy', () => {
    const { clock, a, b, leftovers } = ring();
    b.onInvite = (tx) => void tx.respond(createResponse(tx.request, 486));
    a.call(b.address);
    clock.advance(forGood);
    expect([a.log, leftovers()]).toEqual([['486 INVITE'], nothing]);
  });
});

describe('giving up a call', () => {
  const ringing = (b: Phone, then: (tx: ServerTx) => void = () => undefined): void => {
    b.onInvite = (tx) => {
      tx.respond(createResponse(tx.request, 180, { toTag: b.address, headers: [contactTo(b.address)] }));
      tx.onCancel(() => void tx.respond(createResponse(tx.request, 487)));
      then(tx);
    };
  };

  it('while it rings ends it with 487 (RFC 3665 §3.8)', () => {
    const { clock, a, b, leftovers } = ring();
    ringing(b);
    const tx = a.call(b.address);
    clock.advance(5_000);
    tx.cancel();
    clock.advance(forGood);
    expect([a.log, leftovers()]).toEqual([['180 INVITE', '487 INVITE'], nothing]);
  });

  it('in the moment it is answered: the 200 wins, and BYE ends it (§15)', () => {
    const { clock, a, b, leftovers } = ring();
    const waiting: ServerTx[] = [];
    ringing(b, (tx) => waiting.push(tx));
    const tx = a.call(b.address);
    clock.advance(5_000);
    tx.cancel();
    for (const there of waiting) b.accept(there);
    clock.advance(10);
    expect(a.log).toEqual(['180 INVITE', '200 INVITE']);
    a.send('BYE');
    clock.advance(forGood);
    expect([b.log, leftovers()]).toEqual([['up', 'got BYE'], nothing]);
  });

  it('whenever it happens, there is one end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }), (cancelAt, answerAt) => {
        const { clock, a, b, leftovers } = ring();
        const waiting: ServerTx[] = [];
        ringing(b, (tx) => waiting.push(tx));
        const tx = a.call(b.address);
        for (let t = 0; t <= 12; t++) {
          if (t === cancelAt) tx.cancel();
          if (t === answerAt) for (const there of waiting) if (!there.answered) b.accept(there);
          clock.advance(1);
        }
        clock.advance(100);
        const answered = a.log.includes('200 INVITE');
        expect(a.log.filter((line) => /^[2-6]\d\d INVITE/.test(line))).toHaveLength(1);
        expect(a.dialogs.size).toBe(answered ? 1 : b.dialogs.size);
        if (answered) a.send('BYE');
        clock.advance(forGood);
        expect(leftovers()).toEqual(nothing);
      }),
      { numRuns: 100 },
    );
  });
});

describe('in a call', () => {
  it('a re-INVITE is asked, answered and acknowledged, with the next CSeq', () => {
    const { clock, wire, a, b, talk } = ring();
    talk();
    wire.seen();
    a.send('INVITE');
    clock.advance(10);
    expect(wire.seen()).toEqual(['1.1.1.1→2.2.2.2 INVITE', '2.2.2.2→1.1.1.1 200 INVITE', '1.1.1.1→2.2.2.2 ACK']);
    expect([b.log, [...b.dialogs.values()].map((d) => d.remoteSeq)]).toEqual([['up', 'got INVITE', 'up'], [2]]);
  });

  it('requests that overtake each other: the older one gets 500 (§12.2.2)', () => {
    const { clock, a, b, talk } = ring();
    talk();
    const [dialog] = a.dialogs.values();
    if (!dialog) throw new Error('no dialog');
    const first = inDialogRequest(dialog, { method: 'INFO' });
    const second = inDialogRequest(first.dialog, { method: 'INFO' });
    const seen: string[] = [];
    for (const request of [second.request, first.request])
      a.transactions.request(request, { proto: 'udp', address: b.address, port: 5060 }, {
        onResponse: (r) => seen.push(`${cseqOf(r).seq} ${r.status}`), onTimeout: () => undefined, onTransportError: () => undefined,
      });
    clock.advance(10);
    expect(seen).toEqual(['3 200', '2 500']);
  });
});

describe('with messages lost', () => {
  /** A seed decides who is unlucky. */
  const unlucky = (seed: number, share: number) => {
    let state = seed;
    return (): boolean => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648 < share;
  };

  it('three of ten: every call comes up and ends, and nothing is left over', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (seed) => {
        const { clock, wire, a, b, talk, leftovers } = ring();
        const bad = unlucky(seed, 0.3);
        wire.lose(bad);
        talk();
        clock.advance(31_000);
        a.send('BYE');
        clock.advance(forGood);
        const once = (log: string[], what: string): number => log.filter((line) => line === what).length;
        expect([once(a.log, '200 INVITE'), once(b.log, 'up'), once(b.log, 'got BYE')].every((n) => n <= 1)).toBe(true);
        expect(leftovers().filter((_, i) => i % 3 !== 0)).toEqual([0, 0, 0, 0, 0, 0]);
      }),
      { numRuns: 150 },
    );
  });

  it('all of them: the caller is told once, after 32 s', () => {
    const { clock, wire, a, b, leftovers } = ring();
    wire.lose(() => true);
    a.call(b.address);
    clock.advance(31_999);
    expect(a.log).toEqual([]);
    clock.advance(1);
    expect([a.log, leftovers()]).toEqual([['INVITE timed out'], nothing]);
  });
});
