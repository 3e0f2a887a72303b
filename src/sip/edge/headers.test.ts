import { describe, expect, it } from 'vitest';
import { Refused } from './errors.js';
import { bracketed, contactAt, delocalized, fromApp, tagIn, withContentType } from './headers.js';

const place = { proto: 'udp', host: '192.0.2.1', port: 5060 } as const;
const none = new Set<string>();

describe('headers an application sets', () => {
  it('are spelled as drachtio-server spells them', () => {
    const names = fromApp([['x-foo-bar', '1'], ['X-UUID', '2'], ['session-info', '3'], ['P-Charge-Info', '4']], place, none).map(([name]) => name);
    expect(names).toEqual(['x-foo-bar', 'X-UUID', 'Session-Info', 'P-Charge-Info']);
  });

  it('do not touch what belongs to the transaction, nor what the caller of this holds back', () => {
    const lines = [['Via', 'x'], ['Route', '<sip:evil>'], ['rseq', '1'], ['Record-Route', 'x'], ['content-length', '7'], ['to', 'x'], ['Subject', 'hi']] as const;
    expect(fromApp(lines, place, new Set(['to']))).toEqual([['Subject', 'hi']]);
  });

  it('with a name that is no token are left out', () => {
    expect(fromApp([['bad name', '1'], ['', '2']], place, none)).toEqual([]);
  });

  it.each([
    ['sip:4000@localhost', '<sip:4000@192.0.2.1:5060>'],
    ['"Ann" <sip:4000@localhost>;tag=x', '"Ann" <sip:4000@192.0.2.1:5060>;tag=x'],
    ['<sip:localhost:5070>', '<sip:192.0.2.1:5060>'],
    ['sip:4000@localhost;user=phone', '<sip:4000@192.0.2.1:5060>;user=phone'],
    ['<sip:4000@localhost;transport=tcp>', '<sip:4000@192.0.2.1:5060;transport=tcp>'],
    ['sip:a@localhost.example', 'sip:a@localhost.example'],
    ['sip:a@example.com', 'sip:a@example.com'],
  ])('%s becomes %s', (value, wanted) => {
    expect(delocalized(value, place)).toBe(wanted);
  });

  it('may say localhost in addresses only', () => {
    expect(fromApp([['contact', 'sip:a@localhost'], ['X-Note', 'sip:a@localhost']], place, none)).toEqual([
      ['Contact', '<sip:a@192.0.2.1:5060>'],
      ['X-Note', 'sip:a@localhost'],
    ]);
  });
});

it('brackets a bare URI so that its parameters stay with the header', () => {
  expect(bracketed('sip:a@b;tag=1')).toBe('<sip:a@b>;tag=1');
  expect(bracketed('*')).toBe('*');
});

it('names the transport in Contact unless it is UDP', () => {
  expect(contactAt(place)).toBe('<sip:192.0.2.1:5060>');
  expect(contactAt({ proto: 'tcp', host: '2001:db8::1', port: 5070 })).toBe('<sip:[2001:db8::1]:5070;transport=tcp>');
});

describe('content types', () => {
  it('are worked out for SDP and demanded for anything else', () => {
    expect(withContentType([], Buffer.from('v=0\r\n'))).toEqual([['Content-Type', 'application/sdp']]);
    expect(withContentType([['content-type', 'text/plain']], Buffer.from('hi'))).toHaveLength(1);
    expect(() => withContentType([], Buffer.from('hi'))).toThrow(Refused);
    expect(withContentType([], Buffer.alloc(0))).toEqual([]);
  });
});

it.each([['<sip:a@b>;tag=xyz', 'xyz'], ['tag=1-22@10.0.0.1', '1-22@10.0.0.1'], ['<sip:a@b>', undefined], [undefined, undefined]])('finds the tag in %j', (to, tag) => {
  expect(tagIn(to)).toBe(tag);
});
