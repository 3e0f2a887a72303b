import type { Conversation, Conversations } from '../../desk/conversations/index.js';
import { appPartyIn } from './app-party.js';
import type { ChatDeps } from './ports.js';

export interface IdleOptions extends Pick<ChatDeps, 'config' | 'log' | 'now'> {
  readonly conversations: Pick<Conversations, 'find' | 'live' | 'followAll' | 'lastSaid'>;
  /** A browser of his follows it as well: the socket tells. */
  readonly attended: (id: string) => boolean;
  readonly end: (id: string) => void;
}

/** Ends what apps carry once the house has spoken last and its customer has been silent for so long. Who waits for an answer waits for as long as it takes. */
export function createIdle({ conversations, config, attended, end, log, now }: IdleOptions): { close(): void } {
  const carried = new Set<string>();
  const timers = new Map<string, NodeJS.Timeout>();
  const stop = (id: string): void => {
    clearTimeout(timers.get(id));
    timers.delete(id);
  };
  const arm = (id: string, spoke: number): void => {
    stop(id);
    const { idleMs } = config().app;
    if (idleMs > 0) timers.set(id, setTimeout(() => ring(id), Math.max(1, spoke + idleMs - now())).unref());
  };
  const watch = (conversation: Conversation): void => {
    const { id, state } = conversation;
    stop(id);
    if (state === 'ended' || appPartyIn(conversation) === undefined) return void carried.delete(id);
    carried.add(id);
    if (state !== 'talking') return;
    const last = conversations.lastSaid(id, 'anybody');
    if (last && !last.by.startsWith('visitor:')) arm(id, last.at);
  };
  const ring = (id: string): void => {
    timers.delete(id);
    try {
      if (attended(id)) arm(id, now());
      else if (conversations.find(id)?.state === 'talking') end(id);
    } catch (error) {
      log.error({ err: error, conversation: id }, 'a conversation of an app whose customer is silent could not be ended');
    }
  };
  for (const one of conversations.live()) watch(one);
  const unfollow = conversations.followAll((live) => {
    if (live.is === 'changed') watch(live.conversation);
    if (live.is !== 'message' || !carried.has(live.message.conversation) || live.message.kind === 'event' || live.message.visibility !== 'public') return;
    const { conversation, by, at } = live.message;
    if (by.startsWith('visitor:')) stop(conversation);
    else arm(conversation, at);
  });
  return {
    close() {
      unfollow();
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
