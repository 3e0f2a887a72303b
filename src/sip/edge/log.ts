import { pino, type Logger } from 'pino';
import type { Ms } from '../../base/index.js';

export type Log = Logger;

/** JSON lines on stderr: stdout belongs to READY. `STROWGER_LOG_LEVEL` sets the level, info unless told. */
export function createLog(): Log {
  return pino({ name: 'edge', level: process.env['STROWGER_LOG_LEVEL'] ?? 'info' }, pino.destination({ fd: 2, sync: false }));
}

/** Lets through `perSecond` lines of each kind a second and says afterwards how many it kept back: garbage must not fill the disk. */
export function createLimitedLog(log: Log, perSecond: number, now: () => Ms): (kind: string, fields: object, text: string) => void {
  const kinds = new Map<string, { second: number; said: number; held: number }>();
  return (kind, fields, text) => {
    const second = Math.floor(now() / 1000);
    const seen = kinds.get(kind) ?? { second, said: 0, held: 0 };
    kinds.set(kind, seen);
    if (seen.second !== second) {
      if (seen.held > 0) log.warn({ kind, held: seen.held }, 'more of the same were not logged');
      Object.assign(seen, { second, said: 0, held: 0 });
    }
    if (seen.said < perSecond) {
      seen.said += 1;
      log.warn({ kind, ...fields }, text);
    } else seen.held += 1;
  };
}
