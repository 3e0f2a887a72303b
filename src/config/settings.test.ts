import { expect, it } from 'vitest';
import { ConfigFaults } from './faults.js';
import { readSettings } from './settings.js';

const faultsOf = (env: Record<string, string>): string[] => {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    return error.faults.map((f) => `${f.message}${f.hint === undefined ? '' : ` | ${f.hint}`}`);
  }
};

it('has a default for every variable', () => {
  const s = readSettings({});
  expect(s).toMatchObject({
    sip: { host: '0.0.0.0', port: 5060 },
    http: { host: '127.0.0.1', port: 8080 },
    rtp: { min: 20_000, max: 29_999 },
    demo: { agents: 3, phones: 10 },
    realm: 'strowger',
    drachtio: undefined,
    freeswitch: [],
    allowHosts: [],
  });
  expect(s.publicAddress).not.toBe('0.0.0.0');
});

it('advertises the address it is bound to, unless told otherwise', () => {
  expect(readSettings({ STROWGER_SIP_ADDRESS: '127.0.0.1' }).publicAddress).toBe('127.0.0.1');
  expect(readSettings({ STROWGER_SIP_ADDRESS: '127.0.0.1', STROWGER_PUBLIC_ADDRESS: '203.0.113.9' }).publicAddress).toBe('203.0.113.9');
});

it('reads real servers, with their secrets out of sight', () => {
  const s = readSettings({ STROWGER_DRACHTIO: '10.0.0.1:9022:cymru:x', STROWGER_FREESWITCH: '10.0.0.2:8021:ClueCon, [2001:db8::1]:8021:b' });
  expect(s.drachtio?.secret.reveal()).toBe('cymru:x');
  expect(s.freeswitch.map((f) => f.host)).toEqual(['10.0.0.2', '2001:db8::1']);
  expect(JSON.stringify(s)).not.toMatch(/cymru|ClueCon/);
});

it.each<[why: string, env: Record<string, string>, fault: RegExp]>([
  ['a port that is none', { STROWGER_SIP_PORT: '70000' }, /STROWGER_SIP_PORT is "70000" \| a whole number from 0 to 65535/],
  ['too many demo agents', { STROWGER_DEMO_AGENTS: '201' }, /STROWGER_DEMO_AGENTS/],
  ['a range upside down', { STROWGER_RTP_PORTS: '30000-20000' }, /STROWGER_RTP_PORTS/],
  ['no secret', { STROWGER_DRACHTIO: '127.0.0.1:9022' }, /STROWGER_DRACHTIO is not host:port:secret/],
  ['a token anyone guesses', { STROWGER_ADMIN_TOKEN: 'x' }, /STROWGER_ADMIN_TOKEN is too short/],
  ['a misspelt variable', { STROWGER_SIP_PROT: '5070' }, /did you mean STROWGER_SIP_PORT/],
])('refuses %s', (_why, env, fault) => expect(faultsOf(env).join('\n')).toMatch(fault));

it('names every wrong variable at once, and ignores empty and foreign ones', () => {
  expect(faultsOf({ STROWGER_SIP_PORT: 'a', STROWGER_HTTP_PORT: 'b' })).toHaveLength(2);
  expect(faultsOf({ STROWGER_SIP_PORT: '', PATH: '/bin', STROWGER_TEST_SOMETHING_ELSE: '1' })).toEqual([]);
});
