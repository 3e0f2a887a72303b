import { newId, type Store, type TranscriptTable } from '../../store/index.js';
import { inOrder, type Segment } from './segments.js';

/** The words of one part of a call's recording. */
export interface Transcript {
  readonly callId: string;
  readonly recording: string;
  readonly part: number;
  readonly language: 'zh-CN' | 'en';
  /** While they talked, or from the file. */
  readonly how: 'live' | 'after';
  readonly segments: readonly Segment[];
}
export type KeptTranscript = Transcript & { readonly state: 'done' | 'failed'; readonly error: string | null };

/** A recording that has not been transcribed. */
export interface Untold {
  readonly recording: string;
  readonly callId: string;
  readonly part: number;
  readonly path: string;
  readonly language: string | null;
}

export interface Shelf {
  /** Of a recording that was deleted meanwhile, nothing is kept. @throws StoreError */
  keep(transcript: Transcript, error?: string): void;
  ofCall(callId: string): readonly KeptTranscript[];
  /** The recording was deleted. */
  gone(recording: string): boolean;
  /** Finished recordings that began after `since` and have no transcript, newest first. */
  untold(since: number, limit: number): readonly Untold[];
}

export function createShelf(store: Store, now: () => number): Shelf {
  const { db } = store;
  const gone = (recording: string): boolean => store.run(db.selectFrom('recordings').select('state').where('id', '=', recording)).some(({ state }) => state === 'deleted');
  return {
    gone,
    keep({ callId, recording, part, language, how, segments }, error) {
      if (gone(recording)) return;
      const row: TranscriptTable = {
        id: newId('tr', now()), call_id: callId, recording_id: recording, part, language, how, state: error === undefined ? 'done' : 'failed',
        segments: JSON.stringify(inOrder(segments)), error: error ?? null, at: now(),
      };
      store.change(db.insertInto('transcripts').values(row).onConflict((c) => c.column('recording_id').doNothing()));
    },
    ofCall: (callId) =>
      store.run<TranscriptTable>(db.selectFrom('transcripts').selectAll().where('call_id', '=', callId).orderBy('part')).map((row) => ({
        callId: row.call_id, recording: row.recording_id, part: row.part, language: row.language, how: row.how, state: row.state, error: row.error,
        segments: JSON.parse(row.segments) as Segment[],
      })),
    untold: (since, limit) =>
      store.run<Untold>(
        db.selectFrom('recordings').innerJoin('calls', 'calls.id', 'recordings.call_id').leftJoin('transcripts', 'transcripts.recording_id', 'recordings.id')
          .select(['recordings.id as recording', 'recordings.call_id as callId', 'recordings.part as part', 'recordings.path as path', 'calls.language as language'])
          .where('recordings.state', 'in', ['done', 'repaired']).where('recordings.started_at', '>=', since).where('transcripts.id', 'is', null)
          .orderBy('recordings.started_at', 'desc').limit(limit),
      ),
  };
}
