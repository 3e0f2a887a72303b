import { answerTag, createResponse } from '../message/create.js';
import { topVia } from '../message/read.js';
import { serialize } from '../message/serialize.js';
import type { SipRequest } from '../message/types.js';
import { inviteServer, startInviteServer } from '../transaction/invite-server.js';
import type { Link, ServerEffect } from '../transaction/link.js';
import { server, startServer } from '../transaction/server.js';
import type { Local, Remote } from '../transport/types.js';
import { responseFallback, responseTarget } from '../transport/via.js';
import type { Context } from './context.js';
import { createMachine, type Machine } from './machine.js';
import { both, restServer, type LastAnswer, type ServerRest } from './rest.js';
import type { ServerEnd, ServerTx } from './types.js';
import { createWatchers } from './watchers.js';

type Input =
  | { readonly type: 'request' | 'ack' | 'transport_failed' }
  | { readonly type: 'respond'; readonly status: number };
type Effect = Exclude<ServerEffect<never>, { do: 'arm' }>;

export interface ServerParts {
  readonly context: Context;
  readonly request: SipRequest;
  readonly remote: Remote;
  readonly local: Local;
  readonly tryingMs: number;
  readonly onGone: () => void;
  /** From now on this stands for it. */
  readonly onRest: (rest: ServerRest) => void;
}
export interface ServerDriver extends ServerTx {
  readonly state: string;
  /** The To tag of its answers. */
  tag(): string;
  /** A copy of the request. */
  again(): void;
  /** The ACK of our 300–699. */
  acked(): void;
  cancel(cancel: SipRequest): void;
  /** Ends it without a word. */
  drop(): void;
}

export function createServerTx(parts: ServerParts): ServerDriver {
  const { context, request, remote, local } = parts;
  const { timers } = context;
  const invite = request.method === 'INVITE';
  const watchers = createWatchers();
  let end: ServerEnd = 'done';
  let last: Buffer | undefined;
  let offered: Buffer | undefined;

  const send = createSender(parts, () => machine.input({ type: 'transport_failed' }));
  const perform = (effect: Effect): void => {
    if (effect.do === 'report') end = effect.failure;
    else {
      last = offered ?? last;
      if (last) send(last);
    }
  };
  const machine = startMachine(parts, perform, () => {
    timers.cancel(trying);
    parts.onGone();
    watchers.terminated(end);
  });
  const respond: ServerTx['respond'] = (response) => {
    const given = serialize(response);
    offered = given;
    timers.cancel(trying);
    machine.input({ type: 'respond', status: response.status });
    offered = undefined;
    const sent = last === given;
    if (sent && !invite && machine.state === 'completed' && !machine.over) rest({ text: given.toString(), to: responseTarget(topVia(request), remote), local }, parts.onGone);
    return sent;
  };
  /** Only copies can come: everything but the last answer may be forgotten. */
  const rest = (answer: LastAnswer | undefined, gone: () => void): void => {
    const left = machine.left();
    machine.drop();
    parts.onRest(restServer(context, machine.state, answerTag(request), answer, left, gone));
    watchers.terminated(end);
  };
  const trying = invite ? timers.after(parts.tryingMs, () => respond(createResponse(request, 100))) : undefined;
  return {
    request, remote, local, respond,
    get state() {
      return machine.state;
    },
    get answered() {
      return machine.state !== 'proceeding' && machine.state !== 'trying';
    },
    get cancelled() {
      return watchers.cancelled;
    },
    get terminated() {
      return machine.over;
    },
    onCancel: (handler) => watchers.onCancel(handler),
    onTerminated: (handler) => watchers.onTerminated(handler),
    again: () => machine.input({ type: 'request' }),
    tag: () => answerTag(request),
    acked() {
      machine.input({ type: 'ack' });
      if (machine.state === 'confirmed' && !machine.over) rest(undefined, parts.onGone);
    },
    acknowledged(gone) {
      if (machine.over) gone();
      else rest(undefined, both(parts.onGone, gone));
    },
    cancel: (cancel) => watchers.cancel(cancel),
    drop() {
      timers.cancel(trying);
      machine.drop();
    },
  };
}

function startMachine({ context, request, remote }: ServerParts, perform: (effect: Effect) => void, onTerminated: () => void): Machine<Input> {
  const link: Link = { ...context.timing, reliable: remote.proto === 'tcp' };
  const common = { timers: context.timers, perform, onTerminated };
  if (request.method === 'INVITE') return createMachine({ ...common, start: startInviteServer(link), step: (s, e) => inviteServer(s, e, link) });
  return createMachine({ ...common, start: startServer(), step: (s, e) => server(s, e, link) });
}

/** By the connection the request came on, else to where its Via says it listens (RFC 3261 §18.2.2). */
function createSender({ context: { transport }, request, remote, local }: ServerParts, failed: () => void): (data: Buffer) => void {
  const via = topVia(request);
  const target = responseTarget(via, remote);
  if (remote.proto === 'udp') return (data) => transport.send(data, target, { local, onError: failed });
  const fallback = responseFallback(via, remote);
  return (data) =>
    transport.send(data, target, {
      local,
      connect: false,
      onError: () => transport.send(data, fallback, { local, onError: failed }),
    });
}
