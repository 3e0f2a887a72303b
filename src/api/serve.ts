import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { StrowgerError, type Ms } from '../base/index.js';
import { createUpgrades, type UpgradeHandler } from './upgrade.js';

/** The HTTP socket cannot be bound. */
export class HttpPortTaken extends StrowgerError {
  readonly code = 'api.port_taken';
}

export type ServeOptions = {
  readonly host: string;
  readonly port: number;
  /** A client that takes longer for its headers, or for the whole request, is cut off. */
  readonly headersMs?: Ms;
  readonly requestMs?: Ms;
  readonly maxConnections?: number;
};
export interface HttpDoor {
  readonly port: number;
  /** Hands requests for another protocol at this path over: `webSockets({…})` makes such a handler. */
  onUpgrade(path: string, handler: UpgradeHandler): void;
  /** Takes no new connection, lets running requests end within `graceMs`, then cuts them off. */
  close(graceMs?: Ms): Promise<void>;
}

/** @throws HttpPortTaken */
export async function serveApi(app: { fetch: (request: Request, env?: object) => Response | Promise<Response> }, options: ServeOptions): Promise<HttpDoor> {
  const { host, port, headersMs = 10_000, requestMs = 30_000, maxConnections = 5_000 } = options;
  // keepAliveTimeout above the usual 5 s of Node spares pollers a reconnect each time.
  const serverOptions = { headersTimeout: headersMs, requestTimeout: requestMs, keepAliveTimeout: 20_000, connectionsCheckingInterval: Math.min(headersMs, 5_000) };
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions }) as Server;
  server.maxConnections = maxConnections;
  const upgrades = createUpgrades();
  server.on('upgrade', upgrades.handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'the port is in use' : cause.message;
      reject(new HttpPortTaken(`cannot listen for HTTP on ${host}:${port}: ${why}`, { cause, hint: 'stop the program that has it, or set STROWGER_HTTP_PORT' }));
    });
    server.listen(port, host, () => resolve());
  });
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : port,
    onUpgrade: (path, handler) => upgrades.on(path, handler),
    close: (graceMs = 2_000) =>
      new Promise((resolve) => {
        const hard = setTimeout(() => {
          server.closeAllConnections();
          upgrades.destroyAll();
        }, graceMs);
        server.close(() => {
          clearTimeout(hard);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
