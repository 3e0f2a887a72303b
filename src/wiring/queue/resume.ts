import type { ContactView } from '../../acd/index.js';
import { CallerGone, resumeCall, type Call, type CallLog, type CallRow, type LegRow } from '../../calls/index.js';
import type { QueueEnd } from '../../ivr/index.js';
import { noticeWasGiven } from '../consent.js';
import { playMusic } from './announcing.js';
import { languageIn, NOTICE, type Room } from './room.js';
import { takeIn } from './waiting.js';

export interface ResumeOptions {
  readonly room: Room;
  readonly onCall: (call: Call) => void;
  readonly onOver: (call: Call) => void;
  readonly logFor: (call: string) => CallLog;
  /** His stay in the queue is over: the call goes on with that. */
  readonly goOn: (call: Call, end: QueueEnd) => void;
}

/** IDs of calls, for `reconcile`. */
export interface Resumption {
  readonly resumed: ReadonlySet<string>;
  readonly abandoned: ReadonlySet<string>;
}

/**
 * Callers who waited when the last run was killed and are still on the line are there again as the contacts they were,
 * before the engine asks for them. Never rejects.
 */
export async function resumeWaiting(options: ResumeOptions): Promise<Resumption> {
  const { room } = options;
  const { calls, legs, recordings } = room.voice.ledger.unfinished();
  const resumed = new Set<string>();
  const abandoned = new Set<string>();
  const candidates = room.acd().contacts().filter((c) => c.channel === 'voice' && !c.callback && (c.state === 'waiting' || c.state === 'offered' || c.state === 'connecting'));
  await Promise.all(candidates.map(async (contact) => {
    const call = calls.find((one) => `call:${one.id}` === contact.subject);
    const leg = legs.find((one) => one.call_id === call?.id && one.role === 'caller');
    if (!call || !leg) return;
    const log = options.logFor(call.id);
    try {
      await resume(options, { contact, call, leg, log, recorded: recordings.filter((r) => r.call_id === call.id).map((r) => r.path) });
      resumed.add(call.id);
      log.info({ contact: contact.id, waited_ms: contact.waitedMs }, 'a caller who waited is back in his place');
    } catch (error) {
      if (error instanceof CallerGone) abandoned.add(call.id);
      log.warn({ err: error }, 'a caller who waited is lost');
    }
  }));
  return { resumed, abandoned };
}

interface Found {
  readonly contact: ContactView;
  readonly call: CallRow;
  readonly leg: LegRow;
  readonly log: CallLog;
  /** Recordings that the media server still writes. */
  readonly recorded: readonly string[];
}

async function resume({ room, onCall, onOver, logFor, goOn }: ResumeOptions, { contact, call: row, leg, log, recorded }: Found): Promise<void> {
  const { voice } = room;
  const around = { ledger: voice.ledger, events: voice.events, log: logFor(row.id), now: voice.now, onOver };
  const call = await resumeCall({ call: row, leg }, { sip: voice.sip, media: voice.media, call: around, warn: (about, message) => log.warn(about, message) });
  const caller = await call.answer();
  for (const path of recorded) await caller.endpoint.stopRecording(path).catch((error: unknown) => log.warn({ err: error }, 'a recording of the last run was not closed'));
  onCall(call);
  const noticeGiven = contact.attributes[NOTICE] === 'given';
  if (noticeGiven) noticeWasGiven(call);
  const who = { contact: contact.id, call, leg: caller, queue: contact.queues[0] ?? row.queue ?? '', language: languageIn(contact.attributes), noticeGiven, waitedMs: contact.waitedMs };
  const w = takeIn(room, who, (end) => goOn(call, end));
  playMusic(w);
}
