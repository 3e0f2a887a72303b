import { createStack, standardTiming, type Listen, type ServerTx, type SipMessage, type Stack, serialize } from '../stack/index.js';
import { createAlarms, type Alarms } from './alarms.js';
import { createApps, type App } from './apps.js';
import { createBindings } from './bindings.js';
import { createControl, type SipCommand } from './control.js';
import type { Core, Patience } from './core.js';
import { createDialogs } from './dialogs.js';
import { ackAndBye, hangUp } from './hangup.js';
import { createInbound, type Inbound } from './inbound.js';
import { createLimitedLog, type Log } from './log.js';
import { createOutbox, type Outbox } from './outgoing.js';
import { createProxies, type Proxies } from './proxy/index.js';
import { createReliable } from './reliable.js';
import { createStrangers, defaultStrangerLimits, type StrangerLimits } from './strangers.js';
import { createUac, type Uac } from './uac.js';
import { createUas, type Uas } from './uas.js';
import { requestWithin } from './within.js';

export interface EdgeOptions {
  readonly control: { readonly host: string; readonly port: number };
  readonly secret: string;
  readonly listen: readonly Listen[];
  readonly log: Log;
  readonly patience?: Partial<Patience>;
  readonly strangers?: Partial<StrangerLimits>;
  /** For tests: timers that ring when told. */
  readonly alarms?: Alarms;
}
export type Gauges = Readonly<Record<'strowger_dialogs' | 'strowger_transactions' | 'strowger_timers', number>>;
export interface Edge {
  readonly controlPort: number;
  readonly listeners: Stack['transport']['addresses'];
  gauges(): Gauges;
  close(): Promise<void>;
}

export const defaultPatience: Patience = { timing: standardTiming, answerMs: 64_000, byeMs: 4_000, orphanMs: 300_000 };
const SWEEP_MS = 1_000;

type Parts = { readonly core: Core; readonly uas: Uas; readonly uac: Uac; readonly outbox: Outbox; readonly proxies: Proxies; readonly inbound: Inbound };

/**
 * The embedded SIP server: SIP on one side, drachtio-srf applications on the other.
 * @throws ListenError when a SIP address cannot be had, the error of node:net for the control address
 */
export async function createEdge(options: EdgeOptions): Promise<Edge> {
  const patience = { ...defaultPatience, ...options.patience };
  const apps = createApps();
  const limited = createLimitedLog(options.log, 5, () => performance.now());
  const late: { parts?: Parts } = {};
  let latest: { readonly message: SipMessage; readonly raw: Buffer } | undefined;
  const stack = await createStack({
    listen: options.listen,
    timing: patience.timing,
    onReceived(message, _from, _local, raw) {
      latest = { message, raw };
      if (message.type === 'response') late.parts?.proxies.see(message);
    },
    onMalformed: (error, from) => limited('malformed', { from: `${from.address}:${from.port}`, why: error.message }, 'not a SIP message'),
    // Before everything stands, a caller had better try again: its retransmission finds us ready.
    admit: (request, from) => (late.parts === undefined ? 'drop' : late.parts.inbound.admit(request, from)),
    onRequest: (tx: ServerTx) => late.parts?.inbound.request(tx),
    onAck: (ack, from, local) => late.parts?.inbound.ack(ack, from, local),
    onClosed: (remote) => late.parts?.core.bindings.forget(remote),
  });
  const rawOf = (message: SipMessage): Buffer => (latest?.message === message && isWhole(message, latest.raw) ? latest.raw : serialize(message));
  const core: Core = {
    transport: stack.transport, transactions: stack.transactions, apps, dialogs: createDialogs(), pending: new Map(), bindings: createBindings(),
    strangers: createStrangers({ ...defaultStrangerLimits, ...options.strangers }), alarms: options.alarms ?? createAlarms(), patience, log: options.log, now: () => performance.now(), rawOf,
  };
  const ready = assemble(core, limited);
  late.parts = ready;
  const control = await createControl({
    ...options.control, secret: options.secret, apps, log: options.log,
    hostports: () => hostports(core),
    onCommand: (app, command) => obey(ready, app, command),
    onGone: (app) => bereave(ready, app),
  });
  const sweeper = setInterval(() => ready.uas.sweep(), SWEEP_MS);
  return {
    controlPort: control.port,
    listeners: () => stack.transport.addresses(),
    gauges: () => ({ strowger_dialogs: core.dialogs.size, strowger_transactions: stack.transactions.count(), strowger_timers: stack.transactions.timers() + core.alarms.count() }),
    async close() {
      clearInterval(sweeper);
      core.alarms.close();
      await control.close();
      await stack.close();
    },
  };
}

function assemble(core: Core, limited: ReturnType<typeof createLimitedLog>): Parts {
  const outbox = createOutbox();
  const reliable = createReliable(core);
  const uas = createUas(core, reliable);
  const proxies = createProxies(core, uas);
  return { core, uas, outbox, proxies, uac: createUac(core, outbox), inbound: createInbound(core, uas, outbox, reliable, proxies, limited) };
}

/** A datagram may carry more than its Content-Length says; then what was read is written out again. */
function isWhole(message: SipMessage, raw: Buffer): boolean {
  const blank = raw.length - message.body.length - 4;
  return blank > 0 && raw.toString('latin1', blank, blank + 4) === '\r\n\r\n';
}

function obey({ core, uas, uac, outbox, proxies }: Parts, app: App, command: SipCommand): void {
  switch (command.type) {
    case 'reply':
      return uas.reply(app, command);
    case 'within':
      return void requestWithin(core, outbox, app, command);
    case 'request':
      return void uac.request(app, command);
    case 'cancel':
      return uac.cancel(app, command);
    case 'proxy':
      return proxies.start(app, command);
  }
}

/** An application is gone: what it owed is answered, what it wanted is cancelled, its calls wait for it to come back. */
function bereave({ core, uas, uac }: Parts, app: App): void {
  uas.gone(app);
  uac.gone(app);
  for (const held of core.dialogs.of(app)) {
    if (held.unacked !== undefined) ackAndBye(core, held, 'application gone');
    else {
      held.orphan.stop = core.alarms.after(core.patience.orphanMs, () => hangUp(core, held, 'application gone'));
    }
  }
}

function hostports(core: Core): { advertised: string; bound: string } {
  const own = core.transport.addresses();
  return {
    advertised: own.map(({ proto, advertise, port }) => `${proto}/${advertise}:${port}`).join(','),
    bound: own.map(({ proto, address, port }) => `${proto}/${address}:${port}`).join(','),
  };
}
