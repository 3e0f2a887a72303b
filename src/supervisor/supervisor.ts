import type { Address, Settings } from '../config/index.js';
import { keepAlive, type Child, type Launch } from './child.js';
import { createLog, type Log } from './log.js';
import { newSecret, plan, type Chosen } from './plan.js';
import { freePorts, mustBeFree } from './ports.js';
import { claim, type ChildName } from './run-files.js';
import { relayStats } from './stats.js';

export type SupervisorDeps = {
  /** The command line in front of `edge …`, `media …` and `app`. */
  readonly run: readonly [file: string, ...args: string[]];
  readonly env?: Launch['env'];
  readonly log?: Log;
  /** What the application prints for people (a token made at first start). */
  readonly print?: (line: string) => void;
  /** Where all processes log: an open file; stderr unless told. */
  readonly stderr?: number;
};

export interface Supervisor {
  /** Where phones and HTTP clients reach us; ports that were set as 0 are filled in. */
  readonly sip: Address;
  readonly http: Address;
  /** First call: the application drains. Second: it ends its calls now. Third: everything is killed. Settles when all have ended. */
  stop(): Promise<void>;
  /** The application reads its configuration again. */
  reload(): void;
  /** Settles when everything has ended. */
  readonly ended: Promise<void>;
}

/** Ending on request takes the servers a moment to close sockets, no more. */
const SERVER_END_MS = 3_000;
/** After the second request the application only says its BYEs. */
const HURRY_MS = 10_000;
/** Two equal signals that arrive together are one to the system: the second follows at a distance. */
const APART_MS = 100;

/**
 * Starts edge, media server and application, each a process of its own, and keeps them alive on the same ports.
 * Where the settings name servers of somebody else, ours are not started.
 * @throws AlreadyRunning, PortTaken, ChildFailed
 */
export async function startSupervisor(settings: Settings, deps: SupervisorDeps): Promise<Supervisor> {
  const log = deps.log ?? createLog(deps.stderr);
  const files = await claim(settings.folders.data);
  const release = () => {
    process.off('exit', release);
    files.remove('supervisor', process.pid);
  };
  process.once('exit', release);
  const children: Child[] = [];
  try {
    const chosen = await choose(settings);
    const { servers, app } = plan(settings, chosen, deps.run, deps.env ?? process.env);
    const stats = relayStats();
    const print = deps.print ?? (() => undefined);
    const common = { files, log, stderr: deps.stderr, onLine: (_: ChildName, line: string) => print(line) };
    const serverEvents = { ...common, onReady: () => undefined, onMessage: stats.received, onDeath: stats.died };
    const serverChildren = servers.map((launch) => keepAlive(launch, serverEvents));
    children.push(...serverChildren);
    await Promise.all(children.map((child) => child.ready));
    const appChild = keepAlive(app, {
      ...common, onMessage: () => undefined, onDeath: () => undefined, onReady: () => stats.appReady((message) => appChild.send(message)),
    });
    children.push(appChild);
    await appChild.ready;
    const { sipPort, httpPort } = chosen;
    const places = { sip: { ...settings.sip, port: sipPort }, http: { ...settings.http, port: httpPort } };
    return { ...places, ...stoppable(appChild, serverChildren, release) };
  } catch (error) {
    await Promise.all(children.map((child) => child.stop('SIGTERM', SERVER_END_MS)));
    release();
    throw error;
  }
}

/** @throws PortTaken */
async function choose({ sip, http, drachtio }: Settings): Promise<Chosen> {
  const orFree = async ({ host, port }: Address) => port || ((await freePorts(1, host))[0] ?? 0);
  const [sipPort, httpPort] = [await orFree(sip), await orFree(http)];
  if (!drachtio) {
    await mustBeFree('SIP', 'udp', { ...sip, port: sipPort });
    await mustBeFree('SIP', 'tcp', { ...sip, port: sipPort });
  }
  await mustBeFree('HTTP', 'tcp', { ...http, port: httpPort });
  const [drachtioPort = 0, eslPort = 0, mediaSipPort = 0] = await freePorts(3);
  return { sipPort, httpPort, drachtioPort, eslPort, mediaSipPort, secret: newSecret() };
}

function stoppable(app: Child, servers: readonly Child[], release: () => void): Pick<Supervisor, 'stop' | 'reload' | 'ended'> {
  let asked = 0;
  const ended = app.ended
    .then(() => Promise.all(servers.map((server) => server.stop('SIGTERM', SERVER_END_MS))))
    .then(release);
  const stop = (): Promise<void> => {
    asked += 1;
    if (asked === 1) void app.stop('SIGTERM');
    else if (asked === 2) setTimeout(() => void app.stop('SIGTERM', HURRY_MS), APART_MS);
    else app.signal('SIGKILL');
    return ended;
  };
  return { stop, reload: () => app.signal('SIGHUP'), ended };
}
