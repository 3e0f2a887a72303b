import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../test/kit/ports.js';
import { BenchFailed, listening, pidListening, server, strowger } from './processes.js';

export type Place = { readonly host: string; readonly port: number };
/** A SIP server that drachtio-srf applications connect to. */
export type SipEdge = {
  readonly name: string;
  readonly sip: Place;
  readonly control: Place & { readonly secret: string };
  /** Undefined where we cannot see the process: no CPU, no memory then. */
  readonly pid: number | undefined;
  readonly stop: () => Promise<void>;
};

const HOST = '127.0.0.1';
const SECRET = 'bench';

export async function ourEdge(): Promise<SipEdge> {
  const [control = 0, sip = 0] = await freePorts(2);
  const at = `${HOST}:${String(sip)}`;
  const run = await strowger(['edge', '--control', `${HOST}:${String(control)}`, '--secret', SECRET, '--sip', `udp:${at}`, '--sip', `tcp:${at}`]);
  return { name: 'Strowger', sip: { host: HOST, port: sip }, control: { host: HOST, port: control, secret: SECRET }, ...run };
}

/** `host:port:secret` of an environment variable. @throws BenchFailed */
export function address(name: string): (Place & { readonly secret: string }) | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  const [, host, port, secret] = /^([^:]+):(\d+):(.+)$/.exec(text) ?? [];
  if (host === undefined || secret === undefined) throw new BenchFailed(`${name} wants host:port:secret`);
  return { host, port: Number(port), secret };
}

/** The drachtio-server that the environment names, else one from PATH, else none. */
export async function realEdge(): Promise<SipEdge | undefined> {
  const named = address('STROWGER_DRACHTIO');
  if (named !== undefined) {
    const port = Number(process.env['STROWGER_SIP_PORT'] ?? 5060);
    return { name: 'drachtio-server', sip: { host: named.host, port }, control: named, pid: pidListening(named.port), stop: () => Promise.resolve() };
  }
  return inPath('drachtio') ? fromPath() : undefined;
}

function inPath(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function fromPath(): Promise<SipEdge> {
  const [control = 0, sip = 0] = await freePorts(2);
  const dir = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const file = join(dir, 'drachtio.conf.xml');
  writeFileSync(file, `<drachtio><admin port="${String(control)}" secret="${SECRET}">${HOST}</admin>
<sip><contacts><contact>sip:${HOST}:${String(sip)};transport=udp,tcp</contact></contacts></sip>
<logging><loglevel>error</loglevel><sofia-loglevel>0</sofia-loglevel><console/></logging></drachtio>
`);
  const run = server('drachtio', ['-f', file, '--address', HOST, '-p', String(control)]);
  await listening(HOST, control);
  const stop = async (): Promise<void> => {
    await run.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  return { name: 'drachtio-server', sip: { host: HOST, port: sip }, control: { host: HOST, port: control, secret: SECRET }, pid: run.pid, stop };
}
