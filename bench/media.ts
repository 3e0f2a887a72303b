import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFarm } from '../test/kit/farm.js';
import type { LoadReport } from '../test/kit/load.js';
import { cpuSeconds, memoryMb } from '../test/kit/processes.js';
import { freePorts, freeRange } from '../test/kit/ports.js';
import type { MediaAppSays } from './apps/media.js';
import { address, ourEdge, type Place, type SipEdge } from './edges.js';
import type { MachineWatch } from './machine.js';
import { mediaRows, type MediaFigures } from './media-rows.js';
import { application, pidListening, strowger } from './processes.js';
import type { Findings } from './report.js';

type MediaServer = { readonly name: string; readonly esl: Place & { readonly secret: string }; readonly pid: number | undefined; readonly stop: () => Promise<void> };
const CALLS = 50;
const PER_SECOND = 10;
/** How long all calls stand together, ms. */
const STANDING_MS = 20_000;
const TALK_MS = (CALLS / PER_SECOND) * 1000 + STANDING_MS + 3000;
/** No further call has come up for so long. */
const SETTLED_MS = 2000;
const SECRET = 'bench';

/** The embedded media server, and FreeSWITCH where there is one, with the same edge, application and phones. */
export async function media(machine: MachineWatch): Promise<Findings> {
  const [faults, theirs]: [string[], string[]] = [[], []];
  const figures: MediaFigures[] = [];
  const beside = realMedia();
  for (const start of [ourMedia, ...(beside === undefined ? [] : [() => Promise.resolve(beside)])]) {
    const server = await start();
    try {
      if (server.pid !== undefined) machine.adopt(server.pid);
      figures.push(await measure(server, server === beside ? theirs : faults));
    } finally {
      await server.stop();
    }
  }
  const [ours, real] = figures;
  return {
    beside: beside?.name ?? null, faults, generatorLateMs: Math.max(0, ...figures.map((f) => f.load.generatorLateMs)),
    rows: ours === undefined ? [] : mediaRows(ours, real),
    notes: [
      `${String(CALLS)} calls of two phones each, ${String(PER_SECOND)} a second, all up for ${String(STANDING_MS / 1000)} s, G.711 in 20 ms, recorded on two channels; signalling by the embedded edge`,
      'a call counts as bridged for the caller at the first whole frame of the agent\'s voice, of which up to 20 ms are the frame itself',
      ...theirs, // what a server that is not ours did wrong is no fault of this run
      ...(beside === undefined ? ['no FreeSWITCH to compare with: STROWGER_FREESWITCH=host:port:secret'] : []),
    ],
  };
}

async function ourMedia(): Promise<MediaServer> {
  const [esl = 0, sip = 0] = await freePorts(2);
  const rtp = await freeRange(1000);
  const run = await strowger(['media', '--esl', `127.0.0.1:${String(esl)}`, '--secret', SECRET, '--sip', `127.0.0.1:${String(sip)}`, '--rtp', `${String(rtp.from)}-${String(rtp.to)}`, '--sounds', tmpdir()]);
  return { name: 'Strowger', esl: { host: '127.0.0.1', port: esl, secret: SECRET }, ...run };
}

function realMedia(): MediaServer | undefined {
  const esl = address('STROWGER_FREESWITCH');
  return esl && { name: 'FreeSWITCH', esl, pid: pidListening(esl.port), stop: () => Promise.resolve() };
}

async function measure(server: MediaServer, faults: string[]): Promise<MediaFigures> {
  const recordings = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const standing = watchStanding(server.pid);
  const edge = await ourEdge();
  const app = await application('media', { control: edge.control, media: server.esl, recordings }, standing.hear);
  const farm = await startFarm();
  try {
    await warmUp(farm, edge);
    standing.begin();
    const load = await farm.load({ ...phones(edge, CALLS), calls: CALLS, perSecond: PER_SECOND, talkMs: TALK_MS, delayProbe: true });
    const figures = { load, ...standing.end() };
    const failures = [...new Set(load.calls.flatMap((call) => (call.failure === undefined ? [] : [`${call.caller} to ${call.agent ?? 'nobody'}: ${call.failure}`])))];
    if (load.failed > 0) faults.push(`${server.name}: ${String(load.failed)} of ${String(CALLS)} calls failed: ${failures.slice(0, 3).join('; ')}`);
    faults.push(...standing.faults.map((fault) => `${server.name}: ${fault}`));
    const whole = readdirSync(recordings).filter((file) => statSync(join(recordings, file)).size > (STANDING_MS / 1000) * 32_000).length;
    if (whole < CALLS) faults.push(`${server.name}: ${String(whole)} whole recordings of ${String(CALLS)}`);
    return figures;
  } finally {
    await farm.stop();
    await app.stop();
    await edge.stop();
    rmSync(recordings, { recursive: true, force: true });
  }
}

const phones = (edge: SipEdge, count: number) => {
  const named = (name: string): { user: string; password: string }[] => Array.from({ length: count }, (_, i) => ({ user: `${name}${String(i)}`, password: '' }));
  return { server: edge.sip, callers: named('caller'), agents: named('agent'), to: named('agent').map(({ user }) => user) };
};

/** First calls load code and compile it. */
const warmUp = (farm: Awaited<ReturnType<typeof startFarm>>, edge: SipEdge): Promise<LoadReport> =>
  farm.load({ ...phones(edge, 20), calls: 20, perSecond: 10, talkMs: 300 });

/** CPU between the moment all calls are recorded and the first that ends; memory at that end. */
function watchStanding(pid: number | undefined) {
  const faults: string[] = [];
  let bridgedMs: number[] = [];
  let recordingMs: number[] = [];
  let callMs = 0;
  let idle = { cpu: 0, mb: 0 };
  let from: { readonly cpu: number; readonly at: number; readonly timer: NodeJS.Timeout } | undefined;
  let seen: { readonly core: number; readonly mb: number } | undefined;
  let settle: NodeJS.Timeout | undefined;
  const look = (): void => {
    const standing = recordingMs.length;
    if (pid === undefined || from === undefined) return;
    seen = { core: (cpuSeconds(pid) - from.cpu) / ((performance.now() - from.at) / 1000) / standing, mb: (memoryMb(pid) - idle.mb) / standing };
  };
  const start = (): void => {
    if (pid !== undefined && from === undefined) from = { cpu: cpuSeconds(pid), at: performance.now(), timer: setInterval(look, 1000) };
  };
  return {
    faults,
    hear: (message: unknown): void => {
      const said = message as MediaAppSays;
      if (said.type === 'failed') faults.push(said.why);
      if (said.type === 'bridged') bridgedMs.push(said.ms);
      if (said.type === 'recording') recordingMs.push(said.ms);
      if (said.type === 'ended') {
        callMs += said.ms;
        clearInterval(from?.timer);
        clearTimeout(settle);
      }
      if (said.type !== 'recording' || recordingMs.length < CALLS / 2) return;
      // Where a call failed, the rest stands for the whole.
      clearTimeout(settle);
      settle = setTimeout(start, recordingMs.length === CALLS ? 0 : SETTLED_MS);
    },
    begin(): void {
      [bridgedMs, recordingMs, callMs] = [[], [], 0];
      if (pid !== undefined) idle = { cpu: cpuSeconds(pid), mb: memoryMb(pid) };
    },
    end() {
      clearInterval(from?.timer);
      clearTimeout(settle);
      const core = seen?.core ?? null;
      const setUpCpuMs = pid === undefined || core === null ? null : Math.max(0, ((cpuSeconds(pid) - idle.cpu) * 1000 - core * callMs) / CALLS);
      return { core, memoryMb: seen?.mb ?? null, setUpCpuMs, bridgedMs, recordingMs };
    },
  };
}
