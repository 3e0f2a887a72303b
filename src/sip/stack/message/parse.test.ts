import { describe, expect, it } from 'vitest';
import { createResponse, rejection } from './create.js';
import { SipSyntaxError } from './errors.js';
import { parseMessage } from './parse.js';
import { serialize } from './serialize.js';
import { topVia } from './read.js';

const head = 'INVITE sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/UDP a.example.com;branch=z9hG4bK1;rport\r\nFrom: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n';
const parse = (text: string) => parseMessage(Buffer.from(text));
const fault = (text: string | Buffer): SipSyntaxError => {
  try {
    parseMessage(Buffer.from(text));
  } catch (error) {
    if (error instanceof SipSyntaxError) return error;
    throw error;
  }
  throw new Error('it was taken for valid');
};

describe('the body', () => {
  it('is everything that is left of a datagram without Content-Length (§18.3)', () => {
    expect(parse(`${head}\r\nabc`).body.toString()).toBe('abc');
  });

  it('ends at Content-Length; what follows is dropped (§18.3)', () => {
    expect(parse(`${head}Content-Length: 2\r\n\r\nabc`).body.toString()).toBe('ab');
    expect(parse(`${head}l: 2\r\n\r\nabc`).body.toString()).toBe('ab');
  });

  it('keeps bytes that are no text', () => {
    const bytes = Buffer.from([0xff, 0, 13, 10, 13, 10, 0x80]);
    const m = parseMessage(Buffer.concat([Buffer.from(`${head}\r\n`), bytes]));
    expect(m.body).toEqual(bytes);
    expect(serialize(m).subarray(-bytes.length)).toEqual(bytes);
  });
});

describe('the door', () => {
  it('skips line ends before the start line (§7.5)', () => {
    expect(parse(`\r\n\r\n${head}\r\n`)).toMatchObject({ method: 'INVITE' });
  });

  it('takes any case and compact form for a name, and writes the usual one', () => {
    const m = parse(`${head}m: <sip:a@192.0.2.1>\r\nsubJECT: x\r\nX-Own: y\r\n\r\n`);
    expect(serialize(m).toString()).toContain('Contact: <sip:a@192.0.2.1>\r\nSubject: x\r\nX-Own: y\r\n');
  });

  it('answers 513 to ten thousand header lines, having kept only the first 256', () => {
    const error = fault(`${head}${'X-Flood: 1\r\n'.repeat(10_000)}\r\n`);
    expect([error.status, error.partial?.headers.size]).toEqual([513, 256]);
    expect(rejection(error)).toMatchObject({ status: 513 });
  });

  it('counts folded lines against the same limit', () => {
    expect(fault(`${head}X: a${'\r\n a'.repeat(9_000)}\r\n\r\n`).status).toBe(513);
  });

  it('answers 513 to a line beyond every need', () => {
    expect(fault(`${head}X: ${'a'.repeat(20_000)}\r\n\r\n`).status).toBe(513);
  });

  it('answers 513 to more than 64 KiB', () => {
    expect(fault(`${head}\r\n${'a'.repeat(66_000)}`).status).toBe(513);
  });

  it.each([
    ['no empty line at the end', head],
    ['a line without colon', `${head}nonsense\r\n\r\n`],
    ['a name that is no token', `${head}na me: x\r\n\r\n`],
    ['a bare line feed, which would smuggle a header', `${head}Subject: a\nVia: evil\r\n\r\n`],
    ['a bare carriage return', `${head}Subject: a\rb\r\n\r\n`],
    ['a NUL', `${head}Subject: a\0b\r\n\r\n`],
    ['Contact: * beside another', `${head}Contact: *, <sip:a@b>\r\n\r\n`],
    ['a Route that is none', `${head}Route: <sip:a@b\r\n\r\n`],
    ['a second Record-Route that is none', `${head}Record-Route: <sip:a;lr>, nonsense\r\n\r\n`],
  ])('refuses %s with 400', (_what, text) => {
    expect(fault(text).status).toBe(400);
  });

  it('takes Contact: *', () => {
    expect(parse(`${head}Contact: *\r\n\r\n`).headers.get('Contact')).toBe('*');
  });
});

describe('what was refused', () => {
  it('is answered with what could be read of it (§8.2.6)', () => {
    const response = rejection(fault(`${head}Content-Length: 99\r\n\r\n`));
    expect(response).toMatchObject({ status: 400, reason: 'Bad Request' });
    expect(response?.headers.get('Via')).toBe('SIP/2.0/UDP a.example.com;branch=z9hG4bK1;rport');
    expect(response?.headers.get('To')).toMatch(/^<sip:b@example.com>;tag=\w+$/);
  });

  it('is answered also when the bad line comes before the others', () => {
    expect(rejection(fault(head.replace('Via', 'bad line\r\nVia') + '\r\n'))?.headers.get('CSeq')).toBe('1 INVITE');
  });

  it('gets its unreadable To back as it came', () => {
    const to = '"open <sip:b@example.com>';
    expect(rejection(fault(`${head.replace('<sip:b@example.com>\r\nCall', `${to}\r\nCall`)}\r\n`))?.headers.get('To')).toBe(to);
  });

  it.each([
    ['a response', `${head.replace(/^.*\r\n/, 'SIP/2.0 200 OK\r\n')}Content-Length: 99\r\n\r\n`],
    ['an ACK', `${head.replace(/INVITE/g, 'ACK')}Content-Length: 99\r\n\r\n`],
    ['a request without Via', `${head.replace(/Via.*\r\n/, '')}\r\n`],
    ['a request whose Via is nonsense', `${head.replace(/Via: .*\r\n/, 'Via: x\r\n')}\r\n`],
    ['a request without Call-ID', `${head.replace(/Call-ID.*\r\n/, '')}\r\n`],
    ['nonsense', 'hello there, is this the weather service?\r\n\r\n'],
  ])('is not answered when it is %s', (_what, text) => {
    expect(rejection(fault(text))).toBeUndefined();
  });
});

describe('an answer', () => {
  const invite = parse(`${head}Record-Route: <sip:p;lr>\r\nTimestamp: 54\r\nSubject: x\r\n\r\n`);
  if (invite.type !== 'request') throw new Error('no request');

  it('copies what §8.2.6.2 wants and nothing else', () => {
    const names = [...createResponse(invite, 404).headers.entries()].map(([name]) => name);
    expect(names).toEqual(['Via', 'From', 'To', 'Call-ID', 'CSeq']);
  });

  it('carries Record-Route where it may make a dialog (§12.1.1), Timestamp in 100 (§8.2.6.1)', () => {
    expect([100, 180, 200, 404].map((status) => createResponse(invite, status).headers.has('Record-Route'))).toEqual([false, true, true, false]);
    expect([100, 180].map((status) => createResponse(invite, status).headers.has('Timestamp'))).toEqual([true, false]);
  });

  it('has no To tag in 100, and the same one in all others', () => {
    const tags = [180, 200].map((status) => createResponse(invite, status).headers.get('To'));
    expect(createResponse(invite, 100).headers.get('To')).toBe('<sip:b@example.com>');
    expect(tags[0]).toMatch(/;tag=/);
    expect(tags[0]).toBe(tags[1]);
  });

  it('uses the tag it is given', () => {
    expect(createResponse(invite, 486, { toTag: 'mine' }).headers.get('To')).toBe('<sip:b@example.com>;tag=mine');
  });

  it('will not let a reason phrase write headers', () => {
    expect(() => createResponse(invite, 200, { reason: 'OK\r\nX: y' })).toThrow(SipSyntaxError);
  });

  it('reads back as it was written', () => {
    const ok = createResponse(invite, 200, { body: 'é', headers: [['Contact', '<sip:b@192.0.2.2>']] });
    const back = parseMessage(serialize(ok));
    expect(back).toMatchObject({ status: 200, reason: 'OK', body: Buffer.from('é') });
    expect(topVia(back).params.get('branch')).toBe('z9hG4bK1');
    expect(back.headers.get('Content-Length')).toBe('2');
  });
});
