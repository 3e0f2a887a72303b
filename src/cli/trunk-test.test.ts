import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createResponse, createStack, type Stack } from '../sip/stack/index.js';
import { WrongUse } from './errors.js';
import { terminal } from './terminal.fixture.js';
import { trunkTest } from './trunk-test.js';

let dir: string;
const carriers: Stack[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trunks-'));
  mkdirSync(join(dir, 'config'));
});
afterEach(async () => {
  await Promise.all(carriers.splice(0).map((carrier) => carrier.close()));
  rmSync(dir, { recursive: true });
});

/** A carrier that answers OPTIONS with the status, or not at all. @returns its URI */
async function carrier(status: number | undefined, proto: 'udp' | 'tcp' = 'udp'): Promise<string> {
  const stack = await createStack({
    listen: [{ proto, address: '127.0.0.1', port: 0 }], onAck: () => undefined,
    onRequest: (tx) => { if (status !== undefined) tx.respond(createResponse(tx.request, status)); },
  });
  carriers.push(stack);
  return `sip:127.0.0.1:${stack.transport.addresses()[0]?.port ?? 0}${proto === 'tcp' ? ';transport=tcp' : ''}`;
}
const configure = (...hosts: string[]) => writeFileSync(join(dir, 'config/trunks.yaml'), `trunks:\n  - name: carrier-a\n    hosts: [ ${hosts.map((uri) => `{ uri: "${uri}" }`).join(', ')} ]\n    health: { timeout_seconds: 0.3 }\n`);
const at = () => terminal({ env: { STROWGER_CONFIG: join(dir, 'config'), STROWGER_SIP_ADDRESS: '127.0.0.1' } });

it('shows that each host answers, over UDP and TCP, and how fast', async () => {
  configure(await carrier(200), await carrier(404, 'tcp'));
  const { io, json } = at();
  expect(await trunkTest(['--json'], io)).toBe(0);
  expect(json()).toEqual([
    { trunk: 'carrier-a', host: expect.any(String), address: expect.stringMatching(/^udp:127/), status: 200, ms: expect.any(Number), why: null },
    { trunk: 'carrier-a', host: expect.any(String), address: expect.stringMatching(/^tcp:127/), status: 404, ms: expect.any(Number), why: 'Not Found' },
  ]);
});

it('fails when one host is silent, and names it', async () => {
  const silent = await carrier(undefined);
  configure(await carrier(200), silent);
  const { io, text } = at();
  expect(await trunkTest(['carrier-a'], io)).toBe(1);
  expect(text()).toContain(`${silent} (udp:`);
  expect(text()).toContain('DOES NOT ANSWER');
});

it('fails when a host says that it is out of service', async () => {
  configure(await carrier(503));
  expect(await trunkTest([], at().io)).toBe(1);
});

it('refuses a trunk that is not configured', async () => {
  configure(await carrier(200));
  await expect(trunkTest(['carrier-b'], at().io)).rejects.toThrow(WrongUse);
});
