import { describe, expect, it } from 'vitest';
import { WrongUse } from './errors.js';
import { parseOptions } from './options.js';

const usual = ['--esl', '127.0.0.1:8021', '--secret', 'x', '--sip', '127.0.0.1:5080', '--rtp', '20000-29999', '--sounds', '/sounds'];
const without = (name: string): string[] => usual.filter((_, i) => usual[i] !== name && usual[i - 1] !== name);

it('reads what the contract names', () => {
  expect(parseOptions([...usual, '--profile', 'mine'])).toMatchObject({
    esl: { host: '127.0.0.1', port: 8021 }, secret: 'x', sip: { host: '127.0.0.1', port: 5080 }, rtpPorts: { min: 20_000, max: 29_999 },
    soundsDir: '/sounds', profile: 'mine', rtpAddress: '127.0.0.1', publicAddress: '127.0.0.1',
  });
});

it('has the profile drachtio-fsmrf looks for', () => {
  expect(parseOptions(usual).profile).toBe('drachtio_mrf');
});

it('binds and advertises what it is told, IPv6 too', () => {
  expect(parseOptions([...usual, '--rtp-address', '::1', '--public', '203.0.113.5'])).toMatchObject({ rtpAddress: '::1', publicAddress: '203.0.113.5' });
  expect(parseOptions([...without('--sip'), '--sip', '[::1]:5080']).sip).toEqual({ host: '::1', port: 5080 });
});

it('works out an address to advertise where it binds all of them', () => {
  const { publicAddress } = parseOptions([...without('--sip'), '--sip', '0.0.0.0:5080']);
  expect(publicAddress).not.toBe('0.0.0.0');
});

describe('wrong use', () => {
  it.each<[what: string, argv: string[]]>([
    ['no secret', without('--secret')],
    ['no event socket', without('--esl')],
    ['no sounds', without('--sounds')],
    ['no RTP ports', without('--rtp')],
    ['an option it does not know', [...usual, '--colour', 'red']],
    ['a word too many', [...usual, 'now']],
    ['a host without port', [...without('--esl'), '--esl', '127.0.0.1']],
    ['a port beyond 65535', [...without('--esl'), '--esl', '127.0.0.1:70000']],
    ['no port for SIP', [...without('--sip'), '--sip', '127.0.0.1:0']],
    ['a name for an address', [...without('--sip'), '--sip', 'example.com:5060']],
    ['a range the wrong way round', [...without('--rtp'), '--rtp', '30000-20000']],
    ['a range of one port', [...without('--rtp'), '--rtp', '20000-20000']],
    ['a range that is none', [...without('--rtp'), '--rtp', 'many']],
    ['no sessions', [...usual, '--max-sessions', '0']],
  ])('%s', (_what, argv) => {
    expect(() => parseOptions(argv)).toThrow(WrongUse);
  });
});
