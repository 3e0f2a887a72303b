import { SipSyntaxError } from '../message/errors.js';
import { formatNameAddr } from '../message/name-addr.js';
import { callIdOf, contactOf, cseqOf, fromOf, fromTag, toOf, toTag } from '../message/read.js';
import type { NameAddr, SipMessage, SipRequest, SipResponse } from '../message/types.js';
import type { Remote } from '../transport/types.js';
import type { Dialog } from './types.js';

/** Equal for all messages of a dialog, seen from our side. */
export const dialogKey = (callId: string, localTag: string, remoteTag: string): string => `${callId}|${localTag}|${remoteTag}`;
export const keyOf = (dialog: Dialog): string => dialogKey(dialog.callId, dialog.localTag, dialog.remoteTag);
/** For a request that came in. */
export const incomingKey = (request: SipRequest): string => dialogKey(callIdOf(request), toTag(request) ?? '', fromTag(request) ?? '');
/** For a response that came in. */
export const answerKey = (response: SipResponse): string => dialogKey(callIdOf(response), fromTag(response) ?? '', toTag(response) ?? '');

function untagged(value: NameAddr): string {
  if (!value.params.has('tag')) return formatNameAddr(value);
  const params = new Map(value.params);
  params.delete('tag');
  return formatNameAddr({ ...value, params });
}

const refreshes = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER']);
const target = (message: SipMessage): string | undefined => contactOf(message)?.uri;
const reached = (status: number): Dialog['state'] => (status < 200 ? 'early' : 'confirmed');
const isSecure = (uri: string): boolean => uri.slice(0, 5).toLowerCase() === 'sips:';

/**
 * RFC 3261 §12.1.2: from our request and a 101–299 of it. Each To tag makes a dialog of its own (forking). A peer that
 * sends no Contact is reached at the Request-URI.
 */
export function uacDialog(request: SipRequest, response: SipResponse, from?: Remote): Dialog {
  return {
    role: 'uac',
    state: reached(response.status),
    callId: callIdOf(request),
    localTag: fromTag(request) ?? '',
    remoteTag: toTag(response) ?? '',
    local: untagged(fromOf(request)),
    remote: untagged(toOf(response)),
    remoteTarget: target(response) ?? request.uri,
    routeSet: response.headers.all('Record-Route').reverse(),
    localSeq: cseqOf(request).seq,
    remoteSeq: undefined,
    secure: isSecure(request.uri),
    observed: from,
  };
}

/** §12.1.1: from a request and our 101–299 to it. @throws SipSyntaxError when the request has no Contact: 400 is due */
export function uasDialog(request: SipRequest, response: SipResponse, from?: Remote): Dialog {
  const remoteTarget = target(request);
  if (remoteTarget === undefined) throw new SipSyntaxError(`a ${request.method} without Contact`);
  return {
    role: 'uas',
    state: reached(response.status),
    callId: callIdOf(request),
    localTag: toTag(response) ?? '',
    remoteTag: fromTag(request) ?? '',
    local: untagged(toOf(request)),
    remote: untagged(fromOf(request)),
    remoteTarget,
    routeSet: request.headers.all('Record-Route'),
    localSeq: 0,
    remoteSeq: cseqOf(request).seq,
    secure: isSecure(request.uri),
    observed: from,
  };
}

/** A response to a request of ours in the dialog came in (§12.2.1.2, §13.2.2, §15.1.1). */
export function onDialogResponse(before: Dialog, request: SipRequest, response: SipResponse, from?: Remote): Dialog {
  const { status } = response;
  const first = before.state === 'early' && request.method === 'INVITE';
  const dialog = { ...before, observed: from ?? before.observed };
  if (before.state === 'terminated' || status === 100) return dialog;
  if (status >= 200 && ends(request.method, status, first)) return { ...dialog, state: 'terminated' };
  if (status >= 300) return dialog;
  const remoteTarget = (refreshes.has(request.method) && target(response)) || before.remoteTarget;
  if (!first) return status < 200 ? dialog : { ...dialog, remoteTarget };
  if (status < 200) return { ...dialog, remoteTarget };
  // §13.2.2.4: the route set is computed anew from the 2xx, all else stays.
  return { ...dialog, remoteTarget, state: 'confirmed', routeSet: response.headers.all('Record-Route').reverse() };
}

/** A challenged BYE (401, 407) is sent again; whatever else answers it, the dialog is over. */
function ends(method: string, status: number, first: boolean): boolean {
  if (status === 481 || status === 408) return true;
  if (method === 'BYE') return status !== 401 && status !== 407;
  return first && status >= 300;
}

/** We answered a request of the peer (§13.3.1, §15.1.2). */
export function onDialogAnswer(dialog: Dialog, request: SipRequest, response: SipResponse): Dialog {
  const { status } = response;
  if (status < 200 || dialog.state === 'terminated') return dialog;
  if (request.method === 'BYE' && status < 300) return { ...dialog, state: 'terminated' };
  if (request.method !== 'INVITE' || dialog.state !== 'early') return dialog;
  return { ...dialog, state: status < 300 ? 'confirmed' : 'terminated' };
}

export interface Received {
  readonly dialog: Dialog;
  /** 500: its CSeq is lower than one seen before (§12.2.2); the dialog is as it was. */
  readonly refusal: 500 | undefined;
}

/** A request of the peer in the dialog came in (§12.2.2). */
export function onDialogRequest(before: Dialog, request: SipRequest, from?: Remote): Received {
  const { method } = request;
  const dialog = { ...before, observed: from ?? before.observed };
  if (method === 'ACK' || method === 'CANCEL') return { dialog, refusal: undefined };
  const { seq } = cseqOf(request);
  if (before.remoteSeq !== undefined && seq < before.remoteSeq) return { dialog: before, refusal: 500 };
  const remoteTarget = (refreshes.has(method) && target(request)) || before.remoteTarget;
  return { dialog: { ...dialog, remoteSeq: seq, remoteTarget }, refusal: undefined };
}
