import { splitArgs } from '../apps/split.js';
import { expand } from '../session/variables.js';
import { find, NO_CHANNEL, OK, usage, type ApiCommand } from './command.js';

export const uuidGetvar: ApiCommand = (args, server) => {
  const [uuid, name] = splitArgs(args, 4);
  if (uuid === undefined || name === undefined) return usage('<uuid> <var>');
  const session = find(server, uuid);
  if (!session) return NO_CHANNEL;
  return session.variables.get(name) ?? '_undef_';
};

export const uuidSetvar: ApiCommand = (args, server) => {
  const [uuid, name, value] = splitArgs(args, 3);
  if (uuid === undefined || name === undefined) return usage('<uuid> <var> [value]');
  const session = find(server, uuid);
  if (!session) return NO_CHANNEL;
  session.variables.set(name, value);
  return OK;
};

/** `uuid a=1;b=2` */
export const uuidSetvarMulti: ApiCommand = (args, server) => {
  const [uuid, text] = splitRaw(args);
  if (text === '') return usage('<uuid> <var>=<value>;<var>=<value>...');
  const session = find(server, uuid);
  if (!session) return NO_CHANNEL;
  for (const pair of text.split(';')) {
    const at = pair.indexOf('=');
    const name = (at === -1 ? pair : pair.slice(0, at)).trim();
    if (name === '') return '-ERR No variable specified\n';
    session.variables.set(name, at === -1 ? undefined : pair.slice(at + 1));
  }
  return OK;
};

function splitRaw(args: string): [uuid: string, rest: string] {
  const at = args.indexOf(' ');
  return at === -1 ? [args, ''] : [args.slice(0, at), args.slice(at + 1)];
}

export const globalGetvar: ApiCommand = (args, { globals }) => {
  const name = args.trim();
  if (name !== '') return globals.get(name) ?? '';
  return [...globals].map(([key, value]) => `${key}=${value}\n`).join('');
};

export const globalSetvar: ApiCommand = (args, { globals }) => {
  const at = args.indexOf('=');
  const name = (at === -1 ? args : args.slice(0, at)).trim();
  if (name === '') return usage('<var>=<value> [=<value2>]');
  const value = at === -1 ? '' : args.slice(at + 1);
  if (value === '') globals.delete(name);
  else globals.set(name, value);
  return '+OK';
};

/** `[uuid:UUID ]expression` with `${name}` and `$${name}` put in; functions are not evaluated. */
export const evaluate: ApiCommand = (args, server) => {
  const [, uuid, text = ''] = /^(?:uuid:(\S+) )?([^]*)$/i.exec(args) ?? [];
  const session = find(server, uuid);
  return expand(text, (name) => session?.variables.get(name) ?? server.globals.get(name), (name) => server.globals.get(name));
};
