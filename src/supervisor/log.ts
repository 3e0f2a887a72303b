import { pino, type Logger } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'fatal'> & { child(bindings: object): Log };

/** JSON lines on stderr or another open file, written before the call returns: the last line of a dying process is not lost. */
export const createLog = (fd = 2): Log => pino({ name: 'supervisor' }, pino.destination({ fd, sync: true }));
