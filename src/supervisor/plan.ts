import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Settings } from '../config/index.js';
import type { Launch } from './child.js';

/** What is chosen anew at each start of the supervisor and kept while it lives. */
export type Chosen = {
  /** As set, or a free one where the setting is 0. */
  readonly sipPort: number;
  readonly httpPort: number;
  readonly drachtioPort: number;
  readonly eslPort: number;
  readonly mediaSipPort: number;
  readonly secret: string;
};

/**
 * Most of what an event in the application makes is rubbish a moment later: with more room (MB) for the young it is dead before anybody
 * carries it to the old. Worth a tenth of the queue engine's speed, and half of the pauses.
 */
export const APP_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=32'];

export const newSecret = (): string => randomBytes(24).toString('hex');

/** The program and arguments of each process. Secrets travel in the environment: an argument is visible to every user. */
export function plan(
  settings: Settings, chosen: Chosen, run: readonly [file: string, ...args: string[]], env: Launch['env'],
): { readonly servers: readonly Launch[]; readonly app: Launch } {
  const [file, ...before] = run;
  const { sip, rtp, publicAddress } = settings;
  const common = {
    ...env, STROWGER_PUBLIC_ADDRESS: publicAddress, STROWGER_SIP_PORT: String(chosen.sipPort), STROWGER_HTTP_PORT: String(chosen.httpPort),
  };
  const secret = { ...common, STROWGER_CONTROL_SECRET: chosen.secret };
  const sipPlace = `${sip.host.includes(':') ? `[${sip.host}]` : sip.host}:${chosen.sipPort}`;
  const edge: Launch = {
    name: 'edge', file, env: secret,
    args: [...before, 'edge', '--control', `127.0.0.1:${chosen.drachtioPort}`, '--sip', `udp:${sipPlace}`, '--sip', `tcp:${sipPlace}`,
      '--public', publicAddress],
  };
  const media: Launch = {
    name: 'media', file, env: secret,
    args: [...before, 'media', '--esl', `127.0.0.1:${chosen.eslPort}`, '--sip', `127.0.0.1:${chosen.mediaSipPort}`,
      '--rtp', `${rtp.min}-${rtp.max}`, '--rtp-address', sip.host, '--public', publicAddress,
      '--sounds', join(settings.folders.data, 'sounds'), '--profile', 'drachtio_mrf'],
  };
  const app: Launch = {
    name: 'app', file, args: [...APP_NODE_FLAGS, ...before, 'app'],
    env: {
      ...common,
      // Servers of somebody else are named in the environment already.
      ...(settings.drachtio ? {} : { STROWGER_DRACHTIO: `127.0.0.1:${chosen.drachtioPort}:${chosen.secret}` }),
      ...(settings.freeswitch.length > 0 ? {} : { STROWGER_FREESWITCH: `127.0.0.1:${chosen.eslPort}:${chosen.secret}` }),
    },
  };
  return { servers: [...(settings.drachtio ? [] : [edge]), ...(settings.freeswitch.length > 0 ? [] : [media])], app };
}
