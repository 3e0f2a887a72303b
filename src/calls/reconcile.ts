import type { Events } from '../events/index.js';
import { finishRecording, type MediaPool } from '../media/index.js';
import type { CallLog } from './call.js';
import type { LegRow, Ledger, RecordingRow } from './ledger.js';
import type { SipPort } from './sip-port.js';

interface Around {
  readonly ledger: Ledger;
  readonly events: Events;
  readonly sip: SipPort;
  readonly media: MediaPool;
  readonly log: CallLog;
  readonly now: () => number;
  /** Calls that go on: nothing of theirs is ended but legs beside the caller's. */
  readonly resumed?: ReadonlySet<string>;
  /** Callers who hung up while nobody was there, and waited until then. */
  readonly abandoned?: ReadonlySet<string>;
}

/**
 * Ends what an application that was killed left behind: its dialogs by BYE under their stored names, its media sessions
 * by theirs, its CDRs with `app_lost`, its recordings repaired. Answers how many calls there were. Never rejects.
 */
export async function reconcile(around: Around): Promise<number> {
  const { resumed = new Set(), abandoned = new Set() } = around;
  const left = around.ledger.unfinished();
  const calls = left.calls.filter((call) => !resumed.has(call.id));
  const legs = left.legs.filter((leg) => leg.role !== 'caller' || !resumed.has(leg.call_id));
  for (const leg of legs) {
    sayBye(leg, around);
    around.ledger.legOver(leg.id, 'app_lost', around.now());
  }
  for (const call of calls) {
    const cause = abandoned.has(call.id) ? 'abandoned' : 'app_lost';
    around.ledger.close(call.id, cause, around.now());
    around.events.publish('call.ended', `call:${call.id}`, { cause, duration_ms: around.now() - call.started_at });
  }
  await Promise.all(legs.map((leg) => freeMedia(leg, around)));
  await Promise.all(left.recordings.map((recording) => repair(recording, around)));
  if (calls.length > 0) around.log.warn({ calls: calls.length, legs: legs.length, recordings: left.recordings.length }, 'ended calls that outlived the last run');
  return calls.length;
}

function sayBye(leg: LegRow, { sip, log }: Around): void {
  for (const dialog of [leg.sip_dialog_id, leg.media_dialog_id]) {
    if (dialog === null) continue;
    byeByName(sip, dialog, (error) => log.warn({ err: error, dialog }, 'BYE for a call of the last run failed'));
  }
}

/** drachtio-srf sends requests in a dialog that it does not hold, if told its name; its types do not say so. */
function byeByName(sip: SipPort, stackDialogId: string, failed: (error: unknown) => void): void {
  const agent = sip.srf as unknown as { request(uri: string, options: object, callback: (error: unknown) => void): void };
  agent.request('', { method: 'BYE', stackDialogId, headers: {} }, (error) => {
    if (error) failed(error);
  });
}

async function freeMedia(leg: LegRow, { media, log }: Around): Promise<void> {
  if (leg.media_server === null || leg.media_uuid === null) return;
  try {
    await media.kill(leg.media_server, leg.media_uuid);
  } catch (error) {
    log.warn({ err: error, uuid: leg.media_uuid }, 'a media session of the last run could not be freed');
  }
}

async function repair(recording: RecordingRow, { ledger, events, log, now }: Around): Promise<void> {
  try {
    const done = await finishRecording(recording.path);
    ledger.recordingOver(recording.id, { state: 'repaired', ended_at: now(), ms: Math.round(done.ms), bytes: done.bytes });
    events.publish('call.recording_repaired', `call:${recording.call_id}`, { recording: recording.id, part: recording.part, ms: Math.round(done.ms) });
  } catch (error) {
    ledger.recordingOver(recording.id, { state: 'failed', ended_at: now(), error: String(error) });
    log.error({ err: error, path: recording.path }, 'a recording of the last run is lost');
  }
}
