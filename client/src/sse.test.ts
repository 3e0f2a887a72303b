import { expect, it } from 'vitest';
import { messageReader } from './sse.js';

it('reads messages however the bytes are cut', () => {
  const stream = 'retry: 2000\nid: 7\n\nid: 8\ndata: {"a":1}\n\n: still here\nid: 8\n\nid: 9\r\ndata: x\r\ndata: y\r\n\r\ndata: not yet';
  const whole = messageReader()(stream);
  expect(whole).toEqual([
    { data: '', id: '7', retryMs: 2_000 }, { data: '{"a":1}', id: '8', retryMs: undefined }, { data: '', id: '8', retryMs: undefined }, { data: 'x\ny', id: '9', retryMs: undefined },
  ]);
  // A CR LF is never cut in two by the house, which sends LF alone; everything else may be.
  const plain = stream.replaceAll('\r', '');
  for (let at = 1; at < plain.length; at += 1) {
    const read = messageReader();
    expect([...read(plain.slice(0, at)), ...read(plain.slice(at))]).toEqual(whole);
  }
});
