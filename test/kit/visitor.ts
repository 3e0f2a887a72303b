import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { within } from './wait.js';

export type VisitorFrame = { readonly type: string; readonly [key: string]: unknown };
export type VisitorOptions = { readonly token?: string; readonly customerToken?: string; readonly language?: string; readonly after?: number; readonly origin?: string };
/** A browser with the widget, without the browser. */
export type Visitor = {
  readonly id: string;
  readonly token: string;
  readonly frames: readonly VisitorFrame[];
  send(frame: VisitorFrame): void;
  /** The first frame of this kind that fits: one that has come, or the next. */
  next(type: string, fits?: (frame: VisitorFrame) => boolean, ms?: number): Promise<VisitorFrame>;
  /** Sends and waits for the answer of the house. */
  say(text: string, more?: object): Promise<VisitorFrame>;
  start(form?: Record<string, string>): Promise<string>;
  /** The network goes away, without a word. */
  drop(): void;
  close(): Promise<number>;
  readonly closed: Promise<number>;
};

export async function visit(base: string, options: VisitorOptions = {}): Promise<Visitor> {
  const response = await fetch(`${base}/v1/chat/sessions`, {
    method: 'POST', headers: { 'content-type': 'application/json', ...(options.token ? { authorization: `Bearer ${options.token}` } : {}) },
    body: JSON.stringify({ language: options.language ?? 'en', ...(options.customerToken ? { customer_token: options.customerToken } : {}) }),
  });
  if (response.status !== 201) throw new Error(`no session: ${String(response.status)} ${await response.text()}`);
  const { visitor, token } = (await response.json()) as { visitor: string; token: string };
  const socket = new WebSocket(`${base.replace('http', 'ws')}/v1/chat/ws`, options.origin === undefined ? {} : { headers: { origin: options.origin } });
  const frames: VisitorFrame[] = [];
  const waiting = new Set<() => void>();
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()) as VisitorFrame);
    waiting.forEach((look) => { look(); });
  });
  const send = (frame: VisitorFrame): void => { socket.send(JSON.stringify(frame)); };
  const next: Visitor['next'] = (type, fits = () => true, ms = 10_000) => within(ms, `a frame "${type}" (seen: ${frames.map((f) => f.type).join(' ')})`, new Promise((resolve) => {
    const look = (): void => {
      const found = frames.find((f) => f.type === type && fits(f));
      if (!found) return;
      waiting.delete(look);
      resolve(found);
    };
    waiting.add(look);
    look();
  }));
  await within(10_000, 'the socket to open', new Promise<void>((resolve, reject) => { socket.once('open', resolve); socket.once('error', reject); }));
  send({ type: 'hello', token, after: options.after ?? 0 });
  await next('welcome');
  return {
    id: visitor, token, frames, send, next, closed,
    async say(text, more = {}) {
      const id = randomUUID();
      send({ type: 'say', client_id: id, text, ...more });
      const answer = await Promise.race([next('ack', (f) => f['client_id'] === id), next('error', (f) => f['client_id'] === id)]);
      if (answer.type === 'error') throw new Error(String(answer['code']));
      return answer;
    },
    async start(form = {}) {
      const id = randomUUID();
      send({ type: 'start', client_id: id, form });
      const answer = await Promise.race([next('started', (f) => f['client_id'] === id), next('error', (f) => f['client_id'] === id)]);
      if (answer.type === 'error') throw new Error(String(answer['code']));
      return (answer['conversation'] as { id: string }).id;
    },
    drop: () => { socket.terminate(); },
    close() {
      socket.close();
      return closed;
    },
  };
}
