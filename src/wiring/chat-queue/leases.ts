import type { Ms } from '../../base/index.js';
import type { Conversation } from '../../desk/conversations/index.js';

export interface ReplyLeases {
  /** It has changed: its clock is set or stopped. */
  watch(conversation: Conversation): void;
  size(): number;
  close(): void;
}
export interface ReplyLeasesOptions {
  readonly firstReplyMs: () => Ms;
  readonly now: () => number;
  readonly expired: (id: string) => void;
  readonly log: { error(fields: object, message: string): void };
}

/** An agent who takes a chat and says nothing has it for so long only. */
export function createReplyLeases({ firstReplyMs, now, expired, log }: ReplyLeasesOptions): ReplyLeases {
  const timers = new Map<string, { readonly since: number; readonly timer: NodeJS.Timeout }>();
  const stop = (id: string): void => {
    clearTimeout(timers.get(id)?.timer);
    timers.delete(id);
  };
  const ring = (id: string): void => {
    timers.delete(id);
    try {
      expired(id);
    } catch (error) {
      log.error({ err: error, conversation: id }, 'a chat without an answer could not be given to somebody else');
    }
  };
  return {
    watch({ id, state, replied, assignedAt }) {
      const ms = firstReplyMs();
      if (state !== 'talking' || replied || assignedAt === null || ms === 0) return stop(id);
      if (timers.get(id)?.since === assignedAt) return;
      stop(id);
      timers.set(id, { since: assignedAt, timer: setTimeout(() => ring(id), Math.max(1, assignedAt + ms - now())).unref() });
    },
    size: () => timers.size,
    close() {
      for (const { timer } of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
