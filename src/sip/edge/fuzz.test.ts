import fc from 'fast-check';
import { createConnection } from 'node:net';
import { expect, it } from 'vitest';
import { serialize } from '../../../test/kit/sip/message.js';
import { openLab, SDP, type Peer } from './lab.test.js';
import { frame } from './wire/frame.js';

/** Text with some of its characters replaced, dropped or doubled. */
const spoiled = (text: string): fc.Arbitrary<string> =>
  fc.array(fc.tuple(fc.nat(text.length), fc.constantFrom('', '\0', '\r\n', ';', ':', '<', '"', '|', '#', 'ü', '%00', '99999999999', ' ')), { maxLength: 4 }).map((changes) =>
    changes.reduce((now, [at, by]) => now.slice(0, at) + by + now.slice(at + 1), text));

const COMMANDS = [
  'm|sip||\r\nINVITE sip:x@127.0.0.1:9 SIP/2.0\r\nfrom: sip:a@localhost\r\ncontact: sip:a@localhost\r\n\r\n' + SDP,
  'm|sip|||sip:127.0.0.1:9;transport=tcp\r\nOPTIONS sip:x@127.0.0.1:9 SIP/2.0\r\ncseq: 3 OPTIONS\r\n\r\n',
  'm|sip||call;from-tag=1\r\nBYE sip:placeholder SIP/2.0\r\n\r\n',
  'm|sip|t1|\r\nSIP/2.0 200 OK\r\ncall-id: 1\r\ncseq: 1 INVITE\r\n\r\n',
  'm|sip|t1|\r\nCANCEL sip:x SIP/2.0\r\n\r\n',
  'm|proxy|t1|remainInDialog|fullResponse||serial|2s||sip:a|sip:b\r\nINVITE sip:a SIP/2.0\r\n\r\n',
];

it('whatever an application or a stranger sends, the edge goes on working', { timeout: 60_000 }, async () => {
  const lab = await openLab({ strangers: { burst: 100_000, addressBurst: 100_000, totalBurst: 100_000 } });
  const srf = await lab.app();
  srf.use('options', (_req, res) => res.send(200));
  srf.use('invite', (_req, res) => res.send(486));
  const peer: Peer = await lab.peer();
  peer.inbox.push = () => 0; // nobody reads the answers
  const requests = ['INVITE', 'OPTIONS', 'CANCEL', 'ACK', 'BYE', 'PRACK'].map((method) => serialize(peer.request(method, { body: SDP, headers: [['RAck', '1 1 INVITE'], ['Route', `<sip:127.0.0.1:${lab.port};lr>`], ['Session-Expires', '90']] })));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...COMMANDS).chain(spoiled), fc.constantFrom(...requests).chain(spoiled), async (command, request) => {
      const socket = createConnection(lab.edge.controlPort, '127.0.0.1');
      socket.on('error', () => undefined);
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.write(Buffer.concat([frame('a|authenticate|cymru|'), frame('r|route|invite'), frame(command)]));
      peer.send(request);
      // The answer to a ping, or the end of a connection that talked nonsense, says that all of it has been read.
      socket.end(frame('p|ping'));
      socket.resume();
      await closed;
    }),
    { numRuns: 300 },
  );
  const fresh = await lab.peer();
  await expect.poll(() => {
    fresh.send(fresh.request('OPTIONS'));
    return fresh.inbox.some((m) => m.kind === 'response' && m.status === 200);
  }, { timeout: 5_000 }).toBe(true);
  await lab.idle(10_000);
  await lab.close();
});
