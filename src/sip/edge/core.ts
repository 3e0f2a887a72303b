import { serialize, type Local, type Proto, type Remote, type ServerTx, type SipMessage, type SipRequest, type Timing, type Transactions, type Transport } from '../stack/index.js';
import type { Ms } from '../../base/index.js';
import type { Alarms } from './alarms.js';
import type { App, Apps } from './apps.js';
import type { Bindings } from './bindings.js';
import type { Dialogs, Held } from './dialogs.js';
import type { Place } from './headers.js';
import type { Log } from './log.js';
import type { Strangers } from './strangers.js';
import { cdr, clockTime, type Meta } from './wire/notice.js';

/** How long the edge waits for others; tests shorten them. */
export interface Patience {
  readonly timing: Timing;
  /** An application that has said nothing at all about a request: 504 to an INVITE, 500 to others. */
  readonly answerMs: Ms;
  /** The same for a BYE, which the edge then answers 200 itself. */
  readonly byeMs: Ms;
  /** A dialog whose application is gone and has not come back for it: BYE. */
  readonly orphanMs: Ms;
}

/** A request of the network that an application is to answer. */
export interface Pending {
  readonly id: string;
  readonly tx: ServerTx;
  readonly app: App;
  readonly since: Ms;
  /** The dialog it came in, or the early dialog our provisional answers made. */
  held: Held | undefined;
  /** Whether it came inside that dialog. */
  readonly within: boolean;
  /** Our To tag, chosen with the first answer. */
  tag: string | undefined;
  /** The application has answered something, if only provisionally. */
  heard: boolean;
  /** Ends the retransmission of reliable provisional answers. */
  stopReliable: () => void;
  whenCancelled: (cancel: SipRequest) => void;
}

/** What the parts of the edge share. */
export interface Core {
  readonly transport: Transport;
  readonly transactions: Transactions;
  readonly apps: Apps;
  readonly dialogs: Dialogs;
  readonly pending: Map<string, Pending>;
  readonly bindings: Bindings;
  readonly strangers: Strangers;
  readonly alarms: Alarms;
  readonly patience: Patience;
  readonly log: Log;
  readonly now: () => Ms;
  /** The bytes a message came in with, as far as they are at hand; else it is written out again. */
  readonly rawOf: (message: SipMessage) => Buffer;
}

/** What our Via and Contact name towards a peer. */
export function placeFor(core: Core, to: Remote, local?: Local): Place {
  const { host, port } = core.transport.sentBy(to, local?.proto === to.proto ? local : undefined);
  return { proto: to.proto, host, port };
}

export function metaOf(source: Meta['source'], bytes: number, { proto, address, port }: Remote): Meta {
  return { source, bytes, proto, address, port, time: clockTime(Date.now()) };
}

/** Whether host and port are ours: drachtio-server refuses to send there, and takes a Route that names them for its own. Without `proto`, on any transport. */
export function isOurs(core: Core, host: string, port: number | undefined, proto?: Proto): boolean {
  return core.transport.addresses().some((own) => (proto === undefined || own.proto === proto) && own.port === (port ?? 5060) && (own.address === host || own.advertise === host || (host === 'localhost' && own.address.startsWith('127.'))));
}

/** Whoever said yes, or was told yes, is no stranger any more: neither its requests nor its connection are counted. */
export function welcome(core: Core, from: Remote): void {
  core.strangers.accept(from, core.now());
  core.transport.trust(from);
}

/** Tells whoever registered for `cdr:attempt`, `cdr:start` or `cdr:stop`. */
export function report(core: Core, kind: 'attempt' | 'start' | 'stop', source: Meta['source'], message: SipRequest | SipMessage, detail?: string): void {
  if (!core.apps.wanted(`cdr:${kind}`)) return;
  core.apps.select(`cdr:${kind}`)?.send(cdr(kind, source, clockTime(Date.now()), detail, serialize(message)));
}
