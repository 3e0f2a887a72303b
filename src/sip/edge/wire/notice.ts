import { randomUUID } from 'node:crypto';
import { frame } from './frame.js';

/** Where a message came from or was sent from, as an application sees it in `req.source_address` and its neighbours. */
export type Meta = {
  readonly source: 'network' | 'application';
  readonly bytes: number;
  readonly proto: string;
  readonly address: string;
  readonly port: number;
  /** `HH:MM:SS.µµµµµµ` UTC. */
  readonly time: string;
};

/** Wall-clock time as drachtio-server writes it. @param nowMs Unix time */
export function clockTime(nowMs: number): string {
  const second = Math.floor(nowMs / 1000);
  if (second !== last.second) last = { second, text: new Date(second * 1000).toISOString().slice(11, 19) };
  return `${last.text}.${String(nowMs - second * 1000).padStart(3, '0')}000`;
}
let last = { second: NaN, text: '' };

const meta = (m: Meta): string => `${m.source}|${m.bytes}|${m.proto}|${m.address}|${m.port}|${m.time}`;
const response = (id: string, text: string, raw?: Buffer): Buffer => frame(`${randomUUID()}|response|${id}|${text}`, raw);

/** A request outside of any dialog, or the CANCEL of one; `local` is the address it arrived at. */
export const newRequest = (m: Meta, transactionId: string, local: { address: string; port: number }, raw: Buffer): Buffer =>
  frame(`${randomUUID()}|sip|${meta(m)}|${transactionId}||${local.address}|${local.port}|`, raw);

/** A response, a request inside a dialog, or (source `application`) a BYE the edge sent of its own accord. */
export const message = (m: Meta, transactionId: string, dialogId: string, raw: Buffer): Buffer =>
  frame(`${randomUUID()}|sip|${meta(m)}|${transactionId}|${dialogId}|`, raw);

export const ok = (id: string, text?: string): Buffer => response(id, text === undefined ? 'OK' : `OK|${text}`);
/** `NO` answers a command the server did not take, `NOK` one it took and could not do. */
export const no = (id: string, why: string): Buffer => response(id, `NO|${oneLine(why)}`);
export const nok = (id: string, why: string): Buffer => response(id, `NOK|${oneLine(why)}`);
/** A request went out as `raw`. */
export const requestSent = (id: string, m: Meta, transactionId: string, raw: Buffer): Buffer =>
  response(id, `OK|${meta(m)}|${transactionId}|Msg sent:|`, raw);
/** A response went out as `raw`. */
export const replySent = (id: string, m: Meta, transactionId: string, dialogId: string, raw: Buffer): Buffer =>
  response(id, `OK|${meta(m)}|${transactionId}|${dialogId}||Msg sent:|`, raw);
/** A final response that a proxied request received; more may follow until `ok(id, 'done')`. */
export const proxied = (id: string, m: Meta, raw: Buffer): Buffer => response(id, `OK|${meta(m)}|||continue`, raw);
export const cdr = (kind: string, source: Meta['source'], time: string, detail: string | undefined, raw: Buffer): Buffer =>
  frame(`${randomUUID()}|cdr:${kind}|${source}|${time}${detail === undefined ? '' : `|${detail}`}`, raw);

const oneLine = (text: string): string => text.replace(/[\r\n|]+/g, ' ');
