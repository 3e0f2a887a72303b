import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { digitsPcap, tonePcap } from './material.js';
import { createPhone, type Phone, type PhoneOptions } from './phone.js';
import { freePort } from './ports.js';
import { runSipp, startSipp } from './sipp.js';
import * as scenarios from './sipp/scenarios.js';

const open: Phone[] = [];
let dir = '';
beforeAll(() => { dir = mkdtempSync(join(tmpdir(), 'kit-')); });
afterAll(() => { rmSync(dir, { recursive: true }); });
afterEach(async () => {
  await Promise.all(open.splice(0).map((phone) => phone.close()));
});
async function phone(options: Partial<PhoneOptions> & Pick<PhoneOptions, 'server'>): Promise<Phone> {
  const made = await createPhone({ user: 'kit', ...options });
  open.push(made);
  return made;
}
const place = (port: number): { host: string; port: number } => ({ host: '127.0.0.1', port });

describe('SIPp calls the phone', () => {
  it('sends tone and keys, hangs up', async () => {
    const [ours, theirs] = [await freePort(), await freePort()];
    const kit = await phone({ server: place(theirs), port: ours });
    const scenario = scenarios.call({
      challenge: false, tone: tonePcap(join(dir, 'tone.pcap'), 650, 1000), keys: digitsPcap(join(dir, 'keys.pcap'), '1*'), keysAfterMs: 1100, talkMs: 700,
    });
    const sipp = await startSipp({ scenario, target: place(ours), port: theirs, calls: 1, to: 'kit', rows: [scenarios.row('1201', 'x')] });
    const call = await kit.nextCall();
    call.answer();
    await call.media.heard(650);
    await call.media.heardDigits('1*');
    expect(await call.ended()).toMatchObject({ by: 'them' });
    expect(await sipp.result).toMatchObject({ succeeded: 1, failed: 0, exitCode: 0, errors: '' });
    expect(call.from).toMatchObject({ user: '1201', display: '1201' });
  });

  it.each(['lost_ack', 'lost_bye', 'hold'] as const)('and is a bad network: %s', async (fault) => {
    const [ours, theirs] = [await freePort(), await freePort()];
    const kit = await phone({ server: place(theirs), port: ours });
    kit.onCall((call) => { call.answer(); });
    const result = await runSipp({ scenario: scenarios.call({ challenge: false, talkMs: 900, fault }), target: place(ours), port: theirs, calls: 1, to: 'kit', rows: [scenarios.row('1201', 'x')] });
    expect(result).toMatchObject({ succeeded: 1, failed: 0, errors: '' });
    expect(kit.calls).toHaveLength(1);
  });

  it('cancels while it rings, is refused, asks OPTIONS', async () => {
    const [ours, theirs] = [await freePort(), await freePort()];
    const kit = await phone({ server: place(theirs), port: ours });
    kit.onCall((call) => { call.ring(); });
    const base = { target: place(ours), port: theirs, calls: 1, to: 'kit', rows: [scenarios.row('1201', 'x')] };
    expect(await runSipp({ ...base, scenario: scenarios.cancelWhileRinging(false) })).toMatchObject({ succeeded: 1, failed: 0 });
    expect(kit.calls[0]?.end()).toMatchObject({ by: 'cancelled' });
    kit.onCall((call) => { call.reject(403); });
    expect(await runSipp({ ...base, scenario: scenarios.refused(403) })).toMatchObject({ succeeded: 1, failed: 0 });
    expect(await runSipp({ ...base, scenario: scenarios.options() })).toMatchObject({ succeeded: 1, failed: 0 });
    expect(await runSipp({ ...base, scenario: scenarios.options(404), timeoutMs: 2000 })).toMatchObject({ succeeded: 0 });
  });
});

describe('the phone calls SIPp', () => {
  it.each(['us', 'them'] as const)('which rings, answers, plays; end by %s', async (endedBy) => {
    const sipp = await startSipp({ scenario: scenarios.answering({ ringMs: 100, tone: tonePcap(join(dir, 'a.pcap'), 900, 2000), endedBy, talkMs: 800 }), calls: 1 });
    const kit = await phone({ server: place(sipp.port) });
    const call = await kit.call('agent');
    await call.ringing();
    await call.answered();
    await call.media.heard(900);
    if (endedBy === 'them') expect(await call.bye()).toBe(200);
    else expect(await call.ended()).toMatchObject({ by: 'them' });
    expect(await sipp.result).toMatchObject({ succeeded: 1, failed: 0, errors: '' });
  });

  it('which never answers, refuses, or is a registrar', async () => {
    const ringing = await startSipp({ scenario: scenarios.ringingForEver(), calls: 1 });
    const call = await (await phone({ server: place(ringing.port) })).call('agent');
    await call.ringing();
    call.cancel();
    expect(await call.ended()).toMatchObject({ by: 'cancelled', status: 487 });
    expect(await ringing.result).toMatchObject({ succeeded: 1, failed: 0 });
    const busy = await startSipp({ scenario: scenarios.refusing(486), calls: 1 });
    expect(await (await (await phone({ server: place(busy.port) })).call('agent')).ended()).toMatchObject({ status: 486 });
    const registrar = await startSipp({ scenario: scenarios.registrar(), calls: 1 });
    expect((await (await phone({ server: place(registrar.port), password: 'p' })).register()).status).toBe(200);
    expect(await registrar.result).toMatchObject({ succeeded: 1, failed: 0 });
  });
});
