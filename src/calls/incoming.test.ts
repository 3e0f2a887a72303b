import { EventEmitter } from 'node:events';
import type Srf from 'drachtio-srf';
import { beforeEach, expect, it } from 'vitest';
import { FakeDialog, fakePool, fakeSip } from '../../test/fakes/calls.js';
import { CallerGone } from './errors.js';
import { receive, type Incoming } from './incoming.js';

const sent: number[] = [];
beforeEach(() => void sent.splice(0));

/** An INVITE, and what the SIP server says to our 200. */
function caller(answered: () => Promise<unknown>, body = 'offer'): { incoming: Incoming; cancel: () => void; pool: ReturnType<typeof fakePool>; lose: () => void } {
  const sip = fakeSip();
  const pool = fakePool();
  const req = Object.assign(new EventEmitter(), { body, get: () => 'call-id' });
  const res = { send: (status: number) => void sent.push(status) };
  const srf = { createUAS: answered } as unknown as Srf;
  const around = { sip: { srf, lost: () => sip.port.lost() }, media: pool, newId: () => 'leg_1' as never, answerMs: 1_000, mediaHeaders: {}, warn: () => undefined };
  const incoming = receive(req as unknown as Srf.SrfRequest, res as unknown as Srf.SrfResponse, around);
  return { incoming, cancel: () => void req.emit('cancel'), pool, lose: () => sip.lose() };
}
const dialog = (): Promise<FakeDialog> => Promise.resolve(new FakeDialog('dialog'));

it('rings once and becomes a leg when answered', async () => {
  const { incoming, pool } = caller(dialog);
  incoming.ring();
  incoming.ring();
  const leg = await incoming.answer();
  expect([sent, leg.role, leg.endpoint, incoming.over.aborted, incoming.cancelled()]).toEqual([[180], 'caller', pool.made[0], true, false]);
});

it('that is cancelled gives its media back, and answers nobody any more', async () => {
  const { incoming, cancel, pool } = caller(dialog);
  await incoming.early();
  cancel();
  await expect(incoming.answer()).rejects.toThrow(CallerGone);
  incoming.reject(480);
  await Promise.resolve();
  expect([sent, incoming.cancelled(), pool.made[0]?.did]).toEqual([[183], true, ['destroy']]);
});

it('whose CANCEL the SIP server had before our 200 is cancelled, though nobody says so', async () => {
  let refuse: (why: string) => void = () => undefined; // drachtio-srf rejects with a bare string
  const { incoming, pool } = caller(() => new Promise((_resolve, reject) => (refuse = reject)));
  setImmediate(() => refuse('Response not sent due to unknown transaction'));
  await expect(incoming.answer()).rejects.toThrow(CallerGone);
  expect([incoming.cancelled(), incoming.over.aborted, pool.made[0]?.did]).toEqual([true, true, ['destroy']]);
});

it('whose answer fails otherwise says why', async () => {
  const { incoming, pool } = caller(() => Promise.reject(new Error('no room')));
  await expect(incoming.answer()).rejects.toThrow('no room');
  expect([incoming.cancelled(), pool.made[0]?.did]).toEqual([false, ['destroy']]);
});

it('ends with the SIP server', async () => {
  const { incoming, lose } = caller(dialog);
  lose();
  await expect(incoming.answer()).rejects.toThrow(CallerGone);
  expect([incoming.edgeLost(), incoming.cancelled()]).toEqual([true, false]);
});
