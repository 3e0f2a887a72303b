import type { Header } from '../events/event.js';
import { randomUUID } from 'node:crypto';
import { fire } from '../session/fire.js';
import type { Server, Session } from '../session/types.js';
import { expand } from '../session/variables.js';
import type { App } from './app.js';
import type { Frame } from './frame.js';
import { APPLICATIONS } from './registry.js';
import type { AppCommand } from './runner.js';

const RESPONSE = 'current_application_response';

/**
 * Runs one application once between CHANNEL_EXECUTE and CHANNEL_EXECUTE_COMPLETE (switch_core_session_exec).
 * @returns undefined when it was done at once. Never rejects: a failure is logged and the channel goes on.
 */
export function executeApplication(server: Server, session: Session, extra: ReadonlyMap<string, App>, command: AppCommand, frame: Frame): Promise<void> | undefined {
  const { variables } = session;
  const name = command.name.toLowerCase();
  const app = APPLICATIONS.get(name) ?? extra.get(name);
  if (!app) {
    server.log.error({ uuid: session.uuid, application: command.name }, 'no such application');
    session.hangUp('DESTINATION_OUT_OF_ORDER');
    return undefined;
  }
  const data = expand(command.args, variables.get, (key) => server.globals.get(key));
  const uuid = command.eventUuid ?? randomUUID();
  const about: Header[] = [['Application', name], ...(data === '' ? [] : [['Application-Data', data] as const])];
  variables.set('current_application', name);
  variables.set('current_application_data', data);
  variables.set(RESPONSE, undefined);
  session.application = [name, data];
  fire(server, session, 'CHANNEL_EXECUTE', [...about, ['Application-UUID', uuid]]);
  let response: string | undefined;
  const respond = (text: string): void => {
    response = text;
    variables.set(RESPONSE, text);
  };
  const complete = (): void => fire(server, session, 'CHANNEL_EXECUTE_COMPLETE', [...about, ['Application-Response', response ?? '_none_'], ['Application-UUID', uuid]]);
  const pending = app({ server, session, data, frame, respond });
  if (!pending) {
    complete();
    return undefined;
  }
  return pending.then(complete, (error: unknown) => {
    server.log.error({ uuid: session.uuid, application: name, err: error }, 'application failed');
    respond('-ERR internal error');
    complete();
  });
}
