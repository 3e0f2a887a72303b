import { StrowgerError } from '../../base/index.js';
import type { Language } from '../../speech/tts/index.js';
import { exits } from '../dialplan/check/exits.js';
import { parseDialplan, type DialplanFile } from '../dialplan/file.js';
import type { FlowEnd, FlowState, Plan, Step, Variables } from '../machine/index.js';
import type { StepAnswer } from './protocol.js';

/** The step is written wrongly, or what it did failed. */
export class ScriptStepFailed extends StrowgerError {
  readonly code = 'script.step_failed';
}
/** The caller asked for a person in the middle of a step: the script is over. */
export class PersonWanted extends StrowgerError {
  readonly code = 'script.person_wanted';
}

type Known = Pick<FlowState, 'language' | 'variables'>;
export interface Performance {
  /** Of the call: what a step knows besides its own parameters. */
  readonly plan: Plan;
  /** Runs a plan's flow for the call, from what is known. Its end is the call's end only where `hangUp` says so. */
  readonly run: (plan: Plan, flow: string, known: Known, hangUp: boolean) => Promise<{ readonly end: FlowEnd; readonly state: Pick<FlowState, 'flow' | 'language' | 'variables'>; readonly why: string | undefined }>;
}

const HERE = '(script)';
const FAILED = '(failed)';
const PERSON = '(person)';
const LARGEST = 200_000;

/**
 * Does steps one by one, as a flow would: each becomes a plan of its own, in which the flows that it names are the ends of the story.
 * What it sets is known to the steps after it.
 */
export function createPerformer({ plan, run }: Performance, from: { readonly language: Language | undefined; readonly variables: Variables }): (written: Readonly<Record<string, unknown>>) => Promise<StepAnswer> {
  let known: Known = from;
  let before: Promise<unknown> = Promise.resolve();
  const perform = async (written: Readonly<Record<string, unknown>>): Promise<StepAnswer> => {
    const file = fileOf(plan, written);
    const steps = (file.placed.get(HERE) ?? []).map(({ step }): Step => ({ ...step, onError: step.onError ?? FAILED }));
    const labels = [...file.placed.values()].flat().flatMap((step) => [...exits(file, step)].map(([flow]) => flow));
    const small: Plan = {
      ...file.plan, timeZone: plan.timeZone, calendars: plan.calendars, person: plan.person === undefined ? undefined : PERSON,
      flows: new Map<string, readonly Step[]>([...[FAILED, PERSON, ...labels].map((name): [string, readonly Step[]] => [name, []]), [HERE, steps]]),
    };
    const { end, state, why } = await run(small, HERE, known, 'hang_up' in written);
    known = state;
    if (end === 'failed' || state.flow === FAILED) throw new ScriptStepFailed(why ?? 'the step failed');
    if (state.flow === PERSON) throw new PersonWanted('the caller wants a person');
    return { to: state.flow === HERE ? undefined : state.flow, language: state.language, variables: state.variables };
  };
  // A call does one thing at a time, whatever the script does at once.
  return (written) => {
    const mine = before.then(() => perform(written));
    before = mine.catch(() => undefined); // its failure is for whoever asked for it
    return mine;
  };
}

/** @throws ScriptStepFailed that says what is wrong with the step */
function fileOf(plan: Plan, written: Readonly<Record<string, unknown>>): DialplanFile {
  const text = JSON.stringify({ version: 1, flows: { main: [written] } });
  if (text.length > LARGEST) throw new ScriptStepFailed(`the step has ${text.length} characters; at most ${LARGEST}`);
  const parsed = parseDialplan(plan.file, text, plan.calendars); // JSON is YAML
  if (!parsed.ok) throw new ScriptStepFailed(parsed.faults.map(({ message, hint }) => (hint === undefined ? message : `${message} (${hint})`)).join('; '));
  const { file } = parsed;
  return { ...file, placed: new Map([[HERE, file.placed.get('main') ?? []]]) };
}
