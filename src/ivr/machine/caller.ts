import type { DialEnd, QueueEnd } from '../ports.js';
import type { Language } from '../../speech/tts/index.js';
import { flow, startOf } from './machine.js';
import type { Plan, Step, StepDo } from './plan.js';
import type { FlowEffect, FlowEvent, FlowState } from './types.js';

export type WrittenStep = StepDo & { readonly onError?: string };

export const planOf = (flows: Readonly<Record<string, readonly WrittenStep[]>>): Plan => ({
  file: 'test.yaml',
  flows: new Map(Object.entries(flows).map(([name, steps]) => [name, steps.map((s): Step => ({ onError: undefined, ...s }))])),
});

export interface Caller {
  /** Hears what plays to its end, or to where it breaks off. */
  hears(): Caller;
  cannotHear(): Caller;
  presses(keys: string): Caller;
  staysSilent(): Caller;
  queueEnds(how?: QueueEnd): Caller;
  dialEnds(how?: DialEnd): Caller;
  hangsUp(): Caller;
  /** An answer to something that is over: it must change nothing. */
  late(event: (id: number) => FlowEvent): Caller;
  /** What happened since this was last asked. */
  story(): string[];
  state(): FlowState;
  effects(): readonly FlowEffect[];
}

/** A caller in a flow whose clock and prompts are at the test's command. For tests and, later, the simulator. */
export function caller(plan: Plan, entry = 'main', language?: Language): Caller {
  let s = startOf(plan, entry, language);
  const all: FlowEffect[] = [];
  let told = 0;
  const post = (event: FlowEvent): Caller => {
    const [next, effects] = flow(s, event);
    s = next;
    all.push(...effects);
    return self;
  };
  const id = (): number => ('id' in s.waiting ? s.waiting.id : 0);
  const self: Caller = {
    hears: () => post({ type: 'play.ended', id: id(), how: 'ended' }),
    cannotHear: () => post({ type: 'play.ended', id: id(), how: 'failed' }),
    presses: (keys) => {
      for (const key of keys) post({ type: 'key.pressed', key });
      return self;
    },
    staysSilent: () => post({ type: 'time.passed', id: id() }),
    queueEnds: (how = 'completed') => post({ type: 'queue.ended', id: id(), how }),
    dialEnds: (how = 'completed') => post({ type: 'dial.ended', id: id(), how }),
    hangsUp: () => post({ type: 'caller.gone' }),
    late: (event) => post(event(id() - 1)),
    story: () => {
      const fresh = all.slice(told);
      told = all.length;
      return fresh.flatMap(words);
    },
    state: () => s,
    effects: () => all,
  };
  return post({ type: 'started' });
}

function words(f: FlowEffect): string[] {
  switch (f.do) {
    case 'play': return f.prompts.map((p) => `${p.lang}: ${p.text}`);
    case 'stop_playing': return ['hush'];
    case 'arm': return [`wait ${f.afterMs}`];
    case 'queue': return [`queue ${f.to.name} ${f.to.language ?? 'any'}`];
    case 'dial': return [`dial ${'extension' in f.to ? f.to.extension : f.to.number}`];
    case 'finish': return [`finish ${f.how}`];
    case 'publish': return f.fact.type === 'flow_failed' ? [`failed ${f.fact.data.why}`] : [];
  }
}
