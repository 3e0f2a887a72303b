import { randomUUID } from 'node:crypto';
import { runApi } from '../api/registry.js';
import type { AppCommand } from '../apps/runner.js';
import { toInt } from '../apps/split.js';
import { channelData } from '../events/channel-headers.js';
import { serializePlain, type Header } from '../events/event.js';
import { eventName } from '../events/names.js';
import { causeOf } from '../session/causes.js';
import type { Server, Session } from '../session/types.js';
import { isTrue } from '../session/variables.js';
import type { Command } from './command.js';
import type { Connection } from './connection.js';
import { apiResponse, commandReply, commandReplyWith, disconnectNotice } from './replies.js';

/** A client past its authentication: inbound, or the outbound socket of one session. */
export interface Client {
  readonly server: Server;
  readonly connection: Connection;
  readonly session: Session | undefined;
  /** undefined: does not linger; −1: for as long as the client stays. Seconds. */
  linger: number | undefined;
  readonly connected: () => void;
}

type Handler = (client: Client, args: string, command: Command) => Promise<void> | undefined;

const say = (client: Client, text: string): undefined => {
  client.connection.write(commandReply(text));
  return undefined;
};

/** These look at their first line only. */
const ONE_LINE = new Set(['api', 'connect', 'event', 'nixevent', 'noevents', 'filter', 'myevents', 'linger', 'nolinger', 'getvar', 'exit']);

/** What can be done once the first line of a command is there. The API commands that take time keep the order: see `begin` of the connection. */
export function begin(client: Client, line: string): 'done' | 'answered' | undefined {
  const [name, args] = cut(line.trim());
  const lower = name.toLowerCase();
  if (lower === 'sendmsg') {
    const target = client.server.sessions.get(args);
    if (!target || target.cause) return undefined;
    say(client, '+OK');
    return 'answered';
  }
  return ONE_LINE.has(lower) ? 'done' : undefined;
}

/** Carries out one command of an authenticated client (parse_command of mod_event_socket). */
export function handle(client: Client, command: Command): Promise<void> | undefined {
  const { line } = command;
  const at = line.search(/\s/);
  const name = (at === -1 ? line : line.slice(0, at)).toLowerCase();
  const args = at === -1 ? '' : line.slice(at + 1).trim();
  const handler = HANDLERS.get(name);
  if (!handler) return say(client, '-ERR command not found');
  return handler(client, args, command);
}

const exit: Handler = (client) => {
  client.connection.close(commandReply('+OK bye') + disconnectNotice(client.session?.uuid));
  return undefined;
};

const api: Handler = async (client, args) => {
  const [name, rest] = cut(args);
  client.connection.write(apiResponse(await runApi(client.server, name, rest)));
};

const bgapi: Handler = (client, args, command) => {
  const job = command.headers.get('job-uuid') ?? randomUUID();
  const [name, rest] = cut(args);
  client.connection.write(commandReplyWith(`Reply-Text: +OK Job-UUID: ${job}\nJob-UUID: ${job}\n\n`));
  void runApi(client.server, name, rest).then((body) => {
    const about: Header[] = [['Job-UUID', job], ['Job-Owner-UUID', client.session?.uuid ?? ''], ['Job-Command', name]];
    if (rest !== '') about.push(['Job-Command-Arg', rest]);
    client.server.bus.fire('BACKGROUND_JOB', { body, headers: () => about });
  });
  return undefined;
};

const cut = (text: string): [first: string, rest: string] => {
  const at = text.indexOf(' ');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1).trimStart()];
};

const connect: Handler = (client) => {
  const { session, server } = client;
  if (!session) return say(client, '-ERR command not found');
  client.connected();
  const headers: Header[] = [
    ...server.bus.preamble('CHANNEL_DATA'), ...channelData(session),
    ['Content-Type', 'command/reply'], ['Reply-Text', '+OK\n'], ['Socket-Mode', 'async'], ['Control', 'full'],
  ];
  client.connection.write(serializePlain(headers));
  return undefined;
};

const sendmsg: Handler = (client, args, command) => {
  const uuid = args === '' ? command.headers.get('session-id') : args;
  const target = uuid === undefined ? client.session : client.server.sessions.get(uuid);
  const action = command.headers.get('call-command')?.toLowerCase() ?? '';
  // The reply leaves before the first event of what it starts.
  if (!command.answered) say(client, target && !target.cause ? '+OK' : `-ERR invalid session id [${uuid ?? ''}]`);
  if (!target || target.cause) return undefined;
  if (action === 'execute') target.runner.enqueue(appCommand(command));
  else if (action === 'hangup') target.hangUp(causeOf(command.headers.get('hangup-cause') ?? 'NORMAL_CLEARING'));
  else client.server.log.error({ uuid: target.uuid, action }, 'sendmsg with a call-command this server does not have');
  return undefined;
};

function appCommand({ headers, body }: Command): AppCommand {
  const inBody = headers.get('content-type')?.toLowerCase() === 'text/plain';
  return {
    name: headers.get('execute-app-name') ?? '',
    args: headers.get('execute-app-arg') ?? (inBody ? body : ''),
    eventUuid: headers.get('event-uuid'),
    loops: toInt(headers.get('loops'), 1),
    lock: isTrue(headers.get('event-lock')),
  };
}

/** A client may fire events of its own; those for one channel reach whoever listens to it. */
const sendevent: Handler = (client, args, command) => {
  const uuid = randomUUID();
  const name = eventName(args.trim()) ?? 'CUSTOM';
  const headers = command.fields.filter(([key]) => !/^(?:event-name|event-subclass|content-length)$/i.test(key));
  const subclass = command.headers.get('event-subclass');
  const channel = command.headers.get('unique-id');
  client.server.bus.fire(name, {
    ...(subclass === undefined ? {} : { subclass }),
    ...(channel === undefined ? {} : { uuid: channel }),
    ...(command.body === '' ? {} : { body: command.body }),
    headers: () => [...headers, ['Event-UUID', uuid]],
  });
  return say(client, `+OK ${uuid}`);
};

const linger: Handler = (client, args) => {
  if (!client.session) return say(client, '-ERR not controlling a session');
  client.linger = args === '' ? -1 : toInt(args, 0);
  return say(client, args === '' ? '+OK will linger' : `+OK will linger ${client.linger} seconds`);
};

const nolinger: Handler = (client) => {
  if (!client.session) return say(client, '-ERR not controlling a session');
  client.linger = undefined;
  return say(client, '+OK will not linger');
};

const myevents: Handler = (client, args) => {
  const words = args.split(' ').filter((w) => w !== '');
  if (client.session) return say(client, client.connection.subscription.myEvents(client.session.uuid, words[0] ?? ''));
  const [uuid = '', format = ''] = words;
  if (!client.server.sessions.has(uuid)) return say(client, '-ERR invalid uuid');
  return say(client, client.connection.subscription.myEvents(uuid, format));
};

const getvar: Handler = (client, args) => {
  if (!client.session) return say(client, '-ERR command not found');
  return say(client, client.session.variables.get(args) ?? '');
};

const divertEvents: Handler = (client, args) => {
  if (!client.session) return say(client, '-ERR not controlling a session.');
  if (args === '') return say(client, '-ERR missing value.');
  return say(client, args.toLowerCase() === 'on' ? '-ERR diverting events is not supported' : '+OK events not diverted');
};

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['exit', exit], ['...', exit],
  ['api', api], ['bgapi', bgapi],
  ['connect', connect], ['sendmsg', sendmsg], ['sendevent', sendevent],
  ['linger', linger], ['nolinger', nolinger], ['myevents', myevents], ['getvar', getvar], ['divert_events', divertEvents],
  ['event', (client, args) => say(client, client.connection.subscription.event(args))],
  ['nixevent', (client, args) => say(client, client.connection.subscription.nixEvent(args))],
  ['noevents', (client) => say(client, client.connection.subscription.noEvents())],
  ['filter', (client, args) => say(client, client.connection.subscription.filter(args))],
  ['log', (client) => say(client, '-ERR the log is on stderr only')],
  ['nolog', (client) => say(client, '-ERR not loging')],
]);
