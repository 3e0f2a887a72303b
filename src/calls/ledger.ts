import type { Ms } from '../base/index.js';
import { decodeCursor, orderOf, page, type CallLegTable, type CallTable, type RecordingTable, type Store } from '../store/index.js';
import type { Selectable } from 'kysely';
import type { Leg, LegGone } from './leg.js';
import type { CallState, Cause } from './machine/call.js';
import { createWriteBehind } from './write-behind.js';

export type CallRow = Selectable<CallTable>;
export type LegRow = Selectable<CallLegTable>;
export type RecordingRow = Selectable<RecordingTable>;
/** `contact`, `callback_of`: of a callback, the contact that it serves and the call that it goes back to; told, not kept. */
export type NewCall = Pick<CallRow, 'id' | 'direction' | 'from_number' | 'to_number' | 'trunk' | 'did' | 'started_at'> & { readonly contact?: string; readonly callback_of?: string };

export interface CallFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly state?: CallState | undefined;
  readonly queue?: string | undefined;
  readonly agent?: string | undefined;
  /** Of these agents alone. */
  readonly agents?: readonly string[] | undefined;
  readonly direction?: CallRow['direction'] | undefined;
  readonly cause?: Cause | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Bounds of `started_at`: since ≤ started_at < until. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly oldestFirst?: boolean | undefined;
}

/** What is known of every call, on disk: the CDR, and what the next process needs to end a call that outlived this one. */
export interface Ledger {
  open(call: NewCall): void;
  patch(id: string, change: Partial<Omit<CallRow, 'id'>>): void;
  close(id: string, cause: Cause, at: Ms): void;
  legUp(callId: string, leg: Leg, remote: string, at: Ms): void;
  legOver(legId: string, why: LegGone | 'app_lost', at: Ms): void;
  recordingStarted(recording: Pick<RecordingRow, 'id' | 'call_id' | 'part' | 'path' | 'started_at'>): void;
  recordingOver(id: string, change: Pick<RecordingRow, 'state' | 'ended_at'> & Partial<Pick<RecordingRow, 'ms' | 'bytes' | 'error'>>): void;
  /** Calls without an end, and recordings that nobody closed: what a dead process left behind. */
  unfinished(): { readonly calls: readonly CallRow[]; readonly legs: readonly LegRow[]; readonly recordings: readonly RecordingRow[] };
  /** Newest first, or oldest first. @throws BadCursor */
  list(filter: CallFilter): { readonly items: readonly CallRow[]; readonly nextCursor: string | undefined };
  get(id: string): CallRow | undefined;
  recordings(callId: string): readonly RecordingRow[];
  waiting(): number;
  shut(): void;
}

export function createLedger(store: Store, log: { error(fields: object, message: string): void }): Ledger {
  const { db } = store;
  const behind = createWriteBehind(store, 1_000, log);
  const change = (query: Parameters<Store['change']>[0]): void => behind.write(() => void store.change(query));
  return {
    open: ({ contact: _contact, callback_of: _of, ...call }) => change(db.insertInto('calls').values({ ...call, state: 'ringing', queue: null, agent: null, answered_at: null, ended_at: null, cause: null, language: null })),
    patch: (id, set) => change(db.updateTable('calls').set(set).where('id', '=', id)),
    close: (id, cause, at) => change(db.updateTable('calls').set({ state: 'ended', cause, ended_at: at }).where('id', '=', id).where('ended_at', 'is', null)),
    legUp: (callId, leg, remote, at) =>
      change(
        db.insertInto('call_legs').values({
          id: leg.id, call_id: callId, role: leg.role, state: 'up', remote, sip_dialog_id: leg.dialogId, sip_call_id: leg.sipCallId,
          media_dialog_id: leg.endpoint.dialogId, media_uuid: leg.endpoint.uuid, media_server: leg.endpoint.server,
          started_at: at, answered_at: at, ended_at: null, end_why: null,
        }),
      ),
    legOver: (id, why, at) => change(db.updateTable('call_legs').set({ state: 'ended', ended_at: at, end_why: why }).where('id', '=', id).where('ended_at', 'is', null)),
    recordingStarted: (r) =>
      behind.write(() => {
        store.change(db.insertInto('recordings').values({ ...r, state: 'recording', ended_at: null, ms: null, bytes: null, error: null }));
        store.change(db.updateTable('calls').set({ recorded: 1 }).where('id', '=', r.call_id));
      }),
    recordingOver: (id, set) => change(db.updateTable('recordings').set(set).where('id', '=', id)),
    unfinished: () => ({
      calls: store.run<CallRow>(db.selectFrom('calls').selectAll().where('ended_at', 'is', null)),
      legs: store.run<LegRow>(db.selectFrom('call_legs').selectAll().where('ended_at', 'is', null)),
      recordings: store.run<RecordingRow>(db.selectFrom('recordings').selectAll().where('state', '=', 'recording')),
    }),
    list(filter) {
      const [sort, { way, beyond }] = filter.oldestFirst === true ? ['started_at', orderOf('started_at')] : [undefined, orderOf('-started_at')];
      const after = filter.cursor === undefined ? undefined : decodeCursor(filter.cursor, sort);
      let query = db.selectFrom('calls').selectAll().orderBy('started_at', way).orderBy('id', way).limit(filter.limit + 1);
      for (const key of ['state', 'queue', 'agent', 'direction', 'cause'] as const) {
        const value = filter[key];
        if (value !== undefined) query = query.where(key, '=', value);
      }
      if (filter.agents !== undefined) query = query.where('agent', 'in', filter.agents.length > 0 ? filter.agents : ['']);
      if (filter.from !== undefined) query = query.where('from_number', '=', filter.from);
      if (filter.to !== undefined) query = query.where('to_number', '=', filter.to);
      if (filter.since !== undefined) query = query.where('started_at', '>=', filter.since);
      if (filter.until !== undefined) query = query.where('started_at', '<', filter.until);
      if (after) query = query.where((e) => e.or([e('started_at', beyond, after.at), e.and([e('started_at', '=', after.at), e('id', beyond, after.id)])]));
      return page(store.run<CallRow>(query), filter.limit, (row) => ({ at: row.started_at, id: row.id }), sort);
    },
    get: (id) => store.run<CallRow>(db.selectFrom('calls').selectAll().where('id', '=', id))[0],
    recordings: (callId) => store.run<RecordingRow>(db.selectFrom('recordings').selectAll().where('call_id', '=', callId).orderBy('part')),
    waiting: () => behind.waiting(),
    shut: () => behind.close(),
  };
}
