import type { AgentId } from '../../acd/index.js';
import type { Ms } from '../../base/index.js';
import type { Events } from '../../events/index.js';
import type { Store } from '../../store/index.js';
import type { Reachability } from './reachability.js';

export interface Desktop {
  readonly agent: AgentId;
  readonly present: boolean;
  /** ms since 1970; null while a socket holds it, and when it is gone. */
  readonly until: number | null;
}
/** Agents' browsers: there while a socket is open or a lease runs. A browser that dies is gone when its lease is. */
export interface Desktops {
  renew(agent: AgentId, ttlMs: Ms): Desktop;
  /** For as long as a socket is open; answers how to let go. The browser has some seconds to come back. */
  hold(agent: AgentId): () => void;
  leave(agent: AgentId): Desktop;
  view(agent: AgentId): Desktop;
  /** Leases of the last run that still last, and what follows from them. */
  resume(): void;
  onChange(fn: (desktop: Desktop) => void): void;
  close(): void;
}
export interface DesktopsOptions {
  readonly store: Store;
  readonly events: Events;
  readonly reachability: Reachability;
  readonly now?: () => number;
  /** How long a closed socket may stay away before its agent is. */
  readonly graceMs?: Ms;
}

export function createDesktops({ store, events, reachability, now = Date.now, graceMs = 10_000 }: DesktopsOptions): Desktops {
  const until = new Map<AgentId, number>();
  const sockets = new Map<AgentId, number>();
  const timers = new Map<AgentId, NodeJS.Timeout>();
  const known = new Set<AgentId>();
  let closed = false;
  const listeners = new Set<(desktop: Desktop) => void>();
  const { db } = store;
  const present = (agent: AgentId): boolean => (sockets.get(agent) ?? 0) > 0 || (until.get(agent) ?? 0) > now();
  const view = (agent: AgentId): Desktop => ({ agent, present: present(agent), until: present(agent) && !sockets.get(agent) ? (until.get(agent) ?? null) : null });
  const keep = (agent: AgentId, at: number): void => {
    until.set(agent, at);
    store.change(db.insertInto('agent_desktops').values({ agent, until: at }).onConflict((c) => c.column('agent').doUpdateSet({ until: at })));
  };
  const settle = (agent: AgentId, why: 'renewed' | 'left' | 'expired'): Desktop => {
    const yes = present(agent);
    clearTimeout(timers.get(agent));
    timers.delete(agent);
    if (yes && !sockets.get(agent)) timers.set(agent, setTimeout(() => settle(agent, 'expired'), Math.max(1, (until.get(agent) ?? 0) - now() + 1)).unref());
    if (yes !== known.has(agent)) {
      if (yes) known.add(agent);
      else known.delete(agent);
      events.publish('agent.desktop_changed', `agent:${agent}`, { agent, present: yes, why });
      reachability.desktop(agent, yes);
      for (const fn of listeners) fn(view(agent));
    }
    return view(agent);
  };
  return {
    view,
    renew(agent, ttlMs) {
      keep(agent, now() + ttlMs);
      return settle(agent, 'renewed');
    },
    hold(agent) {
      sockets.set(agent, (sockets.get(agent) ?? 0) + 1);
      settle(agent, 'renewed');
      let held = true;
      return () => {
        if (!held || closed) return;
        held = false;
        const left = (sockets.get(agent) ?? 1) - 1;
        if (left > 0) return void sockets.set(agent, left);
        sockets.delete(agent);
        keep(agent, Math.max(until.get(agent) ?? 0, now() + graceMs));
        settle(agent, 'expired');
      };
    },
    leave(agent) {
      sockets.delete(agent);
      keep(agent, 0);
      return settle(agent, 'left');
    },
    resume() {
      store.change(db.deleteFrom('agent_desktops').where('until', '<=', now()));
      for (const row of store.run(db.selectFrom('agent_desktops').selectAll())) {
        until.set(row.agent as AgentId, row.until);
        settle(row.agent as AgentId, 'renewed');
      }
    },
    onChange: (fn) => void listeners.add(fn),
    close() {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
