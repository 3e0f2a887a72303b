import { contactOf, createResponse, TransportError, type Remote, type SipRequest, type SipResponse } from '../../stack/index.js';
import type { Core, Pending } from '../core.js';
import { isOurs, metaOf, placeFor, report, welcome } from '../core.js';
import { Refused } from '../errors.js';
import { fromApp } from '../headers.js';
import { attempt, hopOf, resolve, type Attempt } from '../reach.js';
import type { Proxy } from '../wire/command.js';
import { nok, ok, proxied } from '../wire/notice.js';
import type { Copies } from './copies.js';
import { oneHopFurther, rank, staying, upstream, withHeaders, withoutTopRoute } from './rewrite.js';

interface Branch {
  readonly target: string;
  state: 'waiting' | 'trying' | 'done';
  attempt: Attempt | undefined;
  final: SipResponse | undefined;
  /** Stops waiting for a first sign of life, and for the end. */
  stopFirst: () => void;
  stopLast: () => void;
}

/** RFC 3261 §16.7 step 2: a proxied INVITE rings no longer than this without another provisional answer. */
const TIMER_C_MS = 180_000;
const nothing = (): void => undefined;
const branchTo = (target: string): Branch => ({ target, state: 'waiting', attempt: undefined, final: undefined, stopFirst: nothing, stopLast: nothing });

/** Looks for somebody who takes the request: one target after the other, or all at once (§16.6, §16.7). */
export function search(core: Core, copies: Copies, pending: Pending, command: Proxy): void {
  const { tx, app } = pending;
  const base = oneHopFurther(withoutTopRoute(tx.request));
  if (base === undefined) {
    app.send(nok(command.id, 'Rejected with 483 Too Many Hops due to Max-Forwards value of 0'));
    tx.respond(createResponse(tx.request, 483));
    return;
  }
  const run: Search = { core, copies, pending, command, base, branches: command.targets.map(branchTo), over: false };
  pending.whenCancelled = () => {
    tx.respond(createResponse(tx.request, 487));
    finish(run, undefined);
  };
  if (!command.fullResponse) app.send(ok(command.id, 'done'));
  next(run);
}

interface Search {
  readonly core: Core;
  readonly copies: Copies;
  readonly pending: Pending;
  readonly command: Proxy;
  readonly base: SipRequest;
  readonly branches: Branch[];
  over: boolean;
}

function finish(run: Search, response: SipResponse | undefined): void {
  if (run.over) return;
  run.over = true;
  run.branches.forEach(quit);
  if (response !== undefined) run.pending.tx.respond(response);
  if (run.command.fullResponse) run.pending.app.send(ok(run.command.id, 'done'));
}

function next(run: Search): void {
  if (run.over) return;
  for (const branch of run.branches) {
    if (!run.command.simultaneous && run.branches.some((one) => one.state === 'trying')) break;
    if (branch.state === 'waiting') start(run, branch);
  }
  if (run.branches.every((branch) => branch.state === 'done')) finish(run, best(run));
}

function best({ branches, pending }: Search): SipResponse {
  const finals = branches.map((branch) => branch.final).filter((final) => final !== undefined);
  const [first] = finals.sort((a, b) => rank(a.status) - rank(b.status));
  return first === undefined ? createResponse(pending.tx.request, 408) : upstream(first);
}

/** This branch is over, with or without an answer worth keeping. */
function settle(run: Search, branch: Branch, final: SipResponse | undefined): void {
  branch.final ??= final;
  quit(branch);
  next(run);
}

function start(run: Search, branch: Branch): void {
  const { core, command, base } = run;
  const giveUp = (): void => settle(run, branch, undefined);
  const unreachable = (): void => settle(run, branch, createResponse(withVia(base), 503));
  branch.state = 'trying';
  if (command.provisionalMs !== undefined) branch.stopFirst = core.alarms.after(command.provisionalMs, giveUp);
  if (command.finalMs !== undefined || base.method === 'INVITE') branch.stopLast = core.alarms.after(command.finalMs ?? TIMER_C_MS, giveUp);
  const sent = forward(core, base, command, branch.target, {
    onTimeout: giveUp,
    onTransportError: unreachable,
    onResponse(response, from) {
      branch.stopFirst();
      if (response.status >= 200) onFinal(run, branch, response, from);
      else if (!run.over && response.status > 100) {
        run.pending.tx.respond(upstream(response));
        if (command.finalMs !== undefined) return;
        branch.stopLast();
        branch.stopLast = core.alarms.after(TIMER_C_MS, giveUp);
      }
    },
  });
  void sent.then((made) => {
    branch.attempt = made;
    if (branch.state === 'done') made?.tx().cancel();
    else if (made === undefined) unreachable();
  });
}

function onFinal(run: Search, branch: Branch, response: SipResponse, from: Remote): void {
  const { core, command, pending } = run;
  const raw = core.rawOf(response);
  if (command.fullResponse && !run.over) pending.app.send(proxied(command.id, metaOf('network', raw.length, from), raw));
  if (response.status < 300) return taken(run, branch, response, from);
  if (run.over) return;
  const contact = contactOf(response)?.uri;
  if (command.followRedirects && response.status < 400 && contact !== undefined) {
    run.branches.splice(run.branches.indexOf(branch) + 1, 0, branchTo(contact));
    return settle(run, branch, undefined);
  }
  branch.final = response;
  // A challenge is for the caller to answer, a 6xx is for everybody (§16.7 step 5).
  if (response.status >= 600 || response.status === 401 || response.status === 407) finish(run, upstream(response));
  else settle(run, branch, undefined);
}

/** Somebody took it; a 2xx of another fork goes up as well (§16.7 step 5). */
function taken(run: Search, branch: Branch, response: SipResponse, from: Remote): void {
  const { core, pending } = run;
  const { tx } = pending;
  tx.respond(upstream(response));
  if (branch.attempt !== undefined) run.copies.expect(branch.attempt.tx(), tx);
  welcome(core, from);
  if (tx.request.method !== 'OPTIONS') welcome(core, tx.remote);
  if (tx.request.method === 'INVITE') report(core, 'start', 'network', response, 'proxy-uac');
  branch.state = 'done';
  finish(run, undefined);
}

/** Leaves a branch: CANCEL to whoever rings there, no more limits. */
function quit(branch: Branch): void {
  branch.stopFirst();
  branch.stopLast();
  if (branch.state === 'trying') branch.attempt?.tx().cancel();
  branch.state = 'done';
}

/** A response made here is to lose a Via on its way up, as those from downstream do. */
function withVia(request: SipRequest): SipRequest {
  const headers = request.headers.clone();
  headers.prepend('Via', 'SIP/2.0/UDP localhost;branch=z9hG4bK-none');
  return { ...request, headers };
}

/** Sends the request to one target; undefined when that is no address. */
async function forward(core: Core, base: SipRequest, command: Proxy, target: string, handlers: Parameters<typeof attempt>[3]): Promise<Attempt | undefined> {
  try {
    const hop = hopOf(target);
    const remotes = await resolve(hop);
    const place = placeFor(core, remotes[0] ?? { proto: hop.proto, address: hop.host, port: 5060 });
    const aimed = namesUs(core, base.uri) ? { ...base, uri: target } : base;
    const dressed = withHeaders(aimed, fromApp(command.headers, place, new Set(['from', 'to', 'call-id', 'cseq', 'max-forwards'])));
    return attempt(core.transactions, command.stay ? staying(dressed, place) : dressed, remotes, handlers);
  } catch (error) {
    if (error instanceof Refused || error instanceof TransportError) return undefined;
    throw error;
  }
}

function namesUs(core: Core, uri: string): boolean {
  try {
    const { host, port } = hopOf(uri);
    return isOurs(core, host, port);
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
