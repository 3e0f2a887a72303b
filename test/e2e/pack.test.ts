import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../kit/ports.js';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Nothing of the npm that runs the tests: it would say where packages go. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|strowger)_/i.test(name)));
let folder: string;

const npm = (cwd: string, ...args: string[]): string => execFileSync('npm', [...args, '--silent'], { cwd, env, encoding: 'utf8' });
const strowger = (args: readonly string[], more: Record<string, string> = {}): string =>
  execFileSync('npx', ['strowger', ...args], { cwd: folder, env: { ...env, ...more }, encoding: 'utf8' });

/** The compiler's work is done once: better-sqlite3 is not built a second time. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strowger-pack-'));
  npm(root, 'pack', '--ignore-scripts', '--pack-destination', folder);
  const [packed] = readdirSync(folder);
  npm(folder, 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--prefix', folder, `./${packed ?? ''}`);
  cpSync(join(root, 'node_modules/better-sqlite3/build'), join(folder, 'node_modules/better-sqlite3/build'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

it('the package, installed in an empty folder, writes the example and finds nothing wrong with it', async () => {
  strowger(['init', '.']);
  expect([existsSync(join(folder, 'config/queues.yaml')), existsSync(join(folder, 'dialplans/main.yaml'))]).toEqual([true, true]);
  const ports = { STROWGER_SIP_PORT: String(await freePort()), STROWGER_HTTP_PORT: String(await freePort()) };
  const findings = JSON.parse(strowger(['doctor', '--json'], ports)) as { check: string; verdict: string }[];
  expect(findings.filter((f) => f.verdict === 'fault')).toEqual([]);
  expect(findings.map((f) => f.check)).toEqual(expect.arrayContaining(['better-sqlite3', 'espeak-ng', 'config', 'dialplans']));
  expect(JSON.parse(strowger(['dialplan', 'check', '--json']))).toEqual([]);
});

it('and it runs: its demonstration is right', () => {
  expect(strowger(['demo', '--lang', 'en'])).toContain('4000');
});
