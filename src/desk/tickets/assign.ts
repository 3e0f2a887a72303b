import type { Rows } from './rows.js';
import { asWorker, fits, type TicketSetup, type Traits } from './setup.js';

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
  const leastOf = (names: readonly string[]): string | null => {
    const sorted = [...names].sort();
    const loads = rows.loads(sorted);
    const least = Math.min(...loads.values());
    return sorted.find((one) => loads.get(one) === least) ?? null;
  };
  if (typeof rule.to === 'object') return { team, assignee: 'agent' in rule.to ? rule.to.agent : asWorker(rule.to.worker), queue: null };
  switch (rule.to) {
    case 'load': return { team, assignee: leastOf(setup.teams.find((t) => t.name === team)?.members ?? []), queue: null };
    case 'worker': {
      const assignee = leastOf(setup.workers.filter(({ places }) => traits.place !== null && places.includes(traits.place)).map(({ name }) => asWorker(name)));
      return { team, assignee, queue: assignee === null ? (rule.queue ?? null) : null };
    }
    case 'team': return { team, assignee: null, queue: rule.queue ?? null };
  }
}
