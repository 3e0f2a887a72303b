import { uuidAudioFork } from '../fork/api.js';
import type { Server } from '../session/types.js';
import * as channels from './channels.js';
import type { ApiCommand } from './command.js';
import { uuidSetMediaStats } from './media-stats.js';
import { uuidRecord } from './recording.js';
import { show } from './show.js';
import * as system from './system.js';
import * as variables from './variables.js';

const COMMANDS: ReadonlyMap<string, ApiCommand> = new Map<string, ApiCommand>([
  ['break', channels.uuidBreak],
  ['eval', variables.evaluate],
  ['global_getvar', variables.globalGetvar],
  ['global_setvar', variables.globalSetvar],
  ['hupall', channels.hupall],
  ['module_exists', system.moduleExists],
  ['reloadxml', system.reloadxml],
  ['show', show],
  ['sofia', system.sofia],
  ['status', system.status],
  ['uuid_audio', channels.uuidAudio],
  ['uuid_audio_fork', uuidAudioFork],
  ['uuid_break', channels.uuidBreak],
  ['uuid_bridge', channels.uuidBridge],
  ['uuid_broadcast', channels.uuidBroadcast],
  ['uuid_dump', channels.uuidDump],
  ['uuid_exists', channels.uuidExists],
  ['uuid_flush_dtmf', channels.uuidFlushDtmf],
  ['uuid_getvar', variables.uuidGetvar],
  ['uuid_kill', channels.uuidKill],
  ['uuid_park', channels.uuidPark],
  ['uuid_record', uuidRecord],
  ['uuid_recv_dtmf', channels.uuidRecvDtmf],
  ['uuid_send_dtmf', channels.uuidSendDtmf],
  ['uuid_set_media_stats', uuidSetMediaStats],
  ['uuid_setvar', variables.uuidSetvar],
  ['uuid_setvar_multi', variables.uuidSetvarMulti],
  ['uuid_transfer', channels.uuidTransfer],
  ['version', system.version],
]);

/** Runs an API command. Never rejects: a failure of ours is logged and answered with `-ERR`. */
export async function runApi(server: Server, name: string, args: string): Promise<string> {
  const lower = name.toLowerCase();
  if (lower === 'expand') return expandAndRun(server, args);
  const command = COMMANDS.get(lower);
  if (!command) return `-ERR ${name} Command not found!\n`;
  try {
    return await command(args, server);
  } catch (error) {
    server.log.error({ command: lower, err: error }, 'API command failed');
    return '-ERR internal error\n';
  }
}

/** `expand [uuid:UUID ]command args` */
async function expandAndRun(server: Server, args: string): Promise<string> {
  if (args.trim() === '') return '-ERR No input\n';
  const text = await variables.evaluate(args, server);
  const [name = '', ...rest] = text.trim().split(' ');
  return runApi(server, name, rest.join(' '));
}
