import {
  agentForm, checkAcd, checkValue, mergePatch, pointer, queueForm, routingForm, type AcdForms, type AcdIssue, type AcdKnown, type AgentForm, type Checked, type QueueForm,
  type RoutingForm, type SetupForm, type ValueIssue,
} from '../../config/index.js';
import type { SettingsFault } from './errors.js';
import { once } from '../once.js';

/** A change of settings (RFC 7396): queues and agents by their names, set-ups by whether they are on (null: by date). */
export interface SettingsPatch {
  readonly queues?: Readonly<Record<string, unknown>>;
  readonly agents?: Readonly<Record<string, unknown>>;
  readonly setups?: Readonly<Record<string, boolean | null>>;
  readonly routing?: unknown;
}
type Named = Readonly<Record<string, object>>;
/** What files say with changes laid over it, not yet judged. What no change touched is the very object of before. */
export interface Document {
  readonly queues: Named;
  readonly agents: Named;
  readonly switched: Readonly<Record<string, boolean>>;
  readonly routing: unknown;
  readonly setups: readonly SetupForm[];
}

/** Settings that have been judged. */
export interface Reading {
  readonly document: Document;
  readonly forms: AcdForms;
  /** Set-ups that were switched by hand. */
  readonly switched: ReadonlyMap<string, boolean>;
  readonly faults: readonly SettingsFault[];
}

export const documentOf = (files: AcdForms): Document => ({
  queues: Object.fromEntries(files.queues.map((q) => [q.name, q])), agents: Object.fromEntries(files.agents.map((a) => [a.id, a])),
  switched: {}, routing: files.routing, setups: files.setups,
});

export const lay = (document: Document, patch: SettingsPatch): Document => ({
  queues: (patch.queues ? mergePatch(document.queues, patch.queues) : document.queues) as Named,
  agents: (patch.agents ? mergePatch(document.agents, patch.agents) : document.agents) as Named,
  switched: (patch.setups ? mergePatch(document.switched, patch.setups) : document.switched) as Readonly<Record<string, boolean>>,
  routing: patch.routing === undefined ? document.routing : mergePatch(document.routing, patch.routing),
  setups: document.setups,
});

type Issue = Pick<ValueIssue, 'path' | 'code' | 'message' | 'hint'>;

// One queue changes among hundreds: the others were judged before.
const checkQueue = once((value: object): Checked<QueueForm> => checkValue(value, queueForm));
const checkAgent = once((value: object): Checked<AgentForm> => checkValue(value, agentForm));
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

export function judge(document: Document, known: AcdKnown): Reading {
  const issues: Issue[] = [];
  const each = <T>(list: 'queues' | 'agents', id: 'name' | 'id', check: (value: object) => Checked<T>): T[] =>
    Object.entries(document[list]).flatMap(([name, value]) => {
      if (!isObject(value)) issues.push({ path: [list, name], code: 'config.wrong_type', message: `"${name}" must be of type object`, hint: undefined });
      if (!isObject(value) || !(id in value)) return []; // a change of something that the files no longer have
      if ((value as Record<string, unknown>)[id] !== name) issues.push({ path: [list, name, id], code: 'config.wrong_value', message: `"${id}" cannot be changed`, hint: 'make a new one and remove this one' });
      const checked = check(value);
      if (!checked.ok) issues.push(...checked.issues.map((issue) => ({ ...issue, path: [list, name, ...issue.path] })));
      return checked.ok ? [checked.value] : [];
    });
  const queues = each('queues', 'name', checkQueue);
  const agents = each('agents', 'id', checkAgent);
  const routing: Checked<RoutingForm> = checkValue(document.routing, routingForm);
  if (!routing.ok) issues.push(...routing.issues.map((issue) => ({ ...issue, path: ['routing', ...issue.path] })));
  const forms: AcdForms = { queues, agents, setups: document.setups, routing: routing.ok ? routing.value : { blending: {}, blocked: [], rank_seconds: 0 } };
  if (issues.length === 0) issues.push(...checkAcd(forms, known).filter((issue) => issue.severity === 'error').map((issue) => named(forms, issue)));
  return {
    document, forms, switched: new Map(Object.entries(document.switched)),
    faults: issues.map(({ path, code, message, hint }) => ({ pointer: pointer(path), code, message, hint })),
  };
}

/** Issues count places in lists; whoever sent a change knows names. */
function named(forms: AcdForms, issue: AcdIssue): Issue {
  const [list, index, ...rest] = issue.path;
  const at = Number(index);
  if (list === 'queues') return { ...issue, path: ['queues', forms.queues[at]?.name ?? at, ...rest] };
  if (list === 'agents') return { ...issue, path: ['agents', forms.agents[at]?.id ?? at, ...rest] };
  if (list === 'setups') return { ...issue, path: ['setups', forms.setups[at]?.name ?? at, ...rest] };
  return { ...issue, path: ['routing', ...issue.path] };
}

/** Lays a set-up over queues and agents. Undefined where the outcome would be wrong. */
export function layOver(forms: AcdForms, setup: SetupForm): AcdForms | undefined {
  const queues = forms.queues.map((queue) => overlaid(queue, setup.queues[queue.name], (value) => checkValue(value, queueForm)));
  const agents = forms.agents.map((agent) => overlaid(agent, setup.agents[agent.id], (value) => checkValue(value, agentForm)));
  if (![...queues, ...agents].every((checked) => checked.ok)) return undefined;
  return { ...forms, queues: queues.flatMap((c) => (c.ok ? [c.value] : [])), agents: agents.flatMap((c) => (c.ok ? [c.value] : [])) };
}

const overlaid = <T>(form: T, patch: object | undefined, check: (value: unknown) => Checked<T>): Checked<T> =>
  patch === undefined ? { ok: true, value: form } : check(mergePatch(form, patch));
