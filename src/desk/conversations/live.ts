import type { Live } from './types.js';

/** Who hears at once what happens in conversations: of one, or of all. */
export interface LiveHub {
  readonly follow: (conversation: string, hear: (live: Live) => void) => () => void;
  readonly followAll: (hear: (live: Live) => void) => () => void;
  readonly tell: (live: Live) => void;
}
export interface HubLog {
  error(fields: object, message: string): void;
}

/** A listener that throws is logged and keeps listening; it cannot break who told it. */
export function createHub(log: HubLog): LiveHub {
  const of = new Map<string, Set<(live: Live) => void>>();
  const all = new Set<(live: Live) => void>();
  const tell = (hear: (live: Live) => void, live: Live): void => {
    try {
      hear(live);
    } catch (error) {
      log.error({ err: error }, 'somebody who follows a conversation failed');
    }
  };
  return {
    follow(conversation, hear) {
      const some = of.get(conversation) ?? new Set();
      of.set(conversation, some.add(hear));
      return () => {
        some.delete(hear);
        if (some.size === 0 && of.get(conversation) === some) of.delete(conversation);
      };
    },
    followAll(hear) {
      all.add(hear);
      return () => void all.delete(hear);
    },
    tell(live) {
      const id = live.is === 'message' ? live.message.conversation : live.is === 'changed' ? live.conversation.id : live.conversation;
      for (const hear of [...(of.get(id) ?? []), ...all]) tell(hear, live);
    },
  };
}
