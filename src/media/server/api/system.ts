import { uptime } from '../session/uptime.js';
import { VERSION } from '../session/version.js';
import { idleCpu } from '../session/idle.js';
import { splitArgs } from '../apps/split.js';
import type { ApiCommand } from './command.js';

export const status: ApiCommand = (_args, server) => {
  const { stats, sessions, maxSessions } = server;
  return [
    `UP ${uptime(performance.now() - server.startedAt)}`,
    `FreeSWITCH (Version ${VERSION} Strowger) is ready`,
    `${stats.total} session(s) since startup`,
    `${sessions.size} session(s) - peak ${stats.peak}, last 5min ${stats.peak} `,
    `${stats.perSecond} session(s) per Sec out of max ${maxSessions}, peak ${stats.perSecond}, last 5min ${stats.perSecond} `,
    `${maxSessions} session(s) max`,
    `min idle cpu 0.00/${idleCpu().toFixed(2)}`,
    '',
  ].join('\n');
};

export const version: ApiCommand = (args) => (args.includes('short') ? `${VERSION}\n` : `FreeSWITCH Version ${VERSION} (Strowger)\n`);

const RULE = '='.repeat(97);

/** `sofia status [profile NAME]`: the table drachtio-fsmrf reads our SIP address from. */
export const sofia: ApiCommand = (args, server) => {
  const [command, what, name] = splitArgs(args);
  if (command?.toLowerCase() !== 'status') return '-ERR Unknown command!\n';
  const url = `sip:mod_sofia@${server.sipAddress()}`;
  if (what?.toLowerCase() === 'profile') {
    if (name !== server.profileName) return 'Invalid Profile!\n';
    return `${RULE}\nName             \t${server.profileName}\nURL              \t${url}\nBIND-URL         \t${url}\nCODECS IN        \tPCMU,PCMA\nTEL-EVENT        \t101\nDTMF-MODE        \trfc2833\n`;
  }
  const row = (a: string, b: string, c: string, d: string): string => `${a.padStart(25)}\t${b}\t  ${c.padStart(40)}\t${d}\n`;
  return `${row('Name', '   Type', 'Data', 'State')}${RULE}\n${row(server.profileName, 'profile', url, `RUNNING (${server.sessions.size})`)}${RULE}\n1 profile 0 aliases\n`;
};

const MODULES = new Set(['mod_audio_fork', 'mod_commands', 'mod_dptools', 'mod_event_socket', 'mod_sofia', 'mod_tone_stream', 'mod_local_stream', 'mod_sndfile']);

export const moduleExists: ApiCommand = (args) => String(MODULES.has(args.trim()));

/** There is no XML: what could change at run time is set through `global_setvar`. */
export const reloadxml: ApiCommand = () => '+OK [Success]\n';

