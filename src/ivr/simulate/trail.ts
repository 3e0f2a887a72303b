import { waysOf } from '../draw/ways.js';
import type { FlowEffect, FlowState, Plan, Step } from '../machine/index.js';
import type { Visit } from './types.js';

interface At {
  readonly flow: string;
  readonly index: number;
  /** The step there was begun before. */
  readonly begun: boolean;
}
/** What a flow publishes, as far as it tells where the call is; `step` counts from 1. */
export interface TraceFact {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The steps that a turn of the flow has begun, worked out from where it began and ended and the flows it entered. Where two steps of one
 * flow lead to the same other flow without anything being waited for between them, the first is taken.
 */
export function visitsOf(before: FlowState, after: FlowState, effects: readonly FlowEffect[]): readonly Visit[] {
  const start: At | undefined = before.waiting.for === 'start' ? undefined : { flow: before.flow, index: before.index, begun: true };
  const walk = createWalk(after.plan, start, before.frames);
  for (const effect of effects) if (effect.do === 'publish') walk.tell(effect.fact);
  return walk.upTo(after.flow, after.index);
}

/** The steps a call has come to, from what it published. In its last flow: up to where it must have waited. */
export function traceOf(plan: Plan, facts: readonly TraceFact[]): readonly Visit[] {
  const walk = createWalk(plan, undefined, []);
  for (const fact of facts) walk.tell({ ...fact, type: fact.type.slice(fact.type.indexOf('.') + 1) });
  return walk.upToWaiting();
}

interface Frame {
  readonly flow: string;
  readonly index: number;
}

function createWalk(plan: Plan, start: At | undefined, frames: readonly Frame[]) {
  const visits: Visit[] = [];
  let at = start;
  let stack = frames;
  let failedAt: number | undefined;
  const stepsOf = (flow: string): readonly Step[] => plan.flows.get(flow) ?? [];
  const mark = ({ flow, index, begun }: At, last: number): void => {
    const end = Math.min(last, stepsOf(flow).length - 1);
    for (let i = begun ? index + 1 : index; i <= end; i += 1) visits.push({ flow, index: i });
  };
  /** The sub-flow is over: on behind its `call`. */
  const comeBack = (from: At): At | undefined => {
    mark(from, Infinity);
    const frame = stack.at(-1);
    stack = stack.slice(0, -1);
    return frame && { flow: frame.flow, index: frame.index + 1, begun: false };
  };
  const entered = (target: string): void => {
    while (at) {
      const leaver: number | undefined = failedAt ?? leaving(plan, at, target);
      if (leaver === undefined && stack.length > 0) {
        at = comeBack(at);
        continue;
      }
      mark(at, leaver ?? at.index);
      const step = stepsOf(at.flow)[leaver ?? at.index];
      if (step?.do === 'call' && step.flow === target && failedAt === undefined) stack = [...stack, { flow: at.flow, index: leaver ?? at.index }];
      break;
    }
    failedAt = undefined;
    at = { flow: target, index: 0, begun: false };
  };
  return {
    tell({ type, data }: TraceFact): void {
      if (type === 'person_wanted') stack = [];
      if (type === 'flow_entered' && typeof data['flow'] === 'string') entered(data['flow']);
      if (type === 'flow_failed' && typeof data['step'] === 'number') failedAt = data['step'] - 1;
    },
    upTo(flow: string, index: number): readonly Visit[] {
      while (at && (at.flow !== flow || index < at.index) && stack.length > 0) at = comeBack(at);
      if (at?.flow === flow) mark(at, index);
      return visits;
    },
    upToWaiting(): readonly Visit[] {
      if (!at) return visits;
      const { flow, index } = at;
      const waits = stepsOf(flow).findIndex((step, i) => i >= index && WAITS.has(step.do));
      mark(at, failedAt ?? (waits < 0 ? Infinity : waits));
      return visits;
    },
  };
}

/** Steps that a call does not pass without an answer. */
const WAITS: ReadonlySet<Step['do']> = new Set(['ask', 'collect', 'language', 'survey', 'queue', 'dial', 'transfer', 'record', 'hang_up', 'goto', 'branch', 'hours']);

/** The first step from here on that leads there; the step that was waiting may lead to any flow, as a queue or a script says. */
function leaving(plan: Plan, { flow, index, begun }: At, target: string): number | undefined {
  const steps = plan.flows.get(flow) ?? [];
  const found = steps.findIndex((step, i) => i >= index && waysOf(step).some((way) => way.flow === target));
  if (found >= 0) return found;
  const step = steps[index];
  return begun && (step?.do === 'queue' || step?.do === 'script' || plan.person === target) ? index : undefined;
}
