import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvent, serializeJson, serializePlain, urlEncode } from './event.js';
import { carriesVariables, eventName, MY_EVENTS, SINGLE_EVENTS } from './names.js';

describe('urlEncode', () => {
  it.each<[text: string, encoded: string]>([
    ['plain-Text_1.2/3,4', 'plain-Text_1.2/3,4'],
    ['a b', 'a%20b'],
    ['v=0\r\no=-', 'v%3D0%0D%0Ao%3D-'],
    ["it's (fine)*!$~", "it's (fine)*!$~".replace(' ', '%20')],
    ['"<>@[]{}|\\^`#%&+:;?', '%22%3C%3E%40%5B%5D%7B%7D%7C%5C%5E%60%23%25%26%2B%3A%3B%3F'],
    ['你好', '%E4%BD%A0%E5%A5%BD'],
    ['😀', '%F0%9F%98%80'],
    ['', ''],
  ])('%j → %s', (text, encoded) => {
    expect(urlEncode(text)).toBe(encoded);
  });

  it('comes back through decodeURIComponent, which clients use, and never breaks a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const encoded = urlEncode(text);
        expect(decodeURIComponent(encoded)).toBe(text);
        expect(encoded).toMatch(/^[!-~]*$/);
      }),
    );
  });
});

describe('plain text', () => {
  it('has a header a line, an empty line at the end, _undef_ for an empty value', () => {
    expect(serializePlain([['Event-Name', 'DTMF'], ['Empty', '']])).toBe('Event-Name: DTMF\nEmpty: _undef_\n\n');
  });
  it('carries a body with its length in bytes', () => {
    expect(serializePlain([['A', 'b']], 'é!')).toBe('A: b\nContent-Length: 3\n\né!');
  });
});

describe('JSON', () => {
  it('is an object of strings, a repeated header an array', () => {
    expect(JSON.parse(serializeJson([['A', '1'], ['B', ''], ['A', '2'], ['A', '3']]))).toEqual({ A: ['1', '2', '3'], B: '' });
  });
  it('puts the body beside the headers', () => {
    expect(JSON.parse(serializeJson([['A', '1']], '+OK é\n'))).toEqual({ A: '1', 'Content-Length': '7', _body: '+OK é\n' });
  });
});

it('an event is rendered once, for however many listeners', () => {
  const event = createEvent('DTMF', [['DTMF-Digit', '5']]);
  expect(event.json()).toBe(event.json());
  expect(event.plain()).toContain('DTMF-Digit: 5\n');
});

describe('names', () => {
  it.each<[text: string, name: string | undefined]>([
    ['CHANNEL_ANSWER', 'CHANNEL_ANSWER'],
    ['channel_answer', 'CHANNEL_ANSWER'],
    ['SWITCH_EVENT_PLAYBACK_START', 'PLAYBACK_START'],
    ['all', 'ALL'],
    ['CHANNEL', undefined],
    ['', undefined],
  ])('%s is %s', (text, name) => {
    expect(eventName(text)).toBe(name);
  });
  it('ALL is none of the single ones, and myevents holds only known ones', () => {
    expect(SINGLE_EVENTS).not.toContain('ALL');
    expect(MY_EVENTS.every((name) => SINGLE_EVENTS.includes(name))).toBe(true);
  });
  it('DTMF and CHANNEL_CALLSTATE come without variables, as in FreeSWITCH', () => {
    expect([carriesVariables('DTMF'), carriesVariables('CHANNEL_CALLSTATE'), carriesVariables('CHANNEL_EXECUTE_COMPLETE')]).toEqual([false, false, true]);
  });
});
