import type { Ms } from '../../../base/index.js';
import type { Timer } from '../clock/timers.js';
import { serialize } from '../message/serialize.js';
import type { SipRequest, SipResponse } from '../message/types.js';
import { client, startClient } from '../transaction/client.js';
import { inviteClient, startInviteClient } from '../transaction/invite-client.js';
import type { ClientEffect, Link } from '../transaction/link.js';
import { TransportError } from '../transport/errors.js';
import type { Remote } from '../transport/types.js';
import { createAim, type Aim, type AimParts } from './aim.js';
import { ackOf, cancelOf } from './build.js';
import type { Context } from './context.js';
import { createForks, type Forks } from './forks.js';
import { createMachine, type Machine } from './machine.js';
import { both, restAccepted, restClient, type ClientRest } from './rest.js';
import type { ClientHandlers, ClientTx } from './types.js';

type Input = { readonly type: 'response'; readonly status: number } | { readonly type: 'transport_failed' };
type Effect = Exclude<ClientEffect<never>, { do: 'arm' }>;

export interface ClientParts extends Omit<AimParts, 'transport'> {
  readonly context: Context;
  readonly handlers: ClientHandlers;
  /** Starts the transaction of our CANCEL. */
  readonly sendCancel: (cancel: SipRequest, to: Remote) => void;
  readonly onGone: () => void;
  /** From now on this stands for it. */
  readonly onRest: (rest: ClientRest) => void;
}
export interface ClientDriver extends ClientTx {
  receive(response: SipResponse, from: Remote): void;
  /** Ends it without a word. */
  drop(): void;
}

export function createClientTx(parts: ClientParts): ClientDriver {
  const { context, handlers, branch, local } = parts;
  const { transport } = context;
  const invite = parts.request.method === 'INVITE';
  const aim = createAim({ ...parts, transport });
  const forks = createForks(transport);
  let latest: { readonly response: SipResponse; readonly from: Remote } | undefined;
  let failure: TransportError | undefined;
  /** The machine is not through with a response: its timers are yet to be armed. */
  let receiving = false;

  const send = (): void =>
    transport.send(aim.bytes, aim.to, {
      local,
      onError(error) {
        failure = error;
        if (!machine.over && aim.fallBack()) restart();
        else machine.input({ type: 'transport_failed' });
      },
    });
  const report = (why: 'timeout' | 'transport'): void => {
    if (why === 'timeout') handlers.onTimeout();
    else handlers.onTransportError(failure ?? new TransportError('sending failed'));
  };
  const perform = (effect: Effect): void => {
    if (effect.do === 'send_request') send();
    else if (effect.do === 'report') report(effect.failure);
    else if (!latest) return;
    else if (effect.do === 'send_ack') transport.send(ackOf(aim.request, latest.response), aim.to, { local });
    else if (!invite || forks.isNew(latest.response)) handlers.onResponse(latest.response, latest.from);
  };
  const finish = (): void => {
    canceller.stop();
    machine.drop();
    parts.onGone();
    handlers.onTerminated?.();
  };
  let machine = startMachine(context, invite, aim, perform, finish);
  // From the beginning, since the other transport wants other timers.
  const restart = (): void => {
    machine.drop();
    machine = startMachine(context, invite, aim, perform, finish);
  };
  const canceller = createCanceller(parts, aim, () => machine, finish);
  /** Only copies can come: the messages may be forgotten, and who handles them. */
  const rest = (): void => {
    if (machine.over) return;
    const light = restOf(parts, aim, { state: machine.state, left: machine.left, latest: latest?.response, forks });
    if (!light) return;
    canceller.stop();
    machine.drop();
    parts.onRest(light);
  };
  return {
    branch,
    get request() {
      return aim.request;
    },
    get to() {
      return aim.to;
    },
    get terminated() {
      return machine.over;
    },
    cancel: (headers) => invite && canceller.cancel(headers),
    ack(ack, to, from) {
      forks.ack(ack, to, from ?? local, !machine.over);
      if (!receiving) rest();
    },
    receive(response, from) {
      latest = { response, from };
      receiving = true;
      machine.input({ type: 'response', status: response.status });
      receiving = false;
      canceller.go();
      rest();
    },
    drop() {
      canceller.stop();
      machine.drop();
    },
  };
}

interface Ended {
  readonly state: string;
  readonly left: () => Ms;
  readonly latest: SipResponse | undefined;
  readonly forks: Forks;
}

/** What is left of it, once its state allows. */
function restOf({ context, request, local, handlers, onGone }: ClientParts, aim: Aim, { state, left, latest, forks }: Ended): ClientRest | undefined {
  const gone = handlers.onTerminated ? both(onGone, handlers.onTerminated.bind(handlers)) : onGone;
  if (state === 'completed') {
    const ack = request.method === 'INVITE' && latest ? { text: serialize(ackOf(aim.request, latest)).toString(), to: aim.to, local } : undefined;
    return restClient(context, ack, left(), gone);
  }
  const { onFork } = handlers;
  const acks = state === 'accepted' && onFork ? forks.acknowledged() : undefined;
  if (!acks || !onFork) return undefined;
  return restAccepted(context, { acks, invite: serialize({ ...aim.request, body: Buffer.alloc(0) }), onFork }, left(), gone);
}

function startMachine({ timers, timing }: Context, invite: boolean, aim: Aim, perform: (effect: Effect) => void, onTerminated: () => void): Machine<Input> {
  const link: Link = { ...timing, reliable: aim.to.proto === 'tcp' };
  const common = { timers, perform, onTerminated };
  if (invite) return createMachine({ ...common, start: startInviteClient(link), step: (s, e) => inviteClient(s, e, link) });
  return createMachine({ ...common, start: startClient(link), step: (s, e) => client(s, e, link) });
}

/** RFC 3261 §9.1: CANCEL waits for the first 1xx, and whoever then never gives a final answer is given up after 64·T1. */
function createCanceller({ context, handlers, sendCancel }: ClientParts, aim: Aim, machine: () => Machine<Input>, finish: () => void) {
  let wanted: { readonly headers: Parameters<ClientTx['cancel']>[0] } | undefined;
  let patience: Timer | undefined;
  const go = (): void => {
    if (!wanted || patience || machine().over || machine().state !== 'proceeding') return;
    patience = context.timers.after(64 * context.timing.t1Ms, () => {
      if (machine().state !== 'proceeding') return;
      handlers.onTimeout();
      finish();
    });
    sendCancel(cancelOf(aim.request, wanted.headers), aim.to);
  };
  return {
    go,
    cancel(headers: Parameters<ClientTx['cancel']>[0]): void {
      wanted ??= { headers };
      go();
    },
    stop: () => context.timers.cancel(patience),
  };
}
