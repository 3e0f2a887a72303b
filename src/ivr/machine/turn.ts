import type { Ms } from '../../base/index.js';
import type { Played } from '../ports.js';
import { spoken } from './phrases.js';
import type { Prompt, Step } from './plan.js';
import { scopeOf } from './scope.js';
import { isTemplate } from './template.js';
import type { FlowEffect, FlowState, PersonBy, Waiting } from './types.js';

/** Where the flow goes after a step has had its say. The steps do not know each other: `machine.ts` follows these. */
export type Then =
  /** `give_up`: the call ends as failed. */
  | { readonly go: 'stay' | 'next' | 'finish' | 'give_up' }
  | { readonly go: 'enter'; readonly flow: string }
  | { readonly go: 'person'; readonly by: PersonBy }
  | { readonly go: 'fail'; readonly why: string };

export interface Turn {
  readonly s: FlowState;
  readonly effects: readonly FlowEffect[];
  readonly then: Then;
}

export const stay = (s: FlowState, ...effects: readonly FlowEffect[]): Turn => ({ s, effects, then: { go: 'stay' } });
export const next = (s: FlowState, ...effects: readonly FlowEffect[]): Turn => ({ s, effects, then: { go: 'next' } });
export const enter = (s: FlowState, flow: string, ...effects: readonly FlowEffect[]): Turn => ({ s, effects, then: { go: 'enter', flow } });
export const fail = (s: FlowState, why: string): Turn => ({ s, effects: [], then: { go: 'fail', why } });
export const finish = (s: FlowState, ...effects: readonly FlowEffect[]): Turn => ({ s, effects, then: { go: 'finish' } });
export const toPerson = (s: FlowState, by: PersonBy, ...effects: readonly FlowEffect[]): Turn => ({ s, effects, then: { go: 'person', by } });
/** Where there is one, else on. */
export const goWhere = (s: FlowState, flow: string | undefined, ...effects: readonly FlowEffect[]): Turn => (flow === undefined ? next(s, ...effects) : enter(s, flow, ...effects));
export const also = (first: readonly FlowEffect[], { s, effects, then }: Turn): Turn => ({ s, effects: [...first, ...effects], then });

export const stepOf = (s: FlowState): Step | undefined => s.plan.flows.get(s.flow)?.[s.index];

/** What begins here is waited for; `waiting` and the effect get its ID. */
export function begin(s: FlowState, waiting: (id: number) => Waiting, ...effects: readonly ((id: number) => FlowEffect)[]): Turn {
  const id = s.serial + 1;
  return stay({ ...s, serial: id, waiting: waiting(id), steps: { ...s.steps, sinceWait: 0 } }, ...effects.map((effect) => effect(id)));
}

export const arm = (afterMs: Ms) => (id: number): FlowEffect => ({ do: 'arm', id, afterMs });

export const broken = (s: FlowState, why: string): FlowEffect => ({ do: 'publish', fact: { type: 'flow_failed', data: { flow: s.flow, step: s.index + 1, why } } });

/** Says these one after another, in the caller's language or in all. A value that cannot be worked out is left out, and told. */
export function say(s: FlowState, prompts: readonly Prompt[], waiting: (id: number) => Waiting): Turn {
  const scope = prompts.some((prompt) => Object.values(prompt).some(isTemplate)) ? scopeOf(s) : {};
  const said = prompts.map((prompt) => spoken(prompt, s.language, scope));
  const failed = said.find((one) => one.failed !== undefined)?.failed;
  const turn = sound(s, said.flatMap((one) => one.value), waiting);
  return failed === undefined ? turn : also([broken(s, `text: ${failed}`)], turn);
}

export const sound = (s: FlowState, prompts: readonly Played[], waiting: (id: number) => Waiting): Turn => begin(s, waiting, (id) => ({ do: 'play', id, prompts }));
