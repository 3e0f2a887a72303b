import { pino, stdSerializers, type Logger } from 'pino';

export type Log = Logger;

/** JSON lines on stderr: stdout belongs to what people read once. */
export function createLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) }, serializers: { error: stdSerializers.err } },
    pino.destination({ fd: 2, sync: false, minLength: 0 }),
  );
}
