import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostPort, parseNameAddr, parseUri, sameUri, splitList, userOf } from './uri.js';

describe('URIs', () => {
  it.each<[text: string, user: string | undefined, host: string, port: number | undefined]>([
    ['sip:1001@example.com', '1001', 'example.com', undefined],
    ['sip:1001:secret@EXAMPLE.com:5070;transport=TCP', '1001', 'example.com', 5070],
    ['sips:%2B86138@[2001:db8::1]:5061', '+86138', '2001:db8::1', 5061],
    ['sip:example.com', undefined, 'example.com', undefined],
    ['sip:+86138;phone-context=x@h;lr?a=b', '+86138', 'h', undefined],
    ['tel:+86-138-0013', '+861380013', '', undefined],
  ])('%s', (text, user, host, port) => expect(parseUri(text)).toMatchObject({ user, host, port }));
  it.each(['', 'http://x', 'sip:', 'sip:a@', 'sip:a@h:0', 'sip:a@h:99999', 'mailto:x@y'])('refuses %j', (text) => expect(parseUri(text)).toBeUndefined());
  it('reads parameters by lower-case name', () => expect(Object.fromEntries(parseUri('sip:h;Transport=tcp;lr')!.params)).toEqual({ transport: 'tcp', lr: '' }));
  it('compares what counts', () => {
    expect(sameUri('sip:1001@H;a=b', 'sip:1001@h')).toBe(true);
    expect(sameUri('sip:1001@h', 'sip:1002@h')).toBe(false);
    expect(sameUri('rubbish', 'other')).toBe(false);
  });
  it('writes IPv6 in brackets', () => expect([hostPort('::1', 5), hostPort('h', undefined)]).toEqual(['[::1]:5', 'h']));
});

describe('name and address', () => {
  it.each<[text: string, name: string | undefined, uri: string, tag: string | undefined]>([
    ['"Lin \\"L\\" Wei" <sip:1@h>;tag=x', 'Lin "L" Wei', 'sip:1@h', 'x'],
    ['Lin <sip:1@h;lr>;tag=y', 'Lin', 'sip:1@h;lr', 'y'],
    ['sip:1@h;tag=z', undefined, 'sip:1@h', 'z'],
    ['<sip:1@h>', undefined, 'sip:1@h', undefined],
  ])('%s', (text, name, uri, tag) => {
    const read = parseNameAddr(text);
    expect([read?.name, read?.uri, read?.params.get('tag')]).toEqual([name, uri, tag]);
  });
  it('finds the user of a header', () => expect([userOf('"x" <sip:1001@h>;tag=1'), userOf(undefined), userOf('junk here')]).toEqual(['1001', undefined, undefined]));
  it('cuts lists outside quotes and brackets', () => expect(splitList('"a,b" <sip:1@h;x=1,2>;q=1, <sip:2@h> , sip:3@h')).toEqual(['"a,b" <sip:1@h;x=1,2>;q=1', '<sip:2@h>', 'sip:3@h']));
  it('survives anything', () => {
    fc.assert(fc.property(fc.string(), (s) => {
      parseUri(`sip:${s}`);
      parseNameAddr(s);
      splitList(s);
    }));
  });
});
