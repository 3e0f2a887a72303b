import { describe, expect, it } from 'vitest';
import { createRequest } from './create.js';
import { parseCSeq } from './cseq.js';
import { SipSyntaxError } from './errors.js';
import { newBranch, newCallId, newTag } from './ids.js';
import { formatNameAddr, parseNameAddr } from './name-addr.js';
import { reasonPhrase } from './reasons.js';
import { formatUri, parseUri } from './uri.js';
import { formatVia, parseVia } from './via.js';

describe('URIs', () => {
  it.each([
    ['sip:alice@atlanta.com', { user: 'alice', host: 'atlanta.com', port: undefined }],
    ['sip:alice:secret@atlanta.com;transport=TCP', { user: 'alice', password: 'secret' }],
    ['SIPS:1212@Gateway.COM', { scheme: 'sips', host: 'gateway.com' }],
    ['sip:[2001:db8::10]:5070', { user: undefined, host: '2001:db8::10', port: 5070 }],
    ['sip:+1-212@gw;user=phone?Subject=x', { user: '+1-212', headers: 'Subject=x' }],
    ['sip:*45@192.0.2.1', { user: '*45' }],
    ['sip:%61lice@atlanta.com', { user: 'alice' }],
    ['tel:+86-755-1234;phone-context=+86', { kind: 'tel', number: '+86-755-1234' }],
    ['urn:service:sos', { kind: 'other', scheme: 'urn', rest: 'service:sos' }],
  ])('%s', (text, parts) => {
    expect(parseUri(text)).toMatchObject(parts);
  });

  it('knows a flag from an empty value, and names without case', () => {
    const uri = parseUri('sip:a@b;LR;x=;Transport=tcp');
    expect([...uri.kind === 'sip' ? uri.params : []]).toEqual([['lr', undefined], ['x', ''], ['transport', 'tcp']]);
  });

  it.each(['', 'alice', ':x', 'sip:', 'sip:@host', 'sip:a@', 'sip:a@b:99999', 'sip:a@b:x', 'sip:a@[::1', 'sip:a@[zz]', 'sip:a%4@b', 'sip:a b@c', 'tel:', '1x:y'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseUri(text)).toThrow(SipSyntaxError);
    },
  );

  it.each(['sip:a@b', 'sip:a%40x@b:5060;lr;x=1?h=v', 'sips:[::1]:5061', 'tel:+1;ext=5', 'urn:x:y', 'sip:%E4%B8%AD@b'])('writes %s as it was', (text) => {
    expect(formatUri(parseUri(text))).toBe(text);
  });
});

describe('addresses', () => {
  it.each([
    ['"A. G. Bell" <sip:agb@bell.com> ;tag=a48s', 'A. G. Bell', 'sip:agb@bell.com', 'a48s'],
    ['sip:+12125551212@x.com;tag=887s', undefined, 'sip:+12125551212@x.com', '887s'],
    ['Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8', 'Anonymous', 'sip:c8oqz84zk7z@privacy.org', 'hyh8'],
    ['<sip:a@b;tag=inner>;tag=outer', undefined, 'sip:a@b;tag=inner', 'outer'],
    ['王小明 <sip:wang@b>', '王小明', 'sip:wang@b', undefined],
    ['"" <sip:a@b>;tag="q;,"', '', 'sip:a@b', '"q;,"'],
    ['<sip:a@b>;tag=ours;tag=1SIPpTag01', undefined, 'sip:a@b', 'ours'],
  ])('%s', (text, display, uri, tag) => {
    const value = parseNameAddr(text);
    expect([value.display, value.uri, value.params.get('tag')]).toEqual([display, uri, tag]);
  });

  it.each(['', '<>', '<sip:a@b', '"open <sip:a@b>', '"x" sip:a@b', 'sip:a@b;;', '<sip:a@b>x', '<sip:a@b>;=1', 'nonsense'])('refuses %s', (text) => {
    expect(() => parseNameAddr(text)).toThrow(SipSyntaxError);
  });

  it('quotes what needs it', () => {
    expect(formatNameAddr({ display: 'A "B" \\C', uri: 'sip:a@b', params: new Map([['tag', '1']]) })).toBe('"A \\"B\\" \\\\C" <sip:a@b>;tag=1');
  });
});

describe('Via', () => {
  it.each([
    ['SIP/2.0/UDP erlang.bell.com:5060;branch=z9', 'erlang.bell.com', 5060],
    ['SIP / 2.0 / UDP first.example.com : 4000;ttl=16', 'first.example.com', 4000],
    ['SIP/2.0/TCP [2001:db8::9:1]:5060;received=2001:db8::9:255', '2001:db8::9:1', 5060],
    ['SIP/2.0/UDP 192.0.2.1;rport', '192.0.2.1', undefined],
  ])('%s', (text, host, port) => {
    expect(parseVia(text)).toMatchObject({ host, port });
  });

  it.each(['', 'SIP/2.0/UDP', 'SIP/3.0/UDP a', 'SIP/2.0/U<P a', 'SIP/2.0/UDP a b', 'SIP/2.0/UDP a;;', 'HTTP/2.0/UDP a'])('refuses "%s"', (text) => {
    expect(() => parseVia(text)).toThrow(SipSyntaxError);
  });

  it('is written as it was', () => {
    expect(formatVia(parseVia('SIP/2.0/UDP [2001:db8::9]:5060;branch=z9;rport'))).toBe('SIP/2.0/UDP [2001:db8::9]:5060;branch=z9;rport');
  });
});

describe('CSeq', () => {
  it('reads number and method', () => {
    expect(parseCSeq('0063104   OPTIONS')).toEqual({ seq: 63_104, method: 'OPTIONS' });
    expect(parseCSeq('2147483647 BYE').seq).toBe(0x7fff_ffff);
  });

  it.each(['', '1', 'INVITE', '-1 INVITE', '1.5 INVITE', '2147483648 INVITE', '1 IN VITE', '0x1 ACK'])('refuses "%s"', (text) => {
    expect(() => parseCSeq(text)).toThrow(SipSyntaxError);
  });
});

describe('a request of ours', () => {
  const parts = { method: 'OPTIONS', uri: 'sip:b@x', from: '<sip:a@x>;tag=1', to: '<sip:b@x>', callId: 'c', cseq: 7 };

  it('has all that §8.1.1 asks for but Via', () => {
    const { headers } = createRequest({ ...parts, headers: [['Accept', 'application/sdp']] });
    expect([...headers.entries()].map(([n, v]) => `${n}: ${v}`)).toEqual(
      ['Max-Forwards: 70', 'From: <sip:a@x>;tag=1', 'To: <sip:b@x>', 'Call-ID: c', 'CSeq: 7 OPTIONS', 'Accept: application/sdp'],
    );
  });

  it.each([{ method: 'BAD METHOD' }, { uri: 'sip:a b' }, { uri: 'sip:a@b SIP/2.0\r\nX: y' }, { from: 'x\r\nEvil: y' }])('refuses %j', (bad) => {
    expect(() => createRequest({ ...parts, ...bad })).toThrow(SipSyntaxError);
  });

  it('draws names that nobody draws twice', () => {
    const drawn = Array.from({ length: 2_000 }, () => [newBranch(), newTag(), newCallId()]).flat();
    expect(new Set(drawn).size).toBe(6_000);
    expect(newBranch()).toMatch(/^z9hG4bK[0-9a-f]{20}$/);
  });
});

it('calls a code by its name, or by that of its class', () => {
  expect([486, 499, 603].map(reasonPhrase)).toEqual(['Busy Here', 'Bad Request', 'Decline']);
});
