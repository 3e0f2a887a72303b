import type { Step } from '../machine/index.js';

/** A way from a step to a flow. `comes_back`: on behind the step when that flow is over. */
export interface Way {
  readonly flow: string;
  /** What must happen: a key, a wish, a condition. */
  readonly by: WayBy;
  readonly comesBack: boolean;
}
export type WayBy =
  | { readonly on: 'key'; readonly key: string }
  | { readonly on: 'intent'; readonly intent: string }
  | { readonly on: 'when'; readonly expression: string }
  | { readonly on: 'open' | 'closed' | 'holiday' | 'otherwise' | 'no_answer' | 'none' | 'goto' | 'call' | 'error' };

/** Every way that is written in a step. Where a queue or a script sends callers is written elsewhere. */
export function waysOf(step: Step): readonly Way[] {
  const ways = namedWays(step);
  return step.onError === undefined ? ways : [...ways, to(step.onError, { on: 'error' })];
}

const to = (flow: string, by: WayBy, comesBack = false): Way => ({ flow, by, comesBack });
const maybe = (flow: string | undefined, by: WayBy): Way[] => (flow === undefined ? [] : [to(flow, by)]);

function namedWays(step: Step): Way[] {
  switch (step.do) {
    case 'ask': return [
      ...Object.entries(step.keys).map(([key, flow]) => to(flow, { on: 'key', key })),
      ...Object.entries(step.intents).map(([intent, { flow }]) => to(flow, { on: 'intent', intent })),
      ...maybe(step.otherwise, { on: 'otherwise' }),
    ];
    case 'branch': return [...step.cases.map(({ when, flow }) => to(flow, { on: 'when', expression: when.text })), ...maybe(step.otherwise, { on: 'otherwise' })];
    case 'hours': return [...maybe(step.open, { on: 'open' }), ...maybe(step.closed, { on: 'closed' }), ...maybe(step.holiday, { on: 'holiday' })];
    case 'http': return maybe(step.otherwise, { on: 'no_answer' });
    case 'ticket': case 'message': return maybe(step.otherwise, { on: 'none' });
    case 'collect': return maybe(step.otherwise, { on: 'otherwise' });
    case 'goto': return [to(step.flow, { on: 'goto' })];
    case 'call': return [to(step.flow, { on: 'call' }, true)];
    case 'transfer': return 'flow' in step.to ? [to(step.to.flow, { on: 'goto' })] : [];
    default: return [];
  }
}
