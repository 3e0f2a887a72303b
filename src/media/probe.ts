import { connect } from 'node:net';
import type { Ms } from '../base/index.js';
import { MediaUnavailable } from './errors.js';

/**
 * Opens and closes a TCP connection and tells the local address it left from: the address under which that host
 * can call us back. drachtio-fsmrf is only asked to connect where this succeeded, since a connection of its own
 * that fails goes on retrying with nobody holding it (drachtio-fsmrf issue #47).
 * @throws MediaUnavailable
 */
export function probe(host: string, port: number, timeoutMs: Ms): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (cause?: unknown): void => {
      socket.destroy();
      reject(new MediaUnavailable(`no event socket at ${host}:${port}`, { cause, hint: 'is the media server running, and its event socket listening there?' }));
    };
    socket.setTimeout(timeoutMs, fail);
    socket.once('error', fail);
    socket.once('connect', () => {
      const from = socket.localAddress ?? '127.0.0.1';
      socket.destroy();
      resolve(from);
    });
  });
}
