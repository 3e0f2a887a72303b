import type { Conversation } from '../../desk/conversations/index.js';
import type { ChatDeps, Place } from './ports.js';

const AFTER_MS = 500;
/** Looked at between two looks at the event loop. */
const BATCH = 50;
const MOVES = ['conversation.queued', 'conversation.left_queue', 'conversation.returned_to_queue', 'call.queued', 'call.left_queue', 'call.returned_to_queue'] as const;

/** Tells those who wait where they stand: soon after anything in a queue has moved, and only what is new to them. */
export function createPlaces({ events, queue, conversations, log }: Pick<ChatDeps, 'events' | 'queue' | 'conversations' | 'log'>, tell: (conversation: string, place: Place) => void) {
  const waiting = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const told = (id: string, place: Place): void => {
    const words = JSON.stringify(place);
    if (waiting.get(id) === words) return;
    waiting.set(id, words);
    tell(id, place);
  };
  const lookAtSome = (ids: readonly string[]): void => {
    for (const id of ids) {
      const conversation = waiting.has(id) ? conversations.find(id) : undefined;
      const place = conversation && queue.place(conversation);
      if (place) told(id, place);
    }
  };
  const look = (ids: readonly string[]): void => {
    timer = undefined;
    if (closed) return;
    try {
      lookAtSome(ids.slice(0, BATCH));
    } catch (error) {
      return log.error({ err: error }, 'those who wait could not be told their places');
    }
    if (ids.length > BATCH) timer = setTimeout(() => look(ids.slice(BATCH)), 0).unref();
  };
  const moved = (): void => {
    if (timer || waiting.size === 0 || closed) return;
    timer = setTimeout(() => look([...waiting.keys()]), AFTER_MS).unref();
  };
  const leave = events.subscribe([...MOVES], moved);
  queue.onPlace((id, place) => {
    if (waiting.has(id)) told(id, place);
  });
  return {
    /** Somebody follows it: he is told at once, and from now on while it waits. */
    watch(conversation: Conversation): void {
      if (conversation.state !== 'queued') return void waiting.delete(conversation.id);
      if (waiting.has(conversation.id)) return;
      waiting.set(conversation.id, '');
      moved();
    },
    /** Nobody follows it any more. */
    forget: (id: string): void => void waiting.delete(id),
    /** He has just come back and knows nothing. */
    again(conversation: Conversation): void {
      if (waiting.has(conversation.id)) waiting.set(conversation.id, '');
      moved();
    },
    close(): void {
      closed = true;
      clearTimeout(timer);
      leave();
    },
  };
}
