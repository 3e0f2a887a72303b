import { describe, expect, it } from 'vitest';
import { rejection } from './create.js';
import { SipSyntaxError } from './errors.js';
import { parseMessage } from './parse.js';
import { contactOf, cseqOf, fromOf, fromTag, toOf, topVia } from './read.js';
import { serialize } from './serialize.js';
import { parseUri } from './uri.js';
import { parseVia } from './via.js';
import { parseNameAddr } from './name-addr.js';

// The messages of RFC 4475, by their names there. Bodies that change nothing about the parsing are shortened.

const wire = (text: string): Buffer => Buffer.from(text.replace(/^\n/, '').replace(/\n/g, '\r\n'));

const wsinv = String.raw`
INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
from   : "J Rosenberg \\\""       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.ndaksdj@192.0.2.1
Content-Length   : 5
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    192.0.2.2;branch=390skdjuw
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
Content-Type: application/sdp
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     spindle.example.com   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
 z9hG4bK30239
m:"Quoted string \"\"" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

v=0
`;

/** A valid OPTIONS in which single lines are replaced or left out (`null`). */
function options(changes: Record<string, string | null> = {}, { start = 'OPTIONS sip:user@example.com SIP/2.0', body = '' } = {}): Buffer {
  const lines: Record<string, string | null> = {
    Via: 'SIP/2.0/UDP host5.example.com;branch=z9hG4bK293423',
    To: 'sip:user@example.com',
    From: 'sip:other@example.net;tag=39291',
    'Call-ID': 'base.23kj4n2lj3@192.0.2.1',
    CSeq: '8 OPTIONS',
    'Max-Forwards': '70',
    'Content-Length': String(body.length),
    ...changes,
  };
  const fields = Object.entries(lines).filter(([, v]) => v !== null);
  return Buffer.from(`${start}\r\n${fields.map(([n, v]) => `${n}: ${v ?? ''}\r\n`).join('')}\r\n${body}`);
}

function refused(data: Buffer): SipSyntaxError {
  try {
    parseMessage(data);
  } catch (error) {
    if (error instanceof SipSyntaxError) return error;
    throw error;
  }
  throw new Error('it was taken for valid');
}

describe('§3.1.1 valid messages', () => {
  it('wsinv: a short tortuous INVITE', () => {
    const m = parseMessage(wire(wsinv));
    expect(m).toMatchObject({ type: 'request', method: 'INVITE', uri: 'sip:vivekg@chair-dnrc.example.com;unknownparam' });
    expect(toOf(m).params.get('tag')).toBe('1918181833n');
    expect(fromOf(m)).toMatchObject({ display: 'J Rosenberg \\"', uri: 'sip:jdrosen@example.com' });
    expect(fromTag(m)).toBe('98asjd8');
    expect(cseqOf(m)).toEqual({ seq: 9, method: 'INVITE' });
    expect(topVia(m)).toMatchObject({ transport: 'UDP', host: '192.0.2.2', port: undefined });
    expect(m.headers.all('Via').map((v) => parseVia(v).params.get('branch'))).toEqual(['390skdjuw', 'z9hG4bK9ikj8', 'z9hG4bK30239']);
    expect(m.headers.get('Subject')).toBe('');
    expect(m.headers.get('newfangledheader')).toBe('newfangled value continued newfangled value');
    expect(m.headers.get('UnknownHeaderWithUnusualValue')).toBe(';;,,;;,;');
    expect(m.headers.get('Route')).toBe('<sip:services.example.com;lr;unknownwith=value;unknown-no-value>');
    expect([...(contactOf(m)?.params ?? [])]).toEqual([['newparam', 'newvalue'], ['secondparam', undefined], ['q', '0.33']]);
    expect(contactOf(m)?.display).toBe('Quoted string ""');
    expect(m.body.toString()).toBe('v=0\r\n');
  });

  it('intmeth: the whole range of characters', () => {
    const method = "!interesting-Method0123456789_*+`.%indeed'~";
    const user = "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*";
    const data = Buffer.from(
      [
        `${method} sip:${user}:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0`,
        "Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~",
        `To: "BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <sip:${user}@example.com>`,
        "From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com> ;fromParam''~+*_!.-%=\"работающий\" ;tag=_token~1'+`*%!-.",
        'Call-ID: intmeth.word%ZK-!.*_+\'@word`~)(><:\\/"][?}{',
        `CSeq: 139122385 ${method}`,
        'Max-Forwards: 255',
        "extensionHeader-!.%*+_`'~: \ufeff大停電",
        'Content-Length: 0\r\n\r\n',
      ].join('\r\n'),
    );
    const m = parseMessage(data);
    expect(m).toMatchObject({ method });
    expect(toOf(m).display).toBe('BEL:\x07 NUL:\0 DEL:\x7f');
    expect(fromOf(m).display).toBe("token1~` token2'+_ token3*%!.-");
    expect(m.type === 'request' && parseUri(m.uri)).toMatchObject({ user, password: "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)" });
    expect(serialize(m).toString()).toContain('大停電');
  });

  it('esc01: escapes in the user part are one level deep', () => {
    const m = parseMessage(options({}, { start: 'OPTIONS sip:sips%3Auser%40example.com@example.net SIP/2.0' }));
    expect(m.type === 'request' && parseUri(m.uri)).toMatchObject({ scheme: 'sip', user: 'sips:user@example.com', host: 'example.net' });
  });

  it('escnull: an escaped NUL is a character like any other', () => {
    const m = parseMessage(options({ To: 'sip:null-%00-null@example.com', Contact: '<sip:%00@host5.example.com>, <sip:%00%00@host5.example.com>' }));
    expect(parseUri(toOf(m).uri)).toMatchObject({ user: 'null-\0-null' });
    expect(m.headers.all('Contact').map((c) => parseUri(parseNameAddr(c).uri))).toMatchObject([{ user: '\0' }, { user: '\0\0' }]);
  });

  it('esc02: % in a method is no escape', () => {
    const m = parseMessage(options({ CSeq: '234234 RE%47IST%45R' }, { start: 'RE%47IST%45R sip:registrar.example.com SIP/2.0' }));
    expect(m).toMatchObject({ method: 'RE%47IST%45R' });
  });

  it('lwsdisp: no blank between display name and <', () => {
    expect(fromOf(parseMessage(options({ From: 'caller<sip:caller@example.com>;tag=323' })))).toMatchObject({ display: 'caller', uri: 'sip:caller@example.com' });
  });

  it('longreq: long values in all the usual places', () => {
    const long = 'a'.repeat(3_000);
    const m = parseMessage(options({ To: `"${long}" <sip:${long}@example.com;${long}=x>`, Unknown: long, Contact: `<sip:${long}@${long}.example.com>` }));
    expect(toOf(m).display).toBe(long);
  });

  it('dblreq: what follows the body in a datagram is dropped', () => {
    const m = parseMessage(Buffer.concat([options(), options({ 'Call-ID': 'second' })]));
    expect([m.headers.get('Call-ID'), m.body.length]).toEqual(['base.23kj4n2lj3@192.0.2.1', 0]);
  });

  it('semiuri: a semicolon in the user part belongs to the user part', () => {
    const m = parseMessage(options({}, { start: 'OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0' }));
    expect(m.type === 'request' && parseUri(m.uri)).toMatchObject({ user: 'user;par=u@example.net', host: 'example.com' });
  });

  it('transports: Via of any transport', () => {
    const m = parseMessage(options({ Via: 'SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw, SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf, SIP/2.0/UNKNOWN t5.example.com;branch=z9hG4bK23' }));
    expect(m.headers.all('Via').map((v) => parseVia(v).transport)).toEqual(['UDP', 'SCTP', 'UNKNOWN']);
  });

  it('unreason, noreason: any reason phrase, or none', () => {
    const answer = (start: string) => parseMessage(options({ CSeq: '35 INVITE' }, { start }));
    expect(answer('SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять - простое')).toMatchObject({ status: 200, reason: '= 2**3 * 5**2 но сто девяносто девять - простое' });
    expect(answer('SIP/2.0 100 ')).toMatchObject({ status: 100, reason: '' });
  });
});

describe('§3.1.2 invalid messages', () => {
  it.each<[name: string, data: Buffer, status: number]>([
    ['badinv01: separators too many', options({ Via: 'SIP/2.0/UDP 192.0.2.15;;,;,,', Contact: '"Joe" <sip:joe@example.org>;;;;' }), 400],
    ['clerr: Content-Length larger than the body', options({ 'Content-Length': '9999' }, { body: 'v=0\r\n' }), 400],
    ['ncl: a negative Content-Length', options({ 'Content-Length': '-999' }), 400],
    ['scalar02: CSeq above 2^31', options({ CSeq: '36893488147419103232 OPTIONS' }), 400],
    ['scalar02: Max-Forwards above 255', options({ 'Max-Forwards': '300' }), 400],
    ['scalar02: Expires above 2^32', options({ Expires: '10000000000000000' }), 400],
    ['quotbal: a quoted string without end', options({ To: '"Mr. J. User <sip:j.user@example.com>' }), 400],
    ['ltgtruri: the Request-URI in <>', options({}, { start: 'OPTIONS <sip:user@example.com> SIP/2.0' }), 400],
    ['lwsruri: a blank in the Request-URI', options({}, { start: 'OPTIONS sip:user@example.com; lr SIP/2.0' }), 400],
    ['lwsstart: more than one blank in the start line', options({}, { start: 'OPTIONS  sip:user@example.com  SIP/2.0' }), 400],
    ['trws: blanks at the end of the start line', options({}, { start: 'OPTIONS sip:remote-target@example.com SIP/2.0  ' }), 400],
    ['escruri: headers in the Request-URI', options({}, { start: 'OPTIONS sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0' }), 400],
    ['regbadct: headers in a Contact without <>', options({ Contact: 'sip:user@example.com?Route=%3Csip:sip.example.com%3E' }), 400],
    ['badaspec: blanks within <>', options({ To: '"Watson, Thomas" < sip:t.watson@example.org >' }), 400],
    ['baddn: a display name that needs quotes', options({ From: 'Bell, Alexander <sip:a.g.bell@example.com>;tag=43' }), 400],
    ['badvers: SIP/7.0', options({ Via: 'SIP/7.0/UDP c.example.com;branch=z9hG4bKkdjuw' }, { start: 'OPTIONS sip:t.watson@example.org SIP/7.0' }), 505],
    ['mismatch01: CSeq of another method', options({ CSeq: '8 INVITE' }), 400],
    ['mismatch02: the same, of an unknown one', options({ CSeq: '8 INVITE' }, { start: 'NEWMETHOD sip:user@example.com SIP/2.0' }), 400],
  ])('%s', (_name, data, status) => {
    expect(refused(data).status).toBe(status);
  });

  it.each<[name: string, data: Buffer]>([
    ['scalarlg: a response with numbers too large', options({ CSeq: '9292394834772304023312 OPTIONS' }, { start: 'SIP/2.0 503 Service Unavailable' })],
    ['bigcode: a status that is none', options({}, { start: 'SIP/2.0 4294967301 better not break the receiver' })],
  ])('%s is dropped, not answered', (_name, data) => {
    expect(rejection(refused(data))).toBeUndefined();
  });
});

describe('§3.3 what is for the application', () => {
  it.each<[name: string, data: Buffer]>([
    ['insuf: mandatory headers missing', options({ 'Call-ID': null, From: null, To: null })],
    ['multi01: single values given twice', Buffer.from(options().toString().replace('\r\nCSeq', '\r\nFrom: sip:x@example.com;tag=1\r\nCSeq'))],
    ['mcl01: two Content-Length', Buffer.from(options().toString().replace('\r\n\r\n', '\r\nContent-Length: 5\r\n\r\n'))],
  ])('%s', (_name, data) => {
    expect(refused(data).status).toBe(400);
  });

  it('unkscm, novelsc, unksm2: an unknown scheme is taken as it is', () => {
    const m = parseMessage(options({ To: '<isbn:2983792873>', From: '<http://www.example.com>;tag=3234233' }, { start: 'OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0' }));
    expect(m.type === 'request' && parseUri(m.uri)).toEqual({ kind: 'other', scheme: 'soap.beep', rest: '//192.0.2.103:3002' });
  });

  it('zeromf, regaut01, bext01: valid here, judged further up', () => {
    expect(parseMessage(options({ 'Max-Forwards': '0', Authorization: 'NoOneKnowsThisScheme opaque-data=here', 'Proxy-Require': 'noOneKnows, noSuch' })).headers.all('Proxy-Require')).toHaveLength(2);
  });

  it('inv2543: no branch, no Max-Forwards, no tag', () => {
    const m = parseMessage(options({ Via: 'SIP/2.0/UDP iftgw.example.com', 'Max-Forwards': null, From: '<sip:+13035551111@ift.client.example.net;user=phone>' }));
    expect([fromTag(m), topVia(m).params.size]).toEqual([undefined, 0]);
  });
});
