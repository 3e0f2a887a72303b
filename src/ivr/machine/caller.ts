import type { Language } from '../../speech/tts/index.js';
import type { HttpAnswer } from '../http/index.js';
import type { CallbackEnd, DeskEnd, DialEnd, Heard, QueueEnd, RecordEnd, ScriptEnd } from '../ports.js';
import { flow, startOf } from './machine.js';
import type { Ask, Collect, IntentWay, Plan, Step, StepDo, Variables } from './plan.js';
import type { FlowEffect, FlowEvent, FlowState, Meant } from './types.js';

type Some<T, Needed extends keyof T> = Pick<T, Needed> & { readonly [K in Exclude<keyof T, Needed>]?: T[K] | undefined };
/** A step as tests write it: a question needs little more than its prompt. */
export type WrittenStep = (Exclude<StepDo, { do: 'ask' | 'collect' }> | Some<Ask, 'do' | 'prompt' | 'keys'> | Some<Collect, 'do' | 'prompt' | 'into'>) & { readonly onError?: string };

const QUESTION = { help: [], bargeIn: 'all', tries: 2, timeoutMs: 5_000, otherwise: undefined } as const;
const ASK = { ...QUESTION, intents: {}, bands: { act: 0.8, confirm: 0.5 }, keysPrompt: undefined, words: [], endSilenceMs: 700 } as const;
const COLLECT = { ...QUESTION, least: 1, most: 32, terminator: '#', betweenMs: 3_000, speech: false, check: undefined, wrong: undefined, secret: false } as const;
const DEFAULTS: Readonly<Record<string, object>> = { ask: ASK, collect: COLLECT };

export const planOf = (flows: Readonly<Record<string, readonly WrittenStep[]>>, more: Partial<Plan> = {}): Plan => ({
  file: 'test.yaml',
  flows: new Map(Object.entries(flows).map(([name, steps]) => [name, steps.map((s): Step => ({ onError: undefined, ...DEFAULTS[s.do], ...s }) as Step)])),
  ...more,
});

/** A wish that leads to the flow of its own name unless told otherwise. */
export const ways = (...names: readonly string[]): Readonly<Record<string, IntentWay>> => Object.fromEntries(names.map((name) => [name, { flow: name, confirm: undefined, slots: {} }]));

export interface Caller {
  /** Hears what plays to its end, or to where it breaks off. */
  hears(): Caller;
  cannotHear(): Caller;
  presses(keys: string): Caller;
  staysSilent(): Caller;
  queueEnds(how?: QueueEnd): Caller;
  callbackEnds(how?: CallbackEnd): Caller;
  dialEnds(how?: DialEnd): Caller;
  /** Is heard to begin; then, whole, as this. */
  begins(): Caller;
  says(text: string): Caller;
  listened(what: Heard): Caller;
  isUnderstood(meant: Partial<Meant> | undefined): Caller;
  answers(answer: HttpAnswer): Caller;
  scriptEnds(how: ScriptEnd): Caller;
  deskEnds(how: DeskEnd): Caller;
  recordEnds(how: RecordEnd): Caller;
  hangsUp(): Caller;
  /** An answer to something that is over: it must change nothing. */
  late(event: (id: number) => FlowEvent): Caller;
  /** What happened since this was last asked. */
  story(): string[];
  state(): FlowState;
  effects(): readonly FlowEffect[];
}

/** A caller in a flow whose clock and prompts are at the test's command. For tests and, later, the simulator. */
export function caller(plan: Plan, entry = 'main', language?: Language, variables?: Variables, now = 0): Caller {
  let s = startOf(plan, entry, language, variables);
  const all: FlowEffect[] = [];
  let told = 0;
  const post = (event: FlowEvent): Caller => {
    const [next, effects] = flow(s, event, now);
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
    callbackEnds: (how = 'booked') => post({ type: 'callback.ended', id: id(), how }),
    dialEnds: (how = 'completed') => post({ type: 'dial.ended', id: id(), how }),
    begins: () => self.listened({ kind: 'speech_started' }),
    says: (text) => self.listened({ kind: 'final', text, confidence: 0.9, alternatives: [] }),
    listened: (what) => post({ type: 'heard', id: s.ears?.id ?? 0, what }),
    isUnderstood: (meant) => post({ type: 'understood', id: id(), meant: meant && { intents: [], outOfScope: 0, entities: [], ...meant } }),
    answers: (answer) => post({ type: 'http.ended', id: id(), answer }),
    scriptEnds: (how) => post({ type: 'script.ended', id: id(), how }),
    deskEnds: (how) => post({ type: 'desk.ended', id: id(), how }),
    recordEnds: (how) => post({ type: 'record.ended', id: id(), how }),
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
    case 'play': return f.prompts.map((p) => ('file' in p ? `file ${p.file}` : `${p.lang}: ${p.text}`));
    case 'stop_playing': return ['hush'];
    case 'listen': return [`listen ${f.to.words.length === 0 ? 'open' : f.to.words.join('|')}`];
    case 'stop_listening': return ['deaf'];
    case 'understand': return [`understand ${f.text}`];
    case 'arm': return [`wait ${f.afterMs}`];
    case 'http': return [`${f.request.method} ${f.request.url}`];
    case 'script': return [`script ${f.to.name}`];
    case 'desk': return [`${f.order.do} ${JSON.stringify(f.order)}`];
    case 'record': return [`record ${f.to.maxMs}`];
    case 'stop_recording': return ['stop recording'];
    case 'queue': return [`queue ${f.to.names.join('+')} ${f.to.language ?? 'any'}`];
    case 'callback': return [`callback ${f.to.queue} ${f.to.at?.time ?? 'in turn'}`];
    case 'dial': return [`dial ${target(f.to)}`];
    case 'transfer': return [`transfer ${target(f.to)}`];
    case 'finish': return [`finish ${f.how}`];
    case 'publish': return f.fact.type === 'flow_failed' ? [`failed ${f.fact.data.why}`] : f.fact.type === 'person_wanted' ? [`person by ${f.fact.data.by}`] : [];
  }
}

const target = (to: Extract<FlowEffect, { do: 'dial' }>['to']): string => ('extension' in to ? to.extension : `${to.number}${to.trunk === undefined ? '' : ` over ${to.trunk}`}`);
