import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, freeRange } from './ports.js';
import { createWatch, until, within } from './wait.js';
import type { Place } from './sip/transport.js';

export type BaresipOptions = {
  readonly user: string;
  readonly password: string;
  readonly server: Place;
  readonly domain?: string;
  /** WAV file, 8 kHz mono, long enough for the call: what it says. */
  readonly says: string;
  readonly autoAnswer?: boolean;
  readonly transport?: 'udp' | 'tcp';
  /** Codec modules; baresip's own default is g711. */
  readonly modules?: readonly string[];
  /** Further account parameters, for instance `;audio_codecs=PCMA`. */
  readonly account?: string;
  readonly register?: boolean;
};
/** An event as ctrl_tcp sends it: REGISTER_OK, CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED, … */
export type BaresipEvent = { readonly type: string; readonly param: string; readonly peer: string; readonly id: string };
export type Baresip = {
  readonly pid: number;
  readonly port: number;
  readonly events: readonly BaresipEvent[];
  /** The first event of this type, after the first `skip` ones of it. */
  readonly event: (type: string, ms?: number, skip?: number) => Promise<BaresipEvent>;
  readonly command: (name: string, params?: string) => Promise<string>;
  readonly dial: (to: string) => Promise<string>;
  readonly answer: () => Promise<string>;
  readonly hangUp: () => Promise<string>;
  readonly digits: (keys: string) => Promise<void>;
  /** What it heard: a WAV a call, oldest first; whole once the call has ended. */
  readonly heardFiles: () => string[];
  readonly output: () => string;
  readonly stop: () => Promise<void>;
};

// sndfile writes what passes the decoder; aubridge is a sound card that is none and pulls the audio through.
const CONFIG = (dir: string, sip: number, control: number, rtp: string, modules: readonly string[]): string => `
poll_method epoll
sip_listen 127.0.0.1:${String(sip)}
net_interface 127.0.0.1
call_local_timeout 120
call_max_calls 4
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
audio_buffer 20-160
rtp_tos 184
rtp_ports ${rtp}
rtcp_mux no
jitter_buffer_delay 5-10
rtp_stats no
module_path /usr/lib/baresip/modules
${modules.map((name) => `module ${name}.so`).join('\n')}
module aufile.so
module aubridge.so
module sndfile.so
snd_path ${dir}
audio_player aubridge,nowhere
audio_alert aubridge,alert
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:${String(control)}
menu_bell no
`;

/** Debian's baresip in a folder of its own, all on loopback, audio from and to files. */
export async function startBaresip(options: BaresipOptions): Promise<Baresip> {
  const dir = mkdtempSync(join(tmpdir(), 'baresip-'));
  // It listens for TLS one port above its SIP port, wanted or not.
  const [control, range] = [await freePort(), await freeRange(102)];
  const [sip, rtp] = [range.from, { from: range.from + 2, to: range.to }];
  const domain = options.domain ?? `${options.server.host}:${String(options.server.port)}`;
  const parameters = [
    `auth_user=${options.user}`, `auth_pass=${options.password}`, `audio_source=aufile,${options.says}`,
    `outbound="sip:${options.server.host}:${String(options.server.port)};transport=${options.transport ?? 'udp'}"`,
    `regint=${options.register === false ? '0' : '300'}`, `answermode=${options.autoAnswer === true ? 'auto' : 'manual'}`,
  ];
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'config'), CONFIG(dir, sip, control, `${String(rtp.from)}-${String(rtp.to)}`, options.modules ?? ['g711']));
  writeFileSync(join(dir, 'accounts'), `<sip:${options.user}@${domain};transport=${options.transport ?? 'udp'}>;${parameters.join(';')}${options.account ?? ''}\n`);
  writeFileSync(join(dir, 'contacts'), '');
  const child = spawn('baresip', ['-f', dir], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => { output += data.toString(); });
  child.stderr.on('data', (data: Buffer) => { output += data.toString(); });
  const exited = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
  const watch = createWatch();
  const events: BaresipEvent[] = [];
  const answers = new Map<string, string>();
  const socket = await controlSocket(control, () => output, (message) => {
    const text = (name: string): string => (typeof message[name] === 'string' ? message[name] : '');
    if (message['event'] === true) events.push({ type: text('type'), param: text('param'), peer: text('peeruri'), id: text('id') });
    else if (message['response'] === true) answers.set(text('token'), text('data'));
    watch.changed();
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  let number = 0;
  const command: Baresip['command'] = async (name, params) => {
    number += 1;
    const id = `c${String(number)}`;
    const json = JSON.stringify({ command: name, token: id, ...(params === undefined ? {} : { params }) });
    socket.write(`${String(Buffer.byteLength(json))}:${json},`);
    await watch.until(`baresip's answer to ${name}`, 5000, () => answers.has(id));
    return answers.get(id) ?? '';
  };
  return {
    pid: child.pid ?? 0,
    port: sip,
    events,
    heardFiles: () => readdirSync(dir).filter((name) => name.endsWith('-dec.wav')).sort().map((name) => join(dir, name)),
    command,
    output: () => output,
    async event(type, ms = 10_000, skip = 0) {
      const found = (): BaresipEvent | undefined => events.filter((e) => e.type === type)[skip];
      await watch.until(`${type} of baresip`, ms, () => found() !== undefined);
      const event = found();
      if (event === undefined) throw new Error(type);
      return event;
    },
    dial: (to) => command('dial', to.startsWith('sip:') ? to : `sip:${to}@${domain}`),
    answer: () => command('accept'),
    hangUp: () => command('hangup'),
    async digits(keys) {
      for (const key of Array.from(keys)) await command('sndcode', key);
    },
    async stop() {
      socket.destroy();
      child.kill('SIGTERM');
      await within(5000, 'the end of baresip', exited).catch(() => { child.kill('SIGKILL'); });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** ctrl_tcp speaks JSON in netstrings: `12:{"event":…},`. */
async function controlSocket(port: number, output: () => string, onMessage: (message: Record<string, unknown>) => void): Promise<Socket> {
  let socket: Socket | undefined;
  await until('the control port of baresip', 10_000, async () => {
    socket = await new Promise<Socket | undefined>((resolve) => {
      const attempt = connect(port, '127.0.0.1');
      attempt.once('connect', () => { resolve(attempt); });
      attempt.once('error', () => { resolve(undefined); });
    });
    return socket !== undefined;
  }, 50).catch((error: unknown) => { throw new Error(`baresip did not start:\n${output()}`, { cause: error }); });
  if (socket === undefined) throw new Error('no socket');
  let buffered = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    buffered = Buffer.concat([buffered, data]);
    for (;;) {
      const colon = buffered.indexOf(':');
      if (colon < 1) return;
      const length = Number(buffered.toString('latin1', 0, colon));
      if (buffered.length < colon + length + 2) return;
      onMessage(JSON.parse(buffered.toString('utf8', colon + 1, colon + 1 + length)) as Record<string, unknown>);
      buffered = buffered.subarray(colon + length + 2);
    }
  });
  socket.on('error', () => undefined);
  return socket;
}
