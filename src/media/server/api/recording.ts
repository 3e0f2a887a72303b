import { leadingVars, splitArgs, toInt } from '../apps/split.js';
import { findRecording, recordingPath, sessionOptions, startRecording, stopRecordings } from '../session/recording.js';
import { find, usage, type ApiCommand } from './command.js';

const SYNTAX = '<uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]';
const DONE = '+OK Success\n';

export const uuidRecord: ApiCommand = async (args, server) => {
  const [uuid, action, name, limit, settings] = splitArgs(args, 5);
  if (uuid === undefined || action === undefined || name === undefined) return usage(SYNTAX);
  const session = find(server, uuid);
  if (!session) return '-ERR Cannot locate session!\n';
  const all = name.toLowerCase() === 'all';
  const path = recordingPath(server, session, name);
  switch (action.toLowerCase()) {
    case 'start': {
      const seconds = toInt(limit, 0);
      const options = sessionOptions(session, leadingVars(decoded(settings ?? '')).vars, seconds > 0 ? seconds * 1000 : undefined);
      return (await startRecording(server, session, path, options)) ? DONE : '-ERR Cannot record session!\n';
    }
    case 'stop': return (await stopRecordings(session, all ? 'all' : path)) ? DONE : '-ERR Cannot stop record session!\n';
    case 'mask':
    case 'unmask': {
      const masking = action.toLowerCase() === 'mask';
      const recording = findRecording(session, path);
      if (!recording) return `-ERR Cannot ${masking ? 'mask' : 'unmask'} recording session!\n`;
      if (masking) recording.mask();
      else recording.unmask();
      return DONE;
    }
    case 'pause':
    case 'resume': return `-ERR Cannot ${action.toLowerCase()} recording session!\n`;
    default: return usage(SYNTAX);
  }
};

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
