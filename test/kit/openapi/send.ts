import { Agent, request as ask } from 'node:http';
import type { Request } from './request.js';

export type Reply = { readonly status: number; readonly type: string; readonly headers: Readonly<Record<string, string | string[] | undefined>>; readonly body: string };

const agent = new Agent({ keepAlive: true, maxSockets: 16 });
/** Sends exactly this: no normalised path, no checked header. A stream that does not end is left once its answer has begun. @throws what the socket throws */
export function send(port: number, { method, path, headers, body }: Request, ms = 20_000): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = ask({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) }, agent, timeout: ms }, (response) => {
      const type = (response.headers['content-type'] ?? '').split(';')[0] ?? '';
      const reply = { status: response.statusCode ?? 0, type, headers: response.headers };
      if (type === 'text/event-stream') {
        resolve({ ...reply, body: '' });
        return void response.destroy();
      }
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve({ ...reply, body: Buffer.concat(parts).toString() }));
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${ms} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}
