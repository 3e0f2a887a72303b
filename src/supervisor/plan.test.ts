import { expect, it } from 'vitest';
import { readSettings } from '../config/index.js';
import { newSecret, plan } from './plan.js';

const chosen = { sipPort: 5060, httpPort: 8080, drachtioPort: 9022, eslPort: 8021, mediaSipPort: 5090, secret: 's3cret' };
const planned = (env: Record<string, string> = {}) =>
  plan(readSettings({ STROWGER_PUBLIC_ADDRESS: '198.51.100.4', ...env }), chosen, ['node', 'main.js'], { HOME: '/home/x', ...env });

it('starts the embedded servers and points the application at them the way it would be pointed at real ones', () => {
  const { servers, app } = planned();
  expect(servers.map((s) => s.name)).toEqual(['edge', 'media']);
  expect(app.args.slice(-2)).toEqual(['main.js', 'app']);
  expect(app.env).toMatchObject({
    HOME: '/home/x', STROWGER_DRACHTIO: '127.0.0.1:9022:s3cret', STROWGER_FREESWITCH: '127.0.0.1:8021:s3cret',
    STROWGER_PUBLIC_ADDRESS: '198.51.100.4', STROWGER_SIP_PORT: '5060', STROWGER_HTTP_PORT: '8080',
  });
});

it('gives the edge both transports, and the media server the range of ports', () => {
  const [edge, media] = planned().servers;
  expect(edge?.args.join(' ')).toContain('--control 127.0.0.1:9022 --sip udp:0.0.0.0:5060 --sip tcp:0.0.0.0:5060');
  expect(media?.args.join(' ')).toContain('--esl 127.0.0.1:8021 --sip 127.0.0.1:5090 --rtp 20000-29999');
});

it('starts no server that somebody else runs', () => {
  const { servers, app } = planned({ STROWGER_DRACHTIO: 'sip.example:9022:x', STROWGER_FREESWITCH: 'fs1.example:8021:y,fs2.example:8021:y' });
  expect(servers).toEqual([]);
  expect(app.env).toMatchObject({ STROWGER_DRACHTIO: 'sip.example:9022:x', STROWGER_FREESWITCH: 'fs1.example:8021:y,fs2.example:8021:y' });
});

it('keeps the secret out of every argument, where any user of the machine could read it', () => {
  const { servers, app } = planned();
  for (const launch of [...servers, app]) expect(launch.args.join(' ')).not.toContain('s3cret');
  expect(servers.every((s) => s.env['STROWGER_CONTROL_SECRET'] === 's3cret')).toBe(true);
});

it('writes an IPv6 address so that its port can be told apart', () => {
  expect(planned({ STROWGER_SIP_ADDRESS: '::' }).servers[0]?.args).toContain('udp:[::]:5060');
});

it('makes another secret each time', () => {
  expect(newSecret()).not.toBe(newSecret());
  expect(newSecret()).toMatch(/^[0-9a-f]{48}$/); // drachtio-srf and the event socket both take it unquoted
});
