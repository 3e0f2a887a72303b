import { EslProtocolError } from '../errors.js';

/** One command of a client: its first line, its headers (names in lower case), its body. */
export interface Command {
  readonly line: string;
  readonly headers: ReadonlyMap<string, string>;
  /** The headers as they were written. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** The reply went out when its first line was there. */
  readonly answered: boolean;
}

export interface CommandLimits {
  /** Bytes of the first line and the headers together. */
  readonly headBytes: number;
  readonly bodyBytes: number;
}

export const COMMAND_LIMITS: CommandLimits = { headBytes: 65_536, bodyBytes: 1_048_576 };

export interface CommandReader {
  /** @returns the commands that are complete now. @throws EslProtocolError past a limit or on a senseless length */
  readonly feed: (chunk: Buffer) => Command[];
  /** The first line of a command whose end has not come yet. */
  readonly begun: () => string | undefined;
  /** The command that has begun was carried out already, or only answered: its rest is dropped, or it comes marked. */
  readonly claim: (how: 'done' | 'answered') => void;
  /** The end of a command that was carried out already has not come yet. */
  readonly owed: () => boolean;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a byte stream into commands: a line, header lines, an empty line, and `Content-Length` bytes of body.
 * Line ends may be LF or CRLF; empty lines in front of a command are skipped (mod_event_socket.c read_packet).
 */
export function createCommandReader(limits: CommandLimits = COMMAND_LIMITS): CommandReader {
  let pending: Buffer = Buffer.alloc(0);
  let scanned = 0;
  let head: Head | undefined;
  let claimed: 'done' | 'answered' | undefined;

  const skipEmptyLines = (): void => {
    let start = 0;
    while (start < pending.length && (pending[start] === LF || pending[start] === CR)) start++;
    if (start === 0) return;
    pending = pending.subarray(start);
    scanned = Math.max(0, scanned - start);
  };

  const takeHead = (): boolean => {
    skipEmptyLines();
    const end = endOfHead(pending, Math.max(0, scanned - 3));
    if ((end?.at ?? pending.length) > limits.headBytes) throw tooLong('command', limits.headBytes);
    if (end === undefined) {
      scanned = pending.length;
      return false;
    }
    head = parseHead(pending.toString('utf8', 0, end.at), limits);
    pending = pending.subarray(end.next);
    scanned = 0;
    return true;
  };

  return {
    feed(chunk) {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const commands: Command[] = [];
      for (;;) {
        if (!head && !takeHead()) return commands;
        if (!head || pending.length < head.length) return commands;
        const { line, headers, fields, length } = head;
        if (claimed !== 'done') commands.push({ line, headers, fields, body: pending.toString('utf8', 0, length), answered: claimed === 'answered' });
        pending = pending.subarray(length);
        head = undefined;
        claimed = undefined;
      }
    },
    begun() {
      if (head || claimed) return undefined;
      const end = pending.indexOf(LF);
      return end === -1 ? undefined : pending.toString('utf8', 0, end).trimEnd();
    },
    claim: (how) => void (claimed = how),
    owed: () => claimed === 'done',
  };
}

function endOfHead(data: Buffer, from: number): { at: number; next: number } | undefined {
  for (let i = data.indexOf(LF, from); i !== -1; i = data.indexOf(LF, i + 1)) {
    const next = data[i + 1] === CR ? i + 2 : i + 1;
    if (data[next] === LF) return { at: data[i - 1] === CR ? i - 1 : i, next: next + 1 };
  }
  return undefined;
}

interface Head extends Omit<Command, 'body' | 'answered'> {
  /** Bytes of the body. */
  readonly length: number;
}

function parseHead(text: string, limits: CommandLimits): Head {
  const [line = '', ...rest] = text.split(/\r?\n/);
  const fields: [string, string][] = [];
  for (const entry of rest) {
    const colon = entry.indexOf(':');
    if (colon > 0) fields.push([entry.slice(0, colon).trim(), entry.slice(colon + 1).trimStart()]);
  }
  const headers = new Map(fields.map(([name, value]) => [name.toLowerCase(), value]));
  const length = headers.get('content-length');
  if (length === undefined) return { line, headers, fields, length: 0 };
  if (!/^\d{1,9}\s*$/.test(length)) throw new EslProtocolError(`Content-Length is not a number: ${length.slice(0, 40)}`);
  if (Number(length) > limits.bodyBytes) throw tooLong('body', limits.bodyBytes);
  return { line, headers, fields, length: Number(length) };
}

const tooLong = (what: string, bytes: number): EslProtocolError =>
  new EslProtocolError(`a ${what} of more than ${bytes} bytes`, { hint: 'send shorter commands on the event socket' });
