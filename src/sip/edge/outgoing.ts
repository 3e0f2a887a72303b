import { createResponse, newBranch, serialize, toTag, type Remote, type SipRequest, type SipResponse } from '../stack/index.js';
import type { App } from './apps.js';
import { metaOf, type Core } from './core.js';
import type { Held } from './dialogs.js';
import type { Attempt } from './reach.js';
import { message } from './wire/notice.js';

/** A request that an application sent and that has no final answer yet. */
export interface Outgoing {
  readonly id: string;
  readonly app: App;
  readonly method: string;
  /** `CALL-ID;from-tag=TAG`, empty where the request can make no dialog. */
  readonly dialogId: string;
  attempt: Attempt | undefined;
  held: Held | undefined;
  /** The application wants it no more; headers for the CANCEL. */
  cancelled: Iterable<readonly [name: string, value: string]> | undefined;
}

/** Requests under way, by the transaction ID that the application knows. */
export interface Outbox {
  add(out: Outgoing): void;
  find(id: string): Outgoing | undefined;
  remove(id: string): void;
  of(app: App): Outgoing[];
}

export function createOutbox(): Outbox {
  const requests = new Map<string, Outgoing>();
  return {
    add: (out) => requests.set(out.id, out),
    find: (id) => requests.get(id),
    remove: (id) => requests.delete(id),
    of: (app) => [...requests.values()].filter((out) => out.app === app),
  };
}

/** Hands a response up to its application. */
export function passUp(core: Core, out: Outgoing, response: SipResponse, from: Remote): void {
  const raw = core.rawOf(response);
  out.app.send(message(metaOf('network', raw.length, from), out.id, out.dialogId, raw));
}

/** drachtio-server answers itself where nobody does: 408 after silence, 503 when the request could not be sent. */
export function fabricate(request: SipRequest, status: 408 | 487 | 503): SipResponse {
  return createResponse(request, status, toTag(request) === undefined ? { toTag: 'edge' } : {});
}

/** A request as it would have gone out, for an application that must be told of one that could not. */
export function asSent(request: SipRequest, place: { readonly host: string; readonly port: number; readonly proto: string }): SipRequest {
  const headers = request.headers.clone();
  headers.prepend('Via', `SIP/2.0/${place.proto.toUpperCase()} ${place.host}:${place.port};branch=${newBranch()};rport`);
  return { ...request, headers };
}

/** The CANCEL that the transaction layer sends for this request, for the application to see. */
export function cancelOf(request: SipRequest, headers: Iterable<readonly [string, string]>): Buffer {
  const kept = request.headers.clone();
  for (const [name] of [...kept.entries()]) if (!/^(via|from|to|call-id|cseq|route|max-forwards)$/i.test(name)) kept.remove(name);
  const via = kept.all('Via')[0] ?? '';
  kept.set('Via', via);
  kept.set('CSeq', (kept.get('CSeq') ?? '').replace(/\S+$/, 'CANCEL'));
  for (const [name, value] of headers) kept.append(name, value);
  return serialize({ ...request, method: 'CANCEL', headers: kept, body: Buffer.alloc(0) });
}
