import { nearest } from '../../config/index.js';
import { LANGUAGES } from '../../speech/tts/index.js';
import type { Step } from '../machine/index.js';
import { error, warning, type DialplanFault } from './faults.js';
import type { DialplanFile, PlacedStep } from './file.js';

/** What a dialplan may refer to; what is `undefined` is not checked. */
export interface Known {
  readonly queues?: readonly string[] | undefined;
  readonly extensions?: readonly string[] | undefined;
}

/** Everything wrong with a file that its grammar does not show. */
export function checkFile(file: DialplanFile, known: Known): DialplanFault[] {
  return [...missingFlows(file), ...missingTargets(file, known), ...duplicateEntries(file), ...deadFlows(file), ...deadSteps(file), ...promptFaults(file)];
}

/** Every way from a step to a flow, with where it is written. */
function* exits({ step, path, intents }: PlacedStep): Generator<readonly [flow: string, path: readonly PropertyKey[]]> {
  if (step.do === 'goto') yield [step.flow, [...path, 'flow']];
  if (step.do === 'ask') {
    for (const [key, flow] of Object.entries(step.keys)) yield [flow, [...path, 'keys', key]];
    if (step.otherwise !== undefined) yield [step.otherwise, [...path, 'otherwise']];
  }
  for (const [intent, flow] of Object.entries(intents)) yield [flow, [...path, 'intents', intent]];
  if (step.onError !== undefined) yield [step.onError, [...path, 'on_error']];
}

const placedSteps = (file: DialplanFile): PlacedStep[] => [...file.placed.values()].flat();

function missingFlows(file: DialplanFile): DialplanFault[] {
  const { source, placed } = file;
  const names = [...placed.keys()];
  const used = [...file.entries.map((e, i) => [e.flow, ['entries', i, 'flow']] as const), ...placedSteps(file).flatMap((s) => [...exits(s)])];
  return used.flatMap(([flow, path]) => {
    if (placed.has(flow)) return [];
    const meant = nearest(flow, names);
    const hint = meant === undefined ? `flows here: ${names.join(', ')}` : `did you mean "${meant}"?`;
    return [error(source.fault(path, 'dialplan.missing_flow', `there is no flow "${flow}"`, hint))];
  });
}

function missingTargets(file: DialplanFile, { queues, extensions }: Known): DialplanFault[] {
  const missing = (what: string, name: string, list: readonly string[] | undefined, path: readonly PropertyKey[]): DialplanFault[] => {
    if (!list || list.includes(name)) return [];
    const meant = nearest(name, list);
    return [error(file.source.fault(path, `dialplan.missing_${what}`, `there is no ${what} "${name}"`, meant === undefined ? undefined : `did you mean "${meant}"?`))];
  };
  return placedSteps(file).flatMap(({ step, path }) => {
    if (step.do === 'queue') return missing('queue', step.name, queues, [...path, 'name']);
    if (step.do === 'dial' && 'extension' in step.to) return missing('extension', step.to.extension, extensions, [...path, 'extension']);
    return [];
  });
}

function duplicateEntries({ source, entries }: DialplanFile): DialplanFault[] {
  const seen = new Set<string>();
  return entries.flatMap(({ number: pattern }, i) => {
    if (seen.has(pattern)) return [error(source.fault(['entries', i, 'number'], 'dialplan.duplicate_entry', `"${pattern}" is entered twice`, 'keep one of them'))];
    seen.add(pattern);
    return [];
  });
}

/** Flows nobody can come to, and flows nobody can leave. */
function deadFlows(file: DialplanFile): DialplanFault[] {
  const { source, placed } = file;
  const reached = new Set<string>();
  const toVisit = file.entries.map((e) => e.flow);
  for (let flow = toVisit.pop(); flow !== undefined; flow = toVisit.pop()) {
    if (reached.has(flow)) continue;
    reached.add(flow);
    for (const step of placed.get(flow) ?? []) for (const [to] of exits(step)) toVisit.push(to);
  }
  const ending = flowsThatEnd(file);
  return [...placed.keys()].flatMap((flow) => {
    if (!reached.has(flow))
      return [warning(source.fault(['flows', flow], 'dialplan.unreachable_flow', `nothing leads to flow "${flow}"`, 'remove it, or lead an entry, a key or a goto to it', true))];
    if (ending.has(flow)) return [];
    return [error(source.fault(['flows', flow], 'dialplan.endless_loop', `flow "${flow}" never ends`, 'lead one way out of it to a queue, dial or hang_up', true))];
  });
}

function flowsThatEnd({ placed }: DialplanFile): Set<string> {
  const ending = new Set<string>();
  const ends = (steps: readonly PlacedStep[]): boolean => {
    for (const { step } of steps) {
      if (step.do === 'queue' || step.do === 'dial' || step.do === 'hang_up') return true;
      if (step.do === 'goto') return ending.has(step.flow);
      if (step.do !== 'ask') continue;
      if (Object.values(step.keys).some((flow) => ending.has(flow))) return true;
      if (step.otherwise !== undefined) return ending.has(step.otherwise);
    }
    return true; // past the last step the call is hung up
  };
  for (let before = -1; before !== ending.size; ) {
    before = ending.size;
    for (const [flow, steps] of placed) if (ends(steps)) ending.add(flow);
  }
  return ending;
}

const leaves = (step: Step): boolean => step.do === 'goto' || step.do === 'hang_up' || (step.do === 'ask' && step.otherwise !== undefined);

function deadSteps({ source, placed }: DialplanFile): DialplanFault[] {
  return [...placed.values()].flatMap((steps) => {
    const last = steps.findIndex(({ step }) => leaves(step));
    const dead = last < 0 ? undefined : steps[last + 1];
    if (!dead) return [];
    return [warning(source.fault(dead.path, 'dialplan.unreachable_step', 'this step is never reached: the one before always leaves the flow', 'remove it, or move it up', true))];
  });
}

function promptFaults(file: DialplanFile): DialplanFault[] {
  return placedSteps(file).flatMap(({ step, path, intents }) => {
    const faults: DialplanFault[] = [];
    if (step.do === 'say' || step.do === 'ask') {
      const at = step.do === 'ask' ? [...path, 'prompt'] : path;
      for (const lang of LANGUAGES.filter((l) => step.prompt[l] === undefined))
        faults.push(warning(file.source.fault(at, 'dialplan.missing_language', `there is no ${lang} text`, 'callers of that language hear the other one')));
    }
    if (Object.keys(intents).length > 0)
      faults.push(warning(file.source.fault([...path, 'intents'], 'dialplan.intents_need_speech', 'spoken answers need speech recognition, which is off', 'callers are asked to press keys', true)));
    return faults;
  });
}
