import type { Attributes, ContactId, QueueId } from '../../acd/index.js';
import type { Call, Leg } from '../../calls/index.js';
import type { QueueEnd, QueueRequest } from '../../ivr/index.js';
import type { Language } from '../../speech/tts/index.js';
import { newId } from '../../store/index.js';
import { consentFor, giveNotice } from '../consent.js';
import { attributesOfCaller, attributesOfTalk } from '../customers/index.js';
import { announcer } from './announcing.js';
import { FROM, keepReady, LANGUAGE, NOTICE, type Room, type Waiting } from './room.js';

/** Waits with music, and lasts until the conversation is over or the caller has gone. @throws NoSuchQueue */
export async function wait(room: Room, call: Call, request: QueueRequest): Promise<QueueEnd> {
  const { voice, acd } = room;
  const [home] = request.names;
  call.note({ queue: home });
  call.entered('queue');
  const leg = await call.answer();
  const noticeGiven = consentFor(voice, call, 'queue').recorded && (await giveNotice(voice, call, leg.endpoint, home));
  if (call.over.aborted) return 'failed';
  const contact = newId('contact') as ContactId;
  return new Promise<QueueEnd>((resolve, reject) => {
    const w = takeIn(room, { contact, call, leg, queue: home, language: request.language, noticeGiven, waitedMs: 0 }, resolve);
    try {
      acd().enqueue({
        id: contact, queues: request.names as readonly string[] as readonly [QueueId, ...QueueId[]], channel: 'voice', subject: `call:${call.id}`,
        priority: request.priority, needs: request.needs, attributes: attributesOf(room, call, request, noticeGiven),
      });
    } catch (error) {
      w.done('failed');
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** What the call itself tells, over it what is known of the customer, and over that what the flow says. */
function attributesOf({ voice }: Room, call: Call, request: QueueRequest, noticeGiven: boolean): Attributes {
  return {
    [FROM]: call.from, to: call.to, source: call.direction,
    ...(call.trunk === null ? {} : { trunk: call.trunk }), ...(call.did === null ? {} : { did: call.did }),
    ...(call.direction === 'internal' ? { extension: call.from } : {}),
    ...(request.language === undefined ? {} : { [LANGUAGE]: request.language }),
    ...(noticeGiven ? { [NOTICE]: 'given' } : {}),
    ...attributesOfCaller(voice.callers?.of(call)), ...attributesOfTalk(voice.callers?.talkOf(call)),
    ...request.attributes,
  };
}

export interface TakenIn {
  readonly contact: ContactId;
  readonly call: Call;
  readonly leg: Leg;
  readonly queue: string;
  readonly language: Language | undefined;
  readonly noticeGiven: boolean;
  readonly waitedMs: number;
}

/** A caller is there as a contact from now on. If he goes, the contact does. */
export function takeIn(room: Room, who: TakenIn, resolve: (end: QueueEnd) => void): Waiting {
  const { voice, acd, waiting } = room;
  const { contact, call, leg } = who;
  const gone = (): void => {
    acd().leave(contact, 'abandoned');
    w.done('failed');
  };
  const release = (): void => {
    call.over.removeEventListener('abort', gone);
    hush();
    deaf();
    w.listening = false;
    if (waiting.get(contact) === w) waiting.delete(contact);
    keepReady(room);
  };
  const w: Waiting = {
    contact, call, leg, queue: who.queue, language: who.language, noticeGiven: who.noticeGiven, listening: true, saying: 0, with: undefined, release,
    music: voice.config().queues.find((q) => q.name === who.queue)?.music ?? voice.music,
    done(end) {
      release();
      resolve(end);
    },
  };
  const deaf = leg.onKey((key) => {
    if (w.listening) acd().pressed(contact, key);
  });
  waiting.set(contact, w);
  call.over.addEventListener('abort', gone, { once: true });
  const hush = announcer(room, w, who.waitedMs);
  return w;
}
