import type { AppCommand } from '../apps/runner.js';
import type { Server, Session } from './types.js';

/** A channel whose INVITE had this header outlives its application: it hears that until another application takes it. */
export const WAITING_MUSIC = 'sip_h_X-Waiting-Music';

/**
 * The one extension of the drachtio_mrf context: answer, then hand the channel to the application named in
 * X-esl-outbound, and play music to who waits when that has died. undefined without that header: NO_ROUTE_DESTINATION.
 */
export function mrfExtension(session: Session): readonly AppCommand[] | undefined {
  const target = session.variables.get('sip_h_X-esl-outbound')?.trim();
  if (target === undefined || target === '') return undefined;
  return [
    { name: 'answer', args: '' },
    { name: 'socket', args: `${target} async full` },
    { name: 'endless_playback', args: `\${${WAITING_MUSIC}}` },
  ];
}

/** `app:arg,app:arg` of the inline dialplan; `m:^:app:arg^app:arg` names another separator. */
export function inlinePlan(text: string): AppCommand[] {
  const marked = /^m:(.):([^]*)$/.exec(text);
  const separator = marked?.[1] ?? ',';
  return (marked?.[2] ?? text)
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf(':');
      return at === -1 ? { name: part, args: '' } : { name: part.slice(0, at), args: part.slice(at + 1) };
    });
}

/** uuid_transfer: an inline plan, or the context's extension, whatever the number. */
export function transfer(server: Server, session: Session, destination: string, dialplan: string | undefined): void {
  const plan = dialplan?.toLowerCase() === 'inline' ? inlinePlan(destination) : mrfExtension(session);
  session.times.transferred = server.microtime();
  if (!plan) return session.hangUp('NO_ROUTE_DESTINATION');
  session.runner.transfer(plan);
}
