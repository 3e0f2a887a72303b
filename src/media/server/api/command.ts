import type { Server, Session } from '../session/types.js';

/** An API command: its answer is the body of `api/response`. */
export type ApiCommand = (args: string, server: Server) => string | Promise<string>;

export const OK = '+OK\n';
export const NO_CHANNEL = '-ERR No such channel!\n';
export const usage = (syntax: string): string => `-USAGE: ${syntax}\n`;

/** FreeSWITCH finds a session for as long as it has not been destroyed; we, until it is hung up. */
export function find(server: Server, uuid: string | undefined): Session | undefined {
  const session = server.sessions.get(uuid ?? '');
  return session?.cause ? undefined : session;
}
