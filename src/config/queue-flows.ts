import type { QueueConfig } from './queues.js';
import type { Target } from './targets.js';

/** Everywhere a queue may send or lend a contact. */
const targetsOf = (q: QueueConfig): Target[] => [
  ...Object.values<Target | undefined>(q.on), ...Object.values(q.exits),
  ...q.escalate.flatMap((step) => [step.move, ...step.also.map((queue): Target => ({ to: 'queue', queue }))]),
].filter((target) => target !== undefined);

/**
 * The flows to which each queue may send a caller, itself or by way of the queues it hands him to. The dialplan he came from must
 * have them.
 */
export function queueFlows(queues: readonly QueueConfig[]): Readonly<Record<string, readonly string[]>> {
  const byName = new Map(queues.map((q) => [q.name, targetsOf(q)]));
  return Object.fromEntries(queues.map(({ name }) => {
    const seen = new Set<string>();
    const flows = new Set<string>();
    const todo = [name];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      for (const target of byName.get(at) ?? []) {
        if (target.to === 'flow') flows.add(target.flow);
        if (target.to === 'queue') todo.push(target.queue);
      }
    }
    return [name, [...flows]];
  }));
}
