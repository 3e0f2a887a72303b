import { find, usage, type ApiCommand } from '../api/command.js';
import type { Server, Session } from '../session/types.js';
import { parseFork, SYNTAX, type ForkCommand, type StartFork } from './arguments.js';
import { startFork } from './fork.js';

const DONE = '+OK Success\n';
const FAILED = '-ERR Operation Failed\n';

/** mod_audio_fork's command: sends a channel's audio to a WebSocket. It answers at once; whether the line comes up is said by events. */
export const uuidAudioFork: ApiCommand = (args, server) => {
  const parsed = parseFork(args);
  if (parsed === 'usage') return usage(SYNTAX);
  const session = find(server, parsed.uuid);
  return session && parsed.command && run(server, session, parsed.command) ? DONE : FAILED;
};

function run(server: Server, session: Session, command: ForkCommand): boolean {
  if (command.do === 'start') return start(server, session, command);
  const fork = session.forks.get(command.name);
  if (!fork) return false;
  switch (command.do) {
    case 'stop':
      fork.stop(command.text);
      return true;
    case 'send_text':
      if (command.text !== undefined) fork.text(command.text);
      return true;
    case 'pause':
      fork.pause(command.silence);
      return true;
    case 'resume':
      fork.resume();
      return true;
    case 'graceful-shutdown':
      fork.shutDown();
      return true;
  }
}

function start(server: Server, session: Session, request: StartFork): boolean {
  if (session.forks.has(request.name) || !session.media.remote()) return false;
  session.forks.set(request.name, startFork(server, session, request, () => session.forks.delete(request.name)));
  return true;
}
