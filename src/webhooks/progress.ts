import type { Events, Fact } from '../events/index.js';
import type { Store } from '../store/index.js';
import { tell, type Webhook } from './book.js';
import type { Outcome, Verdict } from './retry.js';

/** A stretch of the log to be sent: all that comes, or a range once more. */
export interface Job {
  /** Undefined: the endpoint's own way through the log. */
  readonly replay: number | undefined;
  readonly cursor: number;
  readonly until: number;
  readonly attempts: number;
  readonly nextAt: number;
}

/** How far each endpoint is, on disk before anything else is sent. */
export function createProgress(store: Store, events: Events, now: () => number) {
  const { db } = store;
  const hook = (id: string) => db.updateTable('webhooks').where('id', '=', id);
  /** Moves past an event, or to its next attempt. */
  const move = (id: string, job: Job, to: { cursor?: number; attempts: number; next_at: number }): void => {
    if (job.replay === undefined) store.change(hook(id).set(to));
    else if (to.cursor !== undefined && to.cursor >= job.until) store.change(db.deleteFrom('webhook_replays').where('id', '=', job.replay));
    else store.change(db.updateTable('webhook_replays').set(to).where('id', '=', job.replay));
  };
  return {
    jobs(webhook: Webhook): Job[] {
      const replays = store.run(db.selectFrom('webhook_replays').selectAll().where('webhook', '=', webhook.id).orderBy('id').limit(1));
      const own: Job = { replay: undefined, cursor: webhook.cursor, until: Infinity, attempts: webhook.attempts, nextAt: webhook.nextAt };
      return [...replays.map((r) => ({ replay: r.id, cursor: r.cursor, until: r.until_seq, attempts: r.attempts, nextAt: r.next_at })), own];
    },
    /** Nothing up to there is for this endpoint. */
    skip: (id: string, job: Job, cursor: number) => move(id, job, { cursor, attempts: 0, next_at: 0 }),
    done(webhook: Webhook, job: Job, fact: Fact, outcome: Outcome, verdict: Verdict): void {
      const { id } = webhook;
      const at = Math.round(now());
      const attempts = job.attempts + 1;
      const said = { last_status: outcome.status, last_error: outcome.ok ? null : outcome.error };
      const past = { cursor: fact.seq, attempts: 0, next_at: 0 };
      switch (verdict.do) {
        case 'go_on':
          return store.transaction(() => {
            move(id, job, past);
            store.change(hook(id).set({ ...said, failing_since: null, delivered_at: at }));
            store.change(db.deleteFrom('webhook_dead_letters').where('webhook', '=', id).where('seq', '=', fact.seq));
          });
        case 'retry':
          return store.transaction(() => {
            move(id, job, { attempts, next_at: verdict.at });
            store.change(hook(id).set({ ...said, failing_since: webhook.failingSince ?? at }));
          });
        case 'give_up': {
          const why = outcome.ok ? '' : outcome.error;
          const letter = { webhook: id, seq: fact.seq, event: fact.id, type: fact.type, at, attempts, status: outcome.status, error: why };
          return tell(events, [{ type: 'webhook.dead_lettered', subject: `webhook:${id}`, data: { webhook: id, event_seq: fact.seq, attempts, why } }], () => {
            move(id, job, past);
            store.change(hook(id).set({ ...said, failing_since: webhook.failingSince ?? at }));
            store.change(db.insertInto('webhook_dead_letters').values(letter).onConflict((c) => c.columns(['webhook', 'seq']).doUpdateSet(letter)));
          });
        }
        case 'disable':
          return tell(events, [{ type: 'webhook.disabled', subject: `webhook:${id}`, data: { webhook: id, why: verdict.why } }], () =>
            void store.change(hook(id).set({ ...said, enabled: 0, disabled_why: verdict.why, version: webhook.version + 1, attempts: 0, next_at: 0 })));
      }
    },
  };
}
export type Progress = ReturnType<typeof createProgress>;
