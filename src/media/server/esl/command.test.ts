import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EslProtocolError } from '../errors.js';
import { createCommandReader, type Command } from './command.js';

const read = (...chunks: readonly (string | Buffer)[]): Command[] => {
  const reader = createCommandReader();
  return chunks.flatMap((chunk) => reader.feed(Buffer.from(chunk)));
};
const lines = (commands: readonly Command[]): string[] => commands.map((c) => c.line);

describe('a stream of commands', () => {
  it.each<[what: string, bytes: string, expected: string[]]>([
    ['one line and an empty line', 'api status\n\n', ['api status']],
    ['CRLF line ends', 'api status\r\n\r\n', ['api status']],
    ['two at once', 'api a\n\napi b\n\n', ['api a', 'api b']],
    ['empty lines in front of a command', '\n\r\n\napi a\n\n', ['api a']],
    ['an unfinished one is kept back', 'api a\n\napi b\n', ['api a']],
    ['nothing but empty lines', '\n\n\n\n', []],
  ])('%s', (_what, bytes, expected) => {
    expect(lines(read(bytes))).toEqual(expected);
  });

  it('reads headers without case, keeps them as written, and values with colons whole', () => {
    const [command] = read('sendmsg abc\nCall-Command: execute\nexecute-app-arg: a: b:c\n\n');
    expect(command?.headers.get('call-command')).toBe('execute');
    expect(command?.headers.get('execute-app-arg')).toBe('a: b:c');
    expect(command?.fields[0]).toEqual(['Call-Command', 'execute']);
  });

  it('takes a body by its length in bytes, empty lines in it included', () => {
    const body = '你好\n\nsecond';
    const [command, next] = read(`sendevent X\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}api after\n\n`);
    expect(command?.body).toBe(body);
    expect(next?.line).toBe('api after');
  });

  it('is the same however the bytes are cut', () => {
    const bytes = Buffer.from('api status\n\nsendmsg u\ncontent-type: text/plain\ncontent-length: 7\n\nab\n\ncdeapi 再见\r\n\r\nexit\n\n');
    const whole = read(bytes);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const parts = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
        expect(read(...parts)).toEqual(whole);
      }),
    );
  });

  it('never fails but by EslProtocolError, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (chunks) => {
        try {
          read(...chunks.map((c) => Buffer.from(c)));
        } catch (error) {
          expect(error).toBeInstanceOf(EslProtocolError);
        }
      }),
    );
  });
});

describe('limits', () => {
  const small = () => createCommandReader({ headBytes: 32, bodyBytes: 8 });
  it.each<[what: string, bytes: string]>([
    ['a line that never ends', 'a'.repeat(33)],
    ['a finished head that is too long', `${'a'.repeat(40)}\n\n`],
    ['a body that is too long', 'x\ncontent-length: 9\n\n'],
    ['a length that is no number', 'x\ncontent-length: 1e3\n\n'],
    ['a negative length', 'x\ncontent-length: -1\n\n'],
  ])('%s is refused', (_what, bytes) => {
    expect(() => small().feed(Buffer.from(bytes))).toThrow(EslProtocolError);
  });

  it('a stream of empty lines is no long command', () => {
    const reader = small();
    for (let i = 0; i < 100; i++) expect(reader.feed(Buffer.from('\n\n\n\n'))).toEqual([]);
  });
});

describe('a command whose first line is there', () => {
  it('shows that line until the empty line comes', () => {
    const reader = createCommandReader();
    reader.feed(Buffer.from('api sta'));
    expect(reader.begun()).toBeUndefined();
    reader.feed(Buffer.from('tus\r\n'));
    expect(reader.begun()).toBe('api status');
    expect(lines(reader.feed(Buffer.from('\r\n')))).toEqual(['api status']);
    expect(reader.begun()).toBeUndefined();
  });

  it('carried out already: its headers are dropped and the next command is whole', () => {
    const reader = createCommandReader();
    reader.feed(Buffer.from('api status\n'));
    reader.claim('done');
    expect(reader.begun()).toBeUndefined();
    expect(reader.feed(Buffer.from('console_execute: true\n'))).toEqual([]);
    expect(lines(reader.feed(Buffer.from('\napi next\n\n')))).toEqual(['api next']);
  });

  it('answered already: it comes with its headers, marked, and only it', () => {
    const reader = createCommandReader();
    reader.feed(Buffer.from('sendmsg u\n'));
    reader.claim('answered');
    const [first, second] = reader.feed(Buffer.from('call-command: hangup\n\nsendmsg u\n\n'));
    expect(first).toMatchObject({ line: 'sendmsg u', answered: true });
    expect(first?.headers.get('call-command')).toBe('hangup');
    expect(second).toMatchObject({ answered: false });
  });
});
