import type { Step } from '../../machine/index.js';
import type { DialplanFault } from '../faults.js';
import type { DialplanFile, PlacedStep } from '../file.js';
import { each, type Slices } from '../slices.js';
import { exits } from './exits.js';
import { errorIn, warningIn, type Known } from './placed.js';

/** Flows nobody can come to, and flows nobody can leave. */
export function* deadFlows(file: DialplanFile, { queueFlows = {} }: Known): Slices<DialplanFault[]> {
  const { placed, plan } = file;
  const reached = new Set<string>();
  const toVisit = [...file.entries.map((e) => e.flow), ...(plan.person === undefined ? [] : [plan.person])];
  for (let flow = toVisit.pop(); flow !== undefined; flow = toVisit.pop()) {
    if (reached.has(flow)) continue;
    reached.add(flow);
    yield;
    for (const placedStep of placed.get(flow) ?? []) {
      for (const [to] of exits(file, placedStep)) toVisit.push(to);
      const { step } = placedStep;
      if (step.do === 'queue') toVisit.push(...step.names.flatMap((name) => queueFlows[name] ?? []));
    }
  }
  const ending = yield* flowsThatEnd(file);
  return yield* each(placed.keys(), (flow) => {
    if (!reached.has(flow))
      return [warningIn(file)(['flows', flow], 'dialplan.unreachable_flow', `nothing leads to flow "${flow}"`, 'remove it, or lead an entry, a key or a goto to it', true)];
    if (ending.has(flow)) return [];
    return [errorIn(file)(['flows', flow], 'dialplan.endless_loop', `flow "${flow}" never ends`, 'lead one way out of it to a queue, dial or hang_up', true)];
  });
}

function* flowsThatEnd({ placed }: DialplanFile): Slices<Set<string>> {
  const ending = new Set<string>();
  for (let before = -1; before !== ending.size; ) {
    before = ending.size;
    for (const [flow, steps] of placed) {
      if (ends(steps, ending)) ending.add(flow);
      yield;
    }
  }
  return ending;
}

function ends(steps: readonly PlacedStep[], ending: ReadonlySet<string>): boolean {
  for (const { step } of steps) {
    const end = endOf(step, (flow) => ending.has(flow));
    if (end !== undefined) return end;
  }
  return true; // past the last step the call is hung up, or the sub-flow returns
}

/** Whether some way from this step on comes to an end; `undefined`: the next step decides. */
function endOf(step: Step, ending: (flow: string) => boolean): boolean | undefined {
  switch (step.do) {
    case 'queue': case 'dial': case 'hang_up': return true;
    case 'transfer': return 'flow' in step.to ? ending(step.to.flow) : true;
    case 'goto': return ending(step.flow);
    case 'call': return ending(step.flow) ? undefined : false;
    case 'ask': return someEnd([...Object.values(step.keys), ...Object.values(step.intents).map((way) => way.flow)], step.otherwise, ending);
    case 'branch': return someEnd(step.cases.map((one) => one.flow), step.otherwise, ending);
    case 'collect': case 'http': case 'ticket': case 'message': return step.otherwise !== undefined && ending(step.otherwise) ? true : undefined;
    case 'hours': {
      const ways = [step.open, step.closed, step.holiday].filter((flow) => flow !== undefined);
      return ways.some(ending) ? true : leaves(step) ? false : undefined;
    }
    default: return undefined;
  }
}

function someEnd(ways: readonly string[], otherwise: string | undefined, ending: (flow: string) => boolean): boolean | undefined {
  if (ways.some(ending)) return true;
  return otherwise === undefined ? undefined : ending(otherwise);
}

/** The step behind it is never done. */
function leaves(step: Step): boolean {
  switch (step.do) {
    case 'goto': case 'hang_up': return true;
    case 'ask': case 'branch': return step.otherwise !== undefined;
    case 'hours': return step.open !== undefined && step.closed !== undefined;
    case 'transfer': return 'flow' in step.to;
    default: return false;
  }
}

export function deadSteps(file: DialplanFile): Slices<DialplanFault[]> {
  return each(file.placed.values(), (steps) => {
    const last = steps.findIndex(({ step }) => leaves(step));
    const dead = last < 0 ? undefined : steps[last + 1];
    if (!dead) return [];
    return [warningIn(file)(dead.path, 'dialplan.unreachable_step', 'this step is never reached: the one before always leaves the flow', 'remove it, or move it up', true)];
  });
}
