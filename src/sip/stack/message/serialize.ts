import type { SipMessage } from './types.js';

/** The message in bytes, with Content-Length set from the body. */
export function serialize(message: SipMessage): Buffer {
  const { body } = message;
  const start = message.type === 'request' ? `${message.method} ${message.uri} SIP/2.0` : `SIP/2.0 ${message.status} ${message.reason}`;
  const head = `${start}\r\n${message.headers.text()}Content-Length: ${body.length}\r\n\r\n`;
  if (body.length === 0) return Buffer.from(head);
  const data = Buffer.allocUnsafe(Buffer.byteLength(head) + body.length);
  body.copy(data, data.write(head));
  return data;
}
