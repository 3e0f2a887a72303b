import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFramer, type Frame } from './framer.js';

const message = (callId: string, body = ''): string =>
  `OPTIONS sip:b@x SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: ${callId}\r\nCSeq: 1 OPTIONS\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const title = (f: Frame): string =>
  f.type === 'message' ? `${f.message.headers.get('Call-ID') ?? ''} ${f.message.body.toString()}`.trim() : f.type === 'ping' ? 'ping' : `${f.error.status}${f.fatal ? ' fatal' : ''}`;
const feed = (chunks: (string | Buffer)[], max = 65_536): string[] => {
  const framer = createFramer(max);
  return chunks.flatMap((chunk) => framer.push(Buffer.from(chunk))).map(title);
};

it('cuts a stream by Content-Length, wherever TCP cut it', () => {
  const stream = Buffer.from(`${message('one', 'hello')}\r\n\r\n${message('two')}${message('three', '\r\n\r\n')}`);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const chunks = at.slice(1).map((end, i) => stream.subarray(at[i], end));
      expect(feed(chunks)).toEqual(['one hello', 'ping', 'two', 'three']);
    }),
  );
});

it('reads a message that comes byte by byte', () => {
  expect(feed(Array.from(Buffer.from(message('slow', 'abc')), (byte) => Buffer.of(byte)))).toEqual(['slow abc']);
});

it('leaves alone what it has handed out', () => {
  const framer = createFramer(65_536);
  const half = message('two', 'world');
  const frames = framer.push(Buffer.from(message('one', 'hello') + half.slice(0, 40)));
  frames.push(...framer.push(Buffer.from(half.slice(40) + message('three'))), ...framer.push(Buffer.from(message('four'))));
  expect(frames.map(title)).toEqual(['one hello', 'two world', 'three', 'four']);
  expect(frames.flatMap((f) => (f.type === 'message' ? [f.raw.toString()] : []))).toEqual([message('one', 'hello'), half, message('three'), message('four')]);
});

it('asks for a pong after two line ends, not after one (RFC 5626 §4.4.1)', () => {
  expect(feed(['\r\n', '\r\n', '\r', '\n\r\n'])).toEqual(['ping', 'ping']);
  expect(feed([`\r\n${message('one')}`])).toEqual(['one']);
});

it.each([
  ['no Content-Length', message('x').replace(/Content-Length.*\r\n/, ''), '400 fatal'],
  ['a negative one', message('x').replace('Length: 0', 'Length: -1'), '400 fatal'],
  ['one beyond the limit', message('x').replace('Length: 0', 'Length: 99999999'), '513 fatal'],
  ['two of them', message('x').replace('\r\nContent', '\r\nl: 3\r\nContent'), '400 fatal'],
  ['nonsense', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', '400 fatal'],
])('gives up a stream with %s', (_what, text, verdict) => {
  expect(feed([text, message('never')])).toEqual([verdict]);
});

it('goes on after a message that is wrong but has an end', () => {
  expect(feed([message('x').replace('CSeq: 1 OPTIONS', 'CSeq: 1 INVITE') + message('next')])).toEqual(['400', 'next']);
});

it('gives up a head without end at the limit', () => {
  const flood = Array.from({ length: 40 }, () => 'X: '.padEnd(100, 'y') + '\r\n');
  expect(feed([message('x').slice(0, -4), ...flood], 2_000)).toEqual(['513 fatal']);
});

it('says whether it waits for more', () => {
  const framer = createFramer(65_536);
  const state = ['INVITE', message('x').slice(6), '\r'].map((chunk) => {
    framer.push(Buffer.from(chunk.replace('OPTIONS', 'INVITE')));
    return framer.partial;
  });
  expect(state[0]).toBe(true);
  expect(createFramer(10).partial).toBe(false);
});
