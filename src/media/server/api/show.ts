import { splitArgs } from '../apps/split.js';
import type { Server, Session } from '../session/types.js';
import { usage, type ApiCommand } from './command.js';

const SYNTAX = 'channels [count|like <match string>]|calls [count]|bridged_calls|status';

type Row = readonly (readonly [column: string, value: string])[];

/** `show channels|calls|bridged_calls [count] [as delim|csv|json]` */
export const show: ApiCommand = (args, server) => {
  const words = splitArgs(args);
  const [what = ''] = words;
  const rows = rowsOf(what.toLowerCase(), words, server);
  if (!rows) return usage(SYNTAX);
  const asAt = words.findIndex((w) => w.toLowerCase() === 'as');
  const format = asAt === -1 ? 'delim' : (words[asAt + 1] ?? '').toLowerCase();
  const counting = words[1]?.toLowerCase() === 'count';
  if (format === 'json') return json(counting ? [] : rows, rows.length);
  if (format !== 'delim' && format !== 'csv') return `-ERR Cannot find format ${format}\n`;
  return counting ? `\n${rows.length} total.\n` : delimited(rows);
};

function rowsOf(what: string, words: readonly string[], server: Server): Row[] | undefined {
  const sessions = [...server.sessions.values()];
  if (what === 'channels') {
    const like = words[1]?.toLowerCase() === 'like' ? (words[2] ?? '').replaceAll('%', '') : '';
    return sessions.filter((s) => s.uuid.includes(like) || s.name.includes(like) || s.profile.callerNumber.includes(like)).map((s) => channelRow(s, server));
  }
  if (what !== 'calls' && what !== 'bridged_calls') return undefined;
  return sessions.filter((s) => (s.peer ? s.variables.get('last_bridge_role') !== 'originatee' : what === 'calls')).map((s) => callRow(s, server));
}

const created = (session: Session): Row => [
  ['created', new Date(session.times.created / 1000).toISOString().slice(0, 19).replace('T', ' ')],
  ['created_epoch', String(Math.floor(session.times.created / 1_000_000))],
];

function channelRow(session: Session, server: Server): Row {
  const codec = session.variables.get('read_codec') ?? '';
  const rate = codec === '' ? '' : '8000';
  const bitRate = codec === '' ? '' : '64000';
  return [
    ['uuid', session.uuid], ['direction', 'inbound'], ...created(session), ['name', session.name], ['state', session.state],
    ['cid_name', session.profile.callerName], ['cid_num', session.profile.callerNumber], ['ip_addr', session.profile.networkAddress],
    ['dest', session.profile.destination], ['application', session.application[0]], ['application_data', session.application[1]],
    ['dialplan', 'XML'], ['context', session.profile.context], ['read_codec', codec], ['read_rate', rate], ['read_bit_rate', bitRate],
    ['write_codec', codec], ['write_rate', rate], ['write_bit_rate', bitRate], ['secure', ''], ['hostname', hostname(server)],
    ['presence_id', ''], ['presence_data', ''], ['accountcode', ''], ['callstate', session.callState], ['callee_name', ''],
    ['callee_num', ''], ['callee_direction', ''], ['call_uuid', session.variables.get('call_uuid') ?? session.uuid],
    ['sent_callee_name', ''], ['sent_callee_num', ''], ['initial_cid_name', session.profile.callerName],
    ['initial_cid_num', session.profile.callerNumber], ['initial_ip_addr', session.profile.networkAddress],
    ['initial_dest', session.profile.destination], ['initial_dialplan', 'XML'], ['initial_context', session.profile.context],
  ];
}

function callRow(session: Session, server: Server): Row {
  const { peer } = session;
  return [
    ['uuid', session.uuid], ['direction', 'inbound'], ...created(session), ['name', session.name], ['state', session.state],
    ['cid_name', session.profile.callerName], ['cid_num', session.profile.callerNumber], ['ip_addr', session.profile.networkAddress],
    ['dest', session.profile.destination], ['callstate', session.callState], ['hostname', hostname(server)],
    ['b_uuid', peer?.uuid ?? ''], ['b_direction', peer ? 'inbound' : ''], ['b_name', peer?.name ?? ''], ['b_state', peer?.state ?? ''],
    ['b_cid_num', peer?.profile.callerNumber ?? ''], ['b_callstate', peer?.callState ?? ''],
    ['call_created_epoch', String(Math.floor(session.times.created / 1_000_000))],
  ];
}

const hostname = (server: Server): string => server.globals.get('hostname') ?? '';

function json(rows: readonly Row[], count: number): string {
  if (rows.length === 0) return `{"row_count":${count}}\n`;
  return JSON.stringify({ row_count: count, rows: rows.map((row) => Object.fromEntries(row)) });
}

function delimited(rows: readonly Row[]): string {
  const [first] = rows;
  if (!first) return '\n0 total.\n';
  const lines = [first.map(([column]) => column), ...rows.map((row) => row.map(([, value]) => value))].map((line) => line.join(','));
  return `${lines.join('\n')}\n\n${rows.length} total.\n`;
}
