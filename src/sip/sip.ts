import { lookup as dnsLookup } from 'node:dns/promises';
import type Srf from 'drachtio-srf';
import type { Ms } from '../base/index.js';
import { maskNumber, type Config, type TrunkConfig } from '../config/index.js';
import type { Events } from '../events/index.js';
import type { Store } from '../store/index.js';
import { createGuard } from './guard.js';
import { identify, type Identity } from './identify.js';
import type { Edge } from './link.js';
import type { Random } from './numbers/order.js';
import type { OutboundAttempt } from './numbers/outbound.js';
import { explain, explainOutbound, type Caller, type Explained, type PlanContext } from './numbers/plan.js';
import { createRefusals } from './refusals.js';
import { createLocation, type Location } from './registrar/location.js';
import { createRegistrar } from './registrar/registrar.js';
import { answer, reply, type SipReply, type SipRequest } from './request.js';
import { parseNameAddr } from './uri.js';
import type { Lookup } from './trunks/hosts.js';
import { createTrunks, type Trunks } from './trunks/trunks.js';

export interface SipLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
/** A call that may come in: who calls, and what was dialled. */
export type InviteHandler = (req: Srf.SrfRequest, res: Srf.SrfResponse, caller: Caller, dialled: string) => void;

export interface Sip {
  readonly location: Location;
  readonly trunks: Trunks;
  /** Where a number leads for this caller, and why. */
  resolve(dialled: string, caller: Caller): Explained;
  /** Every trunk host that takes this number, in order, for a call that a flow makes: empty where policy refuses it, or no trunk takes it. */
  outboundFor(number: string): readonly OutboundAttempt[];
  /** Whether a request may come in; for what `start` does not handle. */
  identify(req: SipRequest): Identity;
  /** Begins to take REGISTER, OPTIONS and INVITE; an INVITE reaches the handler in the same turn, once its caller is known. */
  start(onInvite: InviteHandler): void;
  /** After `config()` answers anew. */
  apply(): void;
  close(): void;
}
export interface SipOptions {
  readonly edge: Edge;
  readonly store: Store;
  readonly events: Events;
  readonly config: () => Config;
  readonly realm: string;
  /** Numbers and patterns of the dialplan's entries, as they are now. */
  readonly entries: () => readonly string[];
  readonly log: SipLog;
  /** Phones of people who are shut out. */
  readonly barred?: (extension: string) => boolean;
  readonly random?: Random;
  readonly lookup?: Lookup;
  /** Monotonic milliseconds. */
  readonly now?: () => Ms;
}

const addressesOf: Lookup = async (host) => {
  try {
    return (await dnsLookup(host, { all: true })).map((a) => a.address);
  } catch {
    return []; // the caller keeps what it knew; health says that the host does not answer
  }
};
const monotonic = (): Ms => performance.now();

/** The application's side of SIP: registrar, trunks, number plan, and the door before them. */
export function createSip({ edge, store, events, config, realm, entries, log, barred = () => false, random = Math.random, lookup = addressesOf, now = monotonic }: SipOptions): Sip {
  const location = createLocation({ store, events, log });
  const trunks = createTrunks({ requester: edge, events, log, lookup, random, now });
  const trunksAt = (req: SipRequest): readonly TrunkConfig[] => trunks.ofSource(req.source_address, Number(req.source_port), req.protocol);
  const isPhone = (req: SipRequest): boolean => location.knows(req.source_address, Number(req.source_port));
  const standing = (req: SipRequest): 'known' | 'neighbour' | 'stranger' =>
    isPhone(req) || trunksAt(req).length > 0 ? 'known' : location.knows(req.source_address) || trunks.has(req.source_address) ? 'neighbour' : 'stranger';
  const guard = createGuard({ realm, config, events, log, now, standing, barred });
  const registrar = createRegistrar({ config, guard, location, log });
  const refusals = createRefusals({ events, log, now });
  const judge = (req: SipRequest): Identity => identify(req, { guard, config: config(), trunksAt, isPhone });

  const plan = (): PlanContext => ({ config: config(), entries: entries(), up: (trunk, host) => trunks.up(trunk, host), random });
  const onOptions = (req: SipRequest, res: SipReply): void => {
    const slow = guard.stranger(req);
    const known = standing(req) !== 'stranger';
    reply(res, slow ?? (known ? answer(200, { Allow: allow, Accept: 'application/sdp' }) : answer(403)));
  };
  const offUp = edge.onUp(() => trunks.wake());
  location.keepOnly(new Set(config().extensions.map((e) => e.number)));
  trunks.apply(config());

  return {
    location,
    trunks,
    identify: judge,
    resolve: (dialled, caller) => explain(dialled, caller, plan()),
    outboundFor(number) {
      const { resolution } = explainOutbound(number, plan());
      if (resolution.to === 'refused') log.warn({ to: maskNumber(number), why: resolution.why }, 'a flow may not call this number');
      return resolution.to === 'outbound' ? resolution.attempts : [];
    },
    start(onInvite) {
      edge.srf.use('register', (req, res) => registrar(req, res));
      edge.srf.use('options', (req, res) => onOptions(req, res));
      for (const method of ['subscribe', 'message', 'publish', 'refer', 'notify']) edge.srf.use(method, (_req, res) => reply(res, answer(405, { Allow: allow })));
      for (const method of ['bye', 'info', 'update', 'prack']) edge.srf.use(method, (_req, res) => reply(res, answer(481)));
      edge.srf.invite((req, res) => {
        // A re-INVITE that no dialog took is of a call that ended with a process before us.
        if (parseNameAddr(req.get('To'))?.params.has('tag')) return reply(res, answer(481));
        const identity = judge(req);
        if (identity.ok) return onInvite(req, res, identity.caller, identity.dialled);
        refusals.note(req.source_address, req.uri, identity.why);
        reply(res, identity.answer);
      });
    },
    apply() {
      location.keepOnly(new Set(config().extensions.map((e) => e.number)));
      trunks.apply(config());
    },
    close() {
      offUp();
      trunks.close();
      location.close();
    },
  };
}
const allow = 'INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER, INFO, UPDATE, REFER, NOTIFY';
