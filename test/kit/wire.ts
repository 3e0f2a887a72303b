import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.js';
import { createSocket } from 'node:dgram';
import { until, within } from './wait.js';

export type Wire = {
  readonly file: string;
  /** Ends the capture and waits until what was on the wire before this call is in the file. */
  readonly stop: () => Promise<void>;
  /** One row a packet with the named tshark fields, of those packets the display filter lets through. */
  readonly rows: (displayFilter: string, fields: readonly string[], decodeAs?: readonly string[]) => string[][];
  readonly remove: () => void;
};

/** Captures on one interface with a capture filter such as `udp port 5060`; resolves once packets are really seen. */
export async function capture(filter: string, device = 'lo'): Promise<Wire> {
  const dir = mkdtempSync(join(tmpdir(), 'wire-'));
  const file = join(dir, 'wire.pcap');
  const beacon = await freePort();
  const all = device === 'lo' ? `(${filter}) or udp port ${String(beacon)}` : filter;
  const child = spawn('tcpdump', ['-i', device, '-U', '-s', '0', '-B', '16384', '-w', file, all], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => { stderr += data.toString(); });
  const exited = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
  const size = (): number => (existsSync(file) ? statSync(file).size : 0);
  const ring = (): void => {
    const socket = createSocket('udp4');
    socket.send('beacon', beacon, '127.0.0.1', () => { socket.close(); });
  };
  /** A packet of our own that arrives in the file proves that everything before it has. */
  const flushed = async (what: string): Promise<void> => {
    if (device !== 'lo') return until(what, 5000, () => /listening on/.test(stderr));
    const before = size();
    await until(`${what} (${stderr.trim()})`, 5000, () => {
      ring();
      return size() > Math.max(24, before);
    }, 50);
  };
  await flushed('tcpdump to listen');
  return {
    file,
    async stop() {
      await flushed('tcpdump to write');
      child.kill('SIGINT');
      await within(5000, 'the end of tcpdump', exited);
    },
    rows(displayFilter, fields, decodeAs = []) {
      const args = ['-r', file, '-Y', displayFilter, '-T', 'fields', ...decodeAs.flatMap((rule) => ['-d', rule]), ...fields.flatMap((field) => ['-e', field])];
      const text = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 256 * 1024 * 1024 });
      return text.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
    },
    remove: () => { rmSync(dir, { recursive: true, force: true }); },
  };
}
