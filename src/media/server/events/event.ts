import type { EventName } from './names.js';

export type Header = readonly [name: string, value: string];

/** An event as it goes to clients. `plain` and `json` are rendered once, however many listeners take it. */
export interface FsEvent {
  readonly name: EventName;
  readonly subclass: string | undefined;
  /** The channel it belongs to, for filters that need not look at the headers. */
  readonly uuid: string | undefined;
  readonly headers: readonly Header[];
  readonly body: string | undefined;
  readonly plain: () => string;
  readonly json: () => string;
}

const UNSAFE = /[^!$'-*,-9A-Z_a-z~]/gu;

/** Percent-encoding as switch_url_encode does it: what could break a header line, and every byte outside ASCII. */
export const urlEncode = (text: string): string => text.replace(UNSAFE, (c) => encodeURIComponent(c));

/** `Name: value` lines with encoded values, an empty line, and the body with its length where there is one. */
export function serializePlain(headers: readonly Header[], body?: string): string {
  let text = '';
  for (const [name, value] of headers) text += `${name}: ${value === '' ? '_undef_' : urlEncode(value)}\n`;
  return body === undefined || body === '' ? `${text}\n` : `${text}Content-Length: ${Buffer.byteLength(body)}\n\n${body}`;
}

/** One JSON object; a repeated header becomes an array, the body `_body`. */
export function serializeJson(headers: readonly Header[], body?: string): string {
  const object: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    const before = object[name];
    object[name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  if (body !== undefined) {
    object['Content-Length'] = String(Buffer.byteLength(body));
    object._body = body;
  }
  return JSON.stringify(object);
}

export function createEvent(name: EventName, headers: readonly Header[], extra: { subclass?: string; uuid?: string; body?: string } = {}): FsEvent {
  const { subclass, uuid, body } = extra;
  let plain: string | undefined;
  let json: string | undefined;
  return {
    name, subclass, uuid, headers, body,
    plain: () => (plain ??= serializePlain(headers, body)),
    json: () => (json ??= serializeJson(headers, body)),
  };
}
