import { describe, expect, it } from 'vitest';
import { parseEdgeArgs } from './args.js';
import { EdgeUsage } from './errors.js';

const GOOD = ['--control', '127.0.0.1:9022', '--secret', 's', '--sip', 'udp:127.0.0.1:5060'];

describe('the command line of `strowger edge`', () => {
  it('names the control address, the secret and the listeners', () => {
    expect(parseEdgeArgs([...GOOD, '--sip', 'tcp:127.0.0.1:5061'])).toEqual({
      control: { host: '127.0.0.1', port: 9022 }, secret: 's',
      listen: [
        { proto: 'udp', address: '127.0.0.1', port: 5060, advertise: '127.0.0.1' },
        { proto: 'tcp', address: '127.0.0.1', port: 5061, advertise: '127.0.0.1' },
      ],
    });
  });

  it('advertises the public address, and never a wildcard', () => {
    expect(parseEdgeArgs([...GOOD, '--public', '203.0.113.5']).listen[0]?.advertise).toBe('203.0.113.5');
    expect(parseEdgeArgs([...GOOD, '--sip', 'udp:0.0.0.0:5060']).listen[1]?.advertise).not.toBe('0.0.0.0');
  });

  it('takes an IPv6 address in brackets', () => {
    expect(parseEdgeArgs([...GOOD, '--sip', 'udp:[::1]:5060']).listen[1]).toMatchObject({ address: '::1', advertise: '::1' });
  });

  it.each([
    [[], '--control is missing'],
    [GOOD.slice(0, 4), '--sip is missing'],
    [[...GOOD, '--sip', 'tls:127.0.0.1:5061'], 'udp:HOST:PORT or tcp:HOST:PORT is wanted'],
    [[...GOOD, '--loud', 'yes'], 'unknown option --loud'],
    [[...GOOD, '--public'], '--public wants a value'],
    [['--control', 'nowhere', ...GOOD.slice(2)], 'nowhere is no HOST:PORT'],
    [['--control', '127.0.0.1:70000', ...GOOD.slice(2)], '127.0.0.1:70000 is no HOST:PORT'],
  ])('%j: %s', (argv, why) => {
    expect(() => parseEdgeArgs(argv)).toThrow(EdgeUsage);
    expect(() => parseEdgeArgs(argv)).toThrow(why);
  });
});
