import { queueDigits } from '../apps/dtmf.js';
import type { AppCommand } from '../apps/runner.js';
import { splitArgs, toInt } from '../apps/split.js';
import { channelHeaders } from '../events/channel-headers.js';
import { serializeJson, serializePlain } from '../events/event.js';
import { bridge, leftAlone, part } from '../session/bridge.js';
import { causeOf } from '../session/causes.js';
import { transfer } from '../session/dialplan.js';
import { mute } from '../session/mute.js';
import type { Session } from '../session/types.js';
import { find, NO_CHANNEL, OK, usage, type ApiCommand } from './command.js';

export const uuidKill: ApiCommand = (args, server) => {
  const [uuid, cause] = splitArgs(args, 2);
  if (uuid === undefined) return usage('<uuid> [cause]');
  const session = find(server, uuid);
  if (!session) return NO_CHANNEL;
  session.hangUp(causeOf(cause ?? 'NORMAL_CLEARING'));
  return OK;
};

export const uuidExists: ApiCommand = (args, server) => (find(server, args.trim()) ? 'true' : 'false');

export const uuidBridge: ApiCommand = (args, server) => {
  const [uuid, ...others] = splitArgs(args, 4);
  if (others.length === 0) return usage('<uuid> <other_uuid>');
  const session = find(server, uuid);
  for (const other of others.slice(0, 2)) {
    const partner = find(server, other);
    if (session && partner && bridge(server, session, partner)) return `+OK ${other}\n`;
  }
  return '-ERR Invalid uuid\n';
};

export const uuidBreak: ApiCommand = (args, server) => {
  const [uuid, flags = ''] = splitArgs(args, 2);
  if (uuid === undefined) return usage('<uuid> [all]');
  const session = find(server, uuid);
  if (!session) return NO_CHANNEL;
  const all = flags.includes('all');
  session.runner.breakOff(all);
  if (flags.includes('both')) session.peer?.runner.breakOff(all);
  return OK;
};

const TRANSFER = '<uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]';

export const uuidTransfer: ApiCommand = (args, server) => {
  const [uuid, ...rest] = splitArgs(args, 5);
  if (rest.length === 0) return usage(TRANSFER);
  const session = find(server, uuid);
  if (!session) return NO_CHANNEL;
  const leg = rest[0]?.startsWith('-') ? rest.shift()?.toLowerCase() : undefined;
  const [destination, dialplan] = rest;
  if (destination === undefined) return usage(TRANSFER);
  const partner = session.peer;
  const chosen: (Session | undefined)[] = leg === '-both' ? [partner, session] : [leg === '-bleg' && partner ? partner : session];
  part(server, session);
  for (const one of chosen) if (one) transfer(server, one, destination, dialplan);
  if (partner && !chosen.includes(partner)) leftAlone(partner);
  if (!chosen.includes(session)) leftAlone(session);
  return OK;
};

export const uuidPark: ApiCommand = (args, server) => {
  if (args.trim() === '') return usage('<uuid>');
  const session = find(server, args.trim());
  if (!session) return NO_CHANNEL;
  const partner = part(server, session);
  session.runner.transfer([{ name: 'park', args: '' }]);
  if (partner) leftAlone(partner);
  return OK;
};

export const uuidDump: ApiCommand = (args, server) => {
  const [uuid, format = 'txt'] = splitArgs(args, 2);
  if (uuid === undefined) return usage('<uuid> [format]');
  const session = find(server, uuid);
  if (!session) return NO_CHANNEL;
  const headers = [...server.bus.preamble('CHANNEL_DATA'), ...channelHeaders(session, 'CHANNEL_DATA')];
  switch (format.toLowerCase()) {
    case 'json': return serializeJson(headers);
    case 'xml': return '-ERR Unable to create xml!\n';
    case 'plain': return `${headers.map(([name, value]) => `${name}: [${value}]\n`).join('')}\n`;
    default: return serializePlain(headers);
  }
};

export const uuidBroadcast: ApiCommand = (args, server) => {
  const [uuid, path, leg = ''] = splitArgs(args, 3);
  if (uuid === undefined || path === undefined) return usage('<uuid> <path> [aleg|bleg|holdb|both]');
  const session = find(server, uuid);
  if (!session) return '-ERR invalid uuid\n';
  const [app = 'playback', data = path] = path.includes('::') ? path.split(/::([^]*)/) : [undefined, path];
  const [name = 'playback', cause] = app.split('!');
  const command: AppCommand = { name, args: data, lock: true };
  if (leg === '' || /aleg|both|holdb/i.test(leg)) session.runner.enqueue(command);
  if (/bleg|both/i.test(leg)) session.peer?.runner.enqueue(command);
  if (cause !== undefined) session.runner.enqueue({ name: 'hangup', args: cause === '' ? 'normal_clearing' : cause, lock: true });
  return '+OK Message sent\n';
};

export const uuidSendDtmf: ApiCommand = (args, server) => {
  const [uuid, digits] = splitArgs(args, 2);
  if (uuid === undefined || digits === undefined) return usage('<uuid> <dtmf_data>');
  const session = find(server, uuid);
  if (!session) return '-ERR Cannot locate session!\n';
  const [text = '', duration] = digits.split('@');
  if (!/^[0-9*#A-DwW]+$/i.test(text)) return '-ERR Operation failed\n';
  const durationMs = toInt(duration, 0);
  session.media.sendDtmf(text, durationMs > 0 ? { durationMs } : {}).catch((error: unknown) => server.log.warn({ uuid, err: error }, 'digits could not be sent'));
  return `+OK ${uuid} sent DTMF ${digits}.\n`;
};

export const uuidRecvDtmf: ApiCommand = (args, server) => {
  const [uuid, digits] = splitArgs(args, 2);
  if (uuid === undefined || digits === undefined) return usage('<uuid> <dtmf_data>');
  const session = find(server, uuid);
  if (!session) return '-ERR Cannot locate session!\n';
  return queueDigits(session.digits.push, digits) ? `+OK ${uuid} received DTMF ${digits}.\n` : usage('<uuid> <dtmf_data>');
};

export const uuidFlushDtmf: ApiCommand = (args, server) => {
  const session = find(server, args.trim());
  if (!session) return '-ERR no session\n';
  session.digits.flush();
  return OK;
};

const AUDIO = '<uuid> [start [read|write] [mute|level <level>]|stop]';

/** Muting only: a changed level would need every forwarded packet decoded. */
export const uuidAudio: ApiCommand = (args, server) => {
  const [uuid, action, side, what, level] = splitArgs(args, 5);
  if (action === undefined) return usage(AUDIO);
  const session = find(server, uuid);
  if (!session) return NO_CHANNEL;
  if (action === 'stop') {
    mute(session.media, 'read', false);
    mute(session.media, 'write', false);
    return OK;
  }
  if (action !== 'start' || (side !== 'read' && side !== 'write') || level === undefined) return usage(AUDIO);
  if (what === 'level') return '-ERR level is not supported\n';
  if (what !== 'mute') return usage(AUDIO);
  return mute(session.media, side, toInt(level, 0) !== 0) ? OK : '-ERR mute is not supported\n';
};

export const hupall: ApiCommand = (args, server) => {
  const [name, ...pairs] = splitArgs(args, 11);
  const cause = name === undefined ? 'MANAGER_REQUEST' : causeOf(name);
  for (const session of [...server.sessions.values()]) {
    if (pairs.every((_, i) => i % 2 === 1 || session.variables.get(pairs[i] ?? '') === pairs[i + 1])) session.hangUp(cause);
  }
  const [variable, value] = pairs;
  if (variable === undefined) return `+OK hangup all channels with cause ${cause}\n`;
  return `+OK hangup all channels matching [${variable}]=[${value ?? ''}]${pairs.length > 2 ? '...' : ''} with cause: ${cause}\n`;
};
