import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { startBaresip, type BaresipOptions, type Baresip } from './baresip.js';
import { bursts, readWav } from './listen.js';
import { writeTone } from './material.js';
import { createPhone, type Phone } from './phone.js';
import { freePort } from './ports.js';
import { until } from './wait.js';

const clean: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of clean.splice(0).reverse()) await step();
});

/** Our phone is baresip's server: it answers REGISTER and everything else with 200. */
async function both(options: Partial<BaresipOptions> = {}): Promise<[Phone, Baresip]> {
  const dir = mkdtempSync(join(tmpdir(), 'kit-'));
  clean.push(() => { rmSync(dir, { recursive: true }); });
  const port = await freePort();
  const says = writeTone(join(dir, 'says.wav'), 550, 30);
  const baresip = await startBaresip({ user: '1001', password: 'p', server: { host: '127.0.0.1', port }, says, register: false, ...options });
  clean.push(() => baresip.stop());
  const phone = await createPhone({ user: 'kit', port, server: { host: '127.0.0.1', port: baresip.port } });
  clean.push(() => phone.close());
  return [phone, baresip];
}

it('baresip answers, speaks from a file and writes what it hears to one', async () => {
  const [phone, baresip] = await both({ autoAnswer: true });
  const call = await phone.call('1001');
  await call.answered();
  call.media.tone(850);
  await call.media.heard(550);
  await call.media.packets(150);
  await call.bye();
  expect(await baresip.event('CALL_CLOSED')).toBeDefined();
  await until('the file', 5000, () => {
    try {
      return readWav(baresip.heardFiles()[0] ?? '').durationMs > 1000;
    } catch {
      return false;
    }
  });
  const wav = readWav(baresip.heardFiles()[0] ?? '');
  expect(Math.max(...bursts(wav.channels[0]!, 850, wav.rate, 100).map((b) => b.toMs - b.fromMs))).toBeGreaterThan(800);
});

it('baresip calls, presses keys and is hung up on', async () => {
  const [phone, baresip] = await both();
  await baresip.dial('4000');
  const call = await phone.nextCall();
  expect(call.invite().uri).toContain('4000@');
  call.answer();
  await baresip.event('CALL_ESTABLISHED');
  await baresip.digits('1');
  await call.media.heardDigits('1');
  await call.bye();
  await baresip.event('CALL_CLOSED');
});
