import type { Verbs, ScriptEnd } from '../ports.js';
import type { FlowFact } from '../machine/index.js';
import { runFlow, type FlowRun } from '../run.js';
import { MAIN, type ScriptLibrary } from './library.js';
import { createPerformer, PersonWanted, type Performance } from './perform.js';
import type { ScriptRunner } from './runner.js';

export interface ScriptService {
  readonly library: ScriptLibrary;
  readonly runner: ScriptRunner;
}
/** Who called, as scripts are told. */
export interface ScriptCaller {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** The flow's run with scripts: what a script does is done by the same verbs, step by step. */
export function withScripts(run: FlowRun, service: ScriptService, caller: ScriptCaller, log: { info(fields: object, message: string): void }): FlowRun {
  const script: NonNullable<Verbs['script']> = async ({ name, args, language, variables }, signal) => {
    const found = service.library.find(name);
    if (!found) return { how: 'failed', why: `there is no script "${name}"` };
    const wanted = new AbortController();
    const over = AbortSignal.any([signal, run.verbs.signal, wanted.signal]);
    let chosen = language;
    const perform = createPerformer({ plan: run.plan, run: stepRunner(run, over) }, { language, variables });
    const end = await service.runner.run({
      entry: found.entry, exported: MAIN, signal: over, print: (line) => log.info({ script: name, subject: run.subject }, line),
      call: { ...caller, language, args, variables },
      async step(written) {
        try {
          const answer = await perform(written);
          chosen = answer.language;
          return answer;
        } catch (error) {
          if (error instanceof PersonWanted) wanted.abort(error);
          throw error;
        }
      },
    });
    const { person } = run.plan;
    const last: ScriptEnd = wanted.signal.aborted && person !== undefined ? { how: 'flow', flow: person } : end;
    return last.how === 'failed' ? last : { ...last, language: chosen };
  };
  return { ...run, verbs: { ...run.verbs, script } };
}

function stepRunner(run: FlowRun, signal: AbortSignal): Performance['run'] {
  return async (plan, flow, known, hangUp) => {
    let state: Awaited<ReturnType<Performance['run']>>['state'] = { flow, ...known };
    let why: string | undefined;
    const end = await runFlow({
      ...withoutLanguage(run), plan, flow, ...(known.language === undefined ? {} : { language: known.language }), variables: known.variables,
      verbs: { ...run.verbs, signal, hangUp: hangUp ? (cause) => run.verbs.hangUp(cause) : () => Promise.resolve() },
      publish(type, subject, data) {
        const fact = type.slice(type.indexOf('.') + 1) as FlowFact['type'];
        if (fact === 'flow_failed') why = String(data['why']);
        if (!OWN.has(fact)) run.publish(type, subject, data);
      },
      onOver: (last) => (state = last),
    });
    return { end, state, why };
  };
}

/** Of the small flows that steps are made of; nobody else needs to know them. */
const OWN: ReadonlySet<FlowFact['type']> = new Set(['flow_entered', 'flow_failed']);

function withoutLanguage({ language: _language, ...rest }: FlowRun): Omit<FlowRun, 'language'> {
  return rest;
}
