import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { batched } from './batched.js';

/** A stream that notes what reaches its underside at once. */
function stream(): { readonly socket: Writable; readonly packets: string[] } {
  const packets: string[] = [];
  const socket = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      packets.push(chunk);
      done();
    },
    writev(chunks, done) {
      packets.push(chunks.map(({ chunk }) => String(chunk)).join(''));
      done();
    },
  });
  return { socket, packets };
}

it('what is written in one turn goes out as one, in order', () => {
  const { socket, packets } = stream();
  const turns: (() => void)[] = [];
  batched(socket, (run) => void turns.push(run));
  for (const line of ['sendmsg\n', 'call-command: execute\n', '\n']) socket.write(line);
  expect([packets, turns.length]).toEqual([[], 1]);
  turns.shift()?.();
  expect(packets).toEqual(['sendmsg\ncall-command: execute\n\n']);
  socket.write('exit\n\n');
  turns.shift()?.();
  expect(packets).toEqual(['sendmsg\ncall-command: execute\n\n', 'exit\n\n']);
});

it('an end right after a write loses nothing', async () => {
  const { socket, packets } = stream();
  batched(socket, (run) => void setImmediate(run));
  socket.write('a');
  socket.write('b');
  socket.end('c');
  await new Promise((resolve) => socket.once('finish', resolve));
  expect(packets.join('')).toBe('abc');
});
