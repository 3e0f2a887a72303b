import type { Rows } from './rows.js';
import { fits, type TicketSetup, type Traits } from './setup.js';

export interface Assigned {
  readonly team: string | null;
  readonly assignee: string | null;
  /** Where it waits for an agent. */
  readonly queue: string | null;
}

/** Who gets a ticket that names nobody: the first rule that fits decides. Of members with the same load the first by name, so that shares differ by one at most. */
export function assign(setup: TicketSetup, rows: Pick<Rows, 'loads'>, traits: Traits): Assigned {
  const rule = setup.assignment.find((r) => fits(r.when, traits));
  if (!rule) return { team: traits.team, assignee: null, queue: null };
  const team = traits.team ?? rule.team ?? null;
  if (typeof rule.to === 'object') return { team, assignee: rule.to.agent, queue: null };
  if (rule.to === 'load') {
    const members = [...(setup.teams.find((t) => t.name === team)?.members ?? [])].sort();
    const loads = rows.loads(members);
    const least = Math.min(...loads.values());
    return { team, assignee: members.find((m) => loads.get(m) === least) ?? null, queue: null };
  }
  return { team, assignee: null, queue: rule.queue ?? null };
}
