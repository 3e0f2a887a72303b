import type { AcdEvent, AcdSetup, Recollection, State } from './engine/index.js';
import type { Memo } from './memo.js';

/** More single changes than this are told at once. */
const FEW = 20;

/**
 * What to tell the engine so that it has these settings: nothing where it has them already, and single queues and agents where few
 * of them differ, so that the log of a large centre does not hold all its settings once for each click.
 */
export function changesTo(setup: AcdSetup, s: State, memo: Memo): readonly AcdEvent[] {
  const { queues, agents, ...rest } = s.setup;
  const { queues: newQueues, agents: newAgents, ...newRest } = setup;
  const changedQueues = differing(queues, newQueues);
  const changedAgents = differing(agents, newAgents);
  if (!changedQueues || !changedAgents || !same(rest, newRest) || changedQueues.length + changedAgents.length > FEW) {
    return [{ type: 'setup.changed', setup, remembered: remembered(setup, s, memo) }];
  }
  return [
    ...changedQueues.map((queue): AcdEvent => ({ type: 'queue.changed', queue })),
    ...changedAgents.map((agent): AcdEvent => ({ type: 'agent.changed', agent })),
  ];
}

/** Those that differ; undefined where some came, went, or changed places. */
function differing<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): T[] | undefined {
  if (before.length !== after.length || before.some((one, i) => one.id !== after[i]?.id)) return undefined;
  return after.filter((one, i) => !same(one, before[i]));
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** The order of keys says nothing: settings read from the log have another than settings read from a file. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, sorted(field)]));
}

/** What those chose who come new to these settings, and were there before. */
function remembered(setup: AcdSetup, s: State, memo: Memo): Recollection {
  const found: Record<string, Recollection[keyof Recollection]> = {};
  for (const { id } of setup.agents) {
    const chosen = s.agents.has(id) ? undefined : memo.chosen.get(id);
    if (chosen) found[id] = chosen;
  }
  return found;
}
