import { describe, expect, it } from 'vitest';
import { createFrames } from './frame.js';
import { cdr, clockTime, message, newRequest, nok, ok, proxied, replySent, requestSent, type Meta } from './notice.js';

const meta: Meta = { source: 'network', bytes: 412, proto: 'udp', address: '10.0.0.7', port: 5062, time: '10:11:12.131000' };
const raw = Buffer.from('OPTIONS sip:a SIP/2.0\r\n\r\n');
/** Tokens as drachtio-srf's agent counts them, without the random message ID. */
function tokens(frame: Buffer): string[] {
  const [payload] = createFrames(100_000)(frame);
  return (payload?.toString().split('\r\n')[0] ?? '').split('|').slice(1);
}

describe('messages to an application, token by token as drachtio-srf reads them', () => {
  it('a request out of dialog: transaction ID at 8, no dialog ID, and where it arrived', () => {
    const sent = tokens(newRequest(meta, 'txn', { address: '10.0.0.1', port: 5060 }, raw));
    expect(sent).toEqual(['sip', 'network', '412', 'udp', '10.0.0.7', '5062', '10:11:12.131000', 'txn', '', '10.0.0.1', '5060', '']);
  });

  it('anything with a dialog: dialog ID at 9', () => {
    expect(tokens(message(meta, 'txn', 'id;from-tag=1', raw)).slice(7)).toEqual(['txn', 'id;from-tag=1', '']);
  });

  it('a request that was sent: meta, then the transaction ID', () => {
    expect(tokens(requestSent('m', meta, 'txn', raw))).toEqual(['response', 'm', 'OK', 'network', '412', 'udp', '10.0.0.7', '5062', '10:11:12.131000', 'txn', 'Msg sent:', '']);
  });

  it('a response that was sent: transaction ID at 10, dialog ID at 11', () => {
    expect(tokens(replySent('m', meta, 'txn', 'dlg', raw)).slice(9)).toEqual(['txn', 'dlg', '', 'Msg sent:', '']);
  });

  it('a proxied answer asks to be kept waiting for more', () => {
    expect(tokens(proxied('m', meta, raw))[11]).toBe('continue');
    expect(tokens(ok('m', 'done'))).toEqual(['response', 'm', 'OK', 'done']);
  });

  it('a refusal is one line whatever the reason says', () => {
    expect(tokens(nok('m', 'bad\r\nheader|x'))).toEqual(['response', 'm', 'NOK', 'bad header x']);
  });

  it('call records', () => {
    expect(tokens(cdr('stop', 'network', '1', 'normal-release', raw))).toEqual(['cdr:stop', 'network', '1', 'normal-release']);
    expect(tokens(cdr('attempt', 'network', '1', undefined, raw))).toEqual(['cdr:attempt', 'network', '1']);
  });
});

it('writes the time of day in UTC', () => {
  expect(clockTime(Date.UTC(2026, 10, 20, 9, 8, 7, 6))).toBe('09:08:07.006000');
});
