import type { CallCommands, CallReader, CallView, RecordingReader, TranscriptReader } from '../api/index.js';
import type { Call, CallRow, Ledger } from '../calls/index.js';
import type { Customers } from '../desk/customers/index.js';
import type { Events, Fact } from '../events/index.js';
import type { Transcripts } from '../wiring/index.js';

/** Calls as the API shows them: the row and its facts. */
export function callReader(ledger: Ledger, events: Events, customers: Pick<Customers, 'ofSubject'>): CallReader {
  const view = (row: CallRow, facts: readonly Fact[] = []): CallView => ({
    id: row.id, customer: customers.ofSubject(`call:${row.id}`) ?? null, direction: row.direction, from: row.from_number, to: row.to_number, queue: row.queue, agent: row.agent, state: row.state,
    startedAt: row.started_at, answeredAt: row.answered_at, endedAt: row.ended_at, cause: row.cause,
    timeline: facts.map(({ seq, at, type, data }) => ({ seq, at, type, data })),
  });
  return {
    list(filter, { limit, cursor }, { timelines, oldestFirst }) {
      const { items, nextCursor } = ledger.list({ ...filter, limit, cursor, oldestFirst });
      const facts = events.ofEach(timelines ? items.map(({ id }) => `call:${id}` as const) : []);
      return { items: items.map((row) => view(row, facts.get(`call:${row.id}`))), nextCursor };
    },
    get(id) {
      const row = ledger.get(id);
      return row && view(row, events.of(`call:${id}`));
    },
  };
}

export const callCommands = (active: () => readonly Call[]): CallCommands => ({ handOn: (id, to) => active().find((call) => call.id === id)?.handOn(to) ?? 409 });

export function recordingReader(ledger: Ledger): RecordingReader {
  return {
    parts: (callId) => (ledger.get(callId) ? ledger.recordings(callId).map(({ part, path, state }) => ({ part, path, state })) : undefined),
  };
}

export function transcriptReader(ledger: Ledger, transcripts: Pick<Transcripts, 'ofCall'>): TranscriptReader {
  return {
    parts: (callId) => (ledger.get(callId) ? transcripts.ofCall(callId) : undefined),
  };
}
