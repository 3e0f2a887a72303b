import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireFault } from '../errors.js';
import { parseCommand, splitMessage } from './command.js';

const parse = (text: string): ReturnType<typeof parseCommand> => parseCommand(Buffer.from(text));

// What drachtio-srf 5.0.29 wrote to a drachtio-server, IDs shortened.
const REPLY = [
  'm1|sip|t1|', 'SIP/2.0 200 OK', 'call-id: 1-22@127.0.0.1', 'cseq: 1 INVITE', 'from: sipp <sip:sipp@127.0.0.1:5061>;tag=22',
  'to: service <sip:service@127.0.0.1:5060>', 'content-length: 5', '', 'v=0\r\n',
].join('\r\n');
const INVITE = ['m2|sip|||sip:10.0.0.1:5070', 'INVITE sip:1001@10.0.0.9 SIP/2.0', 'from: sip:4000@localhost', 'contact: sip:4000@localhost', '', ''].join('\r\n');
const BYE = ['m3|sip||1-22@127.0.0.1;from-tag=22', 'BYE sip:placeholder SIP/2.0', '', ''].join('\r\n');
const CANCEL = ['m4|sip|t9|', 'CANCEL sip:1001@10.0.0.9 SIP/2.0', 'Reason: SIP;cause=200', '', ''].join('\r\n');
const PROXY = ['m5|proxy|t1|remainInDialog|fullResponse|followRedirects|serial|2s|1500ms|sip:a.example|sip:b.example', 'INVITE sip:a.example SIP/2.0', '', ''].join('\r\n');

describe('commands of an application', () => {
  it('reads authentication with and without tags', () => {
    expect(parse('m|authenticate|cymru|')).toEqual({ type: 'authenticate', id: 'm', secret: 'cymru', tags: [] });
    expect(parse('m|authenticate|cymru|a,b')).toMatchObject({ secret: 'cymru', tags: ['a', 'b'] });
  });

  it('reads routes in lower case, and their removal', () => {
    expect(parse('m|route|INVITE')).toEqual({ type: 'route', id: 'm', verb: 'invite' });
    expect(parse('m|remove_route|invite')).toEqual({ type: 'remove_route', id: 'm', verb: 'invite' });
    expect(parse('m|route')).toMatchObject({ type: 'misfit' });
  });

  it('reads a response to a request', () => {
    const reply = parse(REPLY);
    expect(reply).toMatchObject({ type: 'reply', id: 'm1', transactionId: 't1', status: 200, reason: 'OK' });
    expect(reply).toMatchObject({ headers: [['call-id', '1-22@127.0.0.1'], ['cseq', '1 INVITE'], expect.anything(), expect.anything(), ['content-length', '5']] });
    expect((reply as { body: Buffer }).body.toString()).toBe('v=0\r\n');
  });

  it('tells a request outside of a dialog, its outbound proxy, and one inside apart', () => {
    expect(parse(INVITE)).toMatchObject({ type: 'request', method: 'INVITE', uri: 'sip:1001@10.0.0.9', nextHop: 'sip:10.0.0.1:5070' });
    expect(parse(BYE)).toMatchObject({ type: 'within', dialogId: '1-22@127.0.0.1;from-tag=22', method: 'BYE', uri: 'sip:placeholder' });
  });

  it('reads a CANCEL of a transaction, and nothing else there', () => {
    expect(parse(CANCEL)).toMatchObject({ type: 'cancel', transactionId: 't9', headers: [['Reason', 'SIP;cause=200']] });
    expect(parse(CANCEL.replace('CANCEL sip', 'BYE sip'))).toMatchObject({ type: 'misfit', id: 'm4' });
  });

  it('reads a proxy command with its options and targets', () => {
    expect(parse(PROXY)).toMatchObject({
      type: 'proxy', transactionId: 't1', stay: true, fullResponse: true, followRedirects: true, simultaneous: false,
      provisionalMs: 2000, finalMs: 1500, targets: ['sip:a.example', 'sip:b.example'],
    });
    expect(parse(PROXY.replace('|2s|1500ms|', '||soon|'))).toMatchObject({ provisionalMs: undefined, finalMs: undefined });
    expect(parse('m|proxy|t1|||||')).toMatchObject({ type: 'misfit' });
  });

  it.each([['m|dance', 'Unknown message type'], ['m|sip||\r\nSIP/2.0 200 OK\r\n\r\n', 'transaction id missing'], ['m|sip|t|\r\nSIP/2.0 two OK\r\n\r\n', 'not a status line: SIP/2.0 two OK']])(
    'says what is wrong with %j', (text, why) => {
      expect(parse(text)).toEqual({ type: 'misfit', id: 'm', why });
    });

  it('throws without an ID or a command', () => {
    expect(() => parse('')).toThrow(WireFault);
    expect(() => parse('hello')).toThrow(WireFault);
  });

  it('takes any other bytes for a command or a misfit, never for an exception', () => {
    fc.assert(fc.property(fc.constantFrom('sip', 'proxy', 'route', 'authenticate', 'x'), fc.string(), (word, rest) => {
      expect(parse(`m|${word}|${rest}`)).toHaveProperty('id', 'm');
    }));
  });
});

it('leaves lines without a colon out and keeps the body as bytes', () => {
  const body = Buffer.from([0, 255, 13, 10, 13, 10]);
  const split = splitMessage(Buffer.concat([Buffer.from('INFO sip:x SIP/2.0\r\nX-A: 1\r\nnonsense\r\n\r\n'), body]));
  expect(split).toEqual({ start: 'INFO sip:x SIP/2.0', headers: [['X-A', '1']], body });
});
