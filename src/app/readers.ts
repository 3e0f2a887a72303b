import type { CallReader, CallView, RecordingReader } from '../api/index.js';
import type { CallRow, Ledger } from '../calls/index.js';
import type { Events } from '../events/index.js';

/** Calls as the API shows them: the row and its facts. */
export function callReader(ledger: Ledger, events: Events): CallReader {
  const view = (row: CallRow): CallView => ({
    id: row.id, direction: row.direction, from: row.from_number, to: row.to_number, queue: row.queue, agent: row.agent, state: row.state,
    startedAt: row.started_at, answeredAt: row.answered_at, endedAt: row.ended_at, cause: row.cause,
    timeline: events.of(`call:${row.id}`).map(({ seq, at, type, data }) => ({ seq, at, type, data })),
  });
  return {
    list(filter, { limit, cursor }) {
      const { items, nextCursor } = ledger.list({ ...filter, limit, cursor });
      return { items: items.map(view), nextCursor };
    },
    get(id) {
      const row = ledger.get(id);
      return row && view(row);
    },
  };
}

export function recordingReader(ledger: Ledger): RecordingReader {
  return {
    parts: (callId) => (ledger.get(callId) ? ledger.recordings(callId).map(({ part, path, state }) => ({ part, path, state })) : undefined),
  };
}
