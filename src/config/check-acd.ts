import type { z } from 'zod';
import { agentForm, type AgentForm } from './agents.js';
import { checkValue, type ValueIssue } from './check-value.js';
import { mergePatch } from './merge.js';
import { nearest } from './nearest.js';
import { queueForm, type QueueForm } from './queue-form.js';
import type { RoutingForm } from './queues.js';
import type { SetupForm } from './setups.js';
import { toTarget, type targetForm, type Target } from './targets.js';

/** Queues, agents and set-ups as written, each right by itself. */
export interface AcdForms {
  readonly queues: readonly QueueForm[];
  readonly agents: readonly AgentForm[];
  readonly setups: readonly SetupForm[];
  readonly routing: RoutingForm;
}
/** What they may refer to besides each other; `undefined` is not checked. */
export interface AcdKnown {
  readonly extensions?: readonly string[] | undefined;
  readonly flows?: readonly string[] | undefined;
}
/** Something wrong between them. The path begins with `queues`, `agents`, `setups` or a key that holds for all queues. */
export interface AcdIssue {
  readonly path: readonly PropertyKey[];
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** Point at the key, not at its value. */
  readonly key: boolean;
  readonly severity: 'error' | 'warning';
}
type Path = readonly PropertyKey[];
interface Names {
  readonly queues: ReadonlySet<string>;
  readonly agents: ReadonlySet<string>;
  readonly extensions: ReadonlySet<string> | undefined;
  readonly flows: ReadonlySet<string> | undefined;
}

const issue = (path: Path, code: string, message: string, hint?: string, more: Partial<AcdIssue> = {}): AcdIssue =>
  ({ path, code, message, hint, key: false, severity: 'error', ...more });

function unknown(path: Path, what: string, word: string, known: ReadonlySet<string>, key = false): AcdIssue[] {
  if (known.has(word)) return [];
  const meant = nearest(word, known);
  return [issue(path, 'config.unknown_reference', `there is no ${what} "${word}"`, meant === undefined ? undefined : `did you mean "${meant}"?`, { key })];
}

export function checkAcd(forms: AcdForms, { extensions, flows }: AcdKnown): AcdIssue[] {
  const names: Names = {
    queues: new Set(forms.queues.map((q) => q.name)), agents: new Set(forms.agents.map((a) => a.id)), extensions: extensions && new Set(extensions), flows: flows && new Set(flows),
  };
  return [
    ...forms.queues.flatMap((q, i) => checkQueue(q, ['queues', i], names)),
    ...circles(forms.queues),
    ...forms.agents.flatMap((a, i) => checkAgent(a, ['agents', i], names)),
    ...forms.routing.blocked.flatMap((pair, i) => unknown(['blocked', i, 'agent'], 'agent', pair.agent, names.agents)),
    ...forms.setups.flatMap((s, i) => checkSetup(s, i, forms, names)),
    ...missingSkills(forms),
  ];
}

/** Thousands of agents are looked at for each change: where nothing is wrong nothing is made. */
function checkAgent(agent: AgentForm, place: Path, { queues: known, extensions }: Names): AcdIssue[] {
  const issues: AcdIssue[] = [];
  if (extensions && !extensions.has(agent.extension)) issues.push(...unknown([...place, 'extension'], 'extension', agent.extension, extensions));
  for (const [j, membership] of agent.queues.entries()) {
    const plain = typeof membership === 'string';
    const queue = plain ? membership : membership.name;
    const at = (): Path => [...place, 'queues', j, ...(plain ? [] : ['name'])];
    if (!known.has(queue)) issues.push(...unknown(at(), 'queue', queue, known));
    if (agent.queues.some((other, i) => i < j && (typeof other === 'string' ? other : other.name) === queue)) issues.push(issue(at(), 'config.duplicate', `queue "${queue}" is named twice`));
  }
  return issues;
}

type Written = z.output<typeof targetForm>;

/** Every place of a queue's settings from which contacts are sent elsewhere. */
function targetsOf(q: QueueForm): { readonly path: Path; readonly target: Target; readonly when: string }[] {
  const one = (path: Path, written: Written | undefined, when: string) => (written === undefined ? [] : [{ path, target: toTarget(written), when }]);
  return [
    ...Object.entries(q.on).flatMap(([why, to]) => one(['on', why], to, why)),
    ...Object.entries(q.exits).flatMap(([key, to]) => one(['exits', key], to, 'exit')),
    ...q.escalate.flatMap((step, i) => one(['escalate', i, 'move'], step.move, 'escalated')),
  ];
}

function checkQueue(q: QueueForm, at: Path, { queues: names, extensions, flows }: Names): AcdIssue[] {
  const toSelf = (path: Path, queue: string): AcdIssue[] => (queue === q.name ? [issue(path, 'config.to_itself', `queue "${q.name}" sends contacts to itself`)] : []);
  const targets = targetsOf(q).flatMap(({ path, target }): AcdIssue[] => {
    const place = [...at, ...path];
    switch (target.to) {
      case 'queue': return [...unknown([...place, 'queue'], 'queue', target.queue, names), ...toSelf([...place, 'queue'], target.queue)];
      case 'extension': return extensions ? unknown([...place, 'extension'], 'extension', target.extension, extensions) : [];
      case 'flow': return flows ? unknown([...place, 'flow'], 'flow', target.flow, flows) : [];
      case 'number': case 'callback': case 'hang_up': return [];
    }
  });
  const also = q.escalate.flatMap((step, i) => step.also.flatMap((queue, j) => {
    const place = [...at, 'escalate', i, 'also', j];
    return [...unknown(place, 'queue', queue, names), ...toSelf(place, queue)];
  }));
  return [...targets, ...also];
}

/** Queues that send to each other for the same reason would do so for ever. */
function circles(queues: readonly QueueForm[]): AcdIssue[] {
  const next = new Map(queues.flatMap((q) => targetsOf(q).flatMap(({ path, target, when }) => (path[0] === 'on' && target.to === 'queue' && target.queue !== q.name ? [[`${q.name} ${when}`, target.queue] as const] : []))));
  return queues.flatMap((q, i) => ['full', 'closed', 'emergency', 'unstaffed'].flatMap((when) => {
    const seen = new Set([q.name]);
    for (let at = next.get(`${q.name} ${when}`); at !== undefined; at = next.get(`${at} ${when}`)) {
      if (at === q.name) return [issue(['queues', i, 'on', when], 'config.circle', `"${when}" leads from queue to queue and back to "${q.name}"`, 'let one of them lead elsewhere')];
      if (seen.has(at)) return [];
      seen.add(at);
    }
    return [];
  }));
}

const placed = (at: Path, issues: readonly ValueIssue[]): AcdIssue[] => issues.map((one) => issue([...at, ...one.path], one.code, one.message, one.hint));

/** What is wrong below is said there. */
const beyond = (known: readonly AcdIssue[], all: readonly AcdIssue[]): AcdIssue[] =>
  all.filter((one) => !known.some((old) => old.message === one.message && old.path.join('/') === one.path.join('/')));

/** Each overlay by itself gives settings that are right. */
function checkSetup(setup: SetupForm, i: number, forms: AcdForms, names: Names): AcdIssue[] {
  return [
    ...Object.entries(setup.queues).flatMap(([name, patch]) => {
      const at = ['setups', i, 'queues', name];
      const queue = forms.queues.find((q) => q.name === name);
      if (!queue) return unknown(at, 'queue', name, names.queues, true);
      const merged = checkValue(mergePatch(queue, patch), queueForm);
      return merged.ok ? beyond(checkQueue(queue, at, names), checkQueue(merged.value, at, names)) : placed(at, merged.issues);
    }),
    ...Object.entries(setup.agents).flatMap(([id, patch]) => {
      const at = ['setups', i, 'agents', id];
      const agent = forms.agents.find((a) => a.id === id);
      if (!agent) return unknown(at, 'agent', id, names.agents, true);
      const merged = checkValue(mergePatch(agent, patch), agentForm);
      return merged.ok ? beyond(checkAgent(agent, at, names), checkAgent(merged.value, at, names)) : placed(at, merged.issues);
    }),
  ];
}

/** Skills that are asked for and that nobody has: right on paper, but the callers wait for ever. */
function missingSkills({ queues, agents }: AcdForms): AcdIssue[] {
  const best = new Map<string, number>();
  for (const agent of agents) for (const [skill, level] of Object.entries(agent.skills)) best.set(skill, Math.max(level, best.get(skill) ?? 0));
  return queues.flatMap((q, i) => {
    const asked = [[['skills'], q.skills] as const, ...q.rules.map((r, j) => [['rules', j, 'require'], r.require] as const)];
    return asked.flatMap(([path, skills]) => Object.entries(skills).flatMap(([skill, level]) => {
      const place = ['queues', i, ...path, skill];
      const note = (message: string, hint?: string) => [issue(place, 'config.skill_missing', message, hint, { severity: 'warning' })];
      const had = best.get(skill);
      if (had === undefined) {
        const meant = nearest(skill, best.keys());
        return note(`no agent has the skill "${skill}"`, meant === undefined ? 'callers who need it wait until somebody has' : `did you mean "${meant}"?`);
      }
      return had < level ? note(`no agent has the skill "${skill}" at level ${level}`, `the best has ${had}`) : [];
    }));
  });
}
