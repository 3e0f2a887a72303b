import type { BargeIn, Step, StepDo } from './plan.js';
import type { FlowState } from './types.js';

/** So far ahead is looked for the question that a key in a greeting is meant for. */
const FAR = 100;

export type QuestionStep = Extract<Step, { do: 'ask' | 'collect' | 'language' | 'survey' }>;

/** The question that follows when nothing but greetings stands between. */
export function questionAhead(s: Pick<FlowState, 'plan' | 'flow' | 'index'>): QuestionStep | undefined {
  let { flow: at, index } = s;
  for (let n = 0; n < FAR; n += 1) {
    index += 1;
    const step = s.plan.flows.get(at)?.[index];
    switch (step?.do) {
      case 'ask': case 'collect': case 'language': case 'survey': return step;
      case 'goto':
        [at, index] = [step.flow, -1];
        break;
      case 'say': case 'play': case 'set': break;
      default: return undefined;
    }
  }
  return undefined;
}

/** Answered by what the caller says, not only by keys. */
export const takesSpeech = (step: StepDo | undefined): boolean => (step?.do === 'ask' && Object.keys(step.intents).length > 0) || (step?.do === 'collect' && step.speech);

export const cuts = (bargeIn: BargeIn | undefined, by: 'keys' | 'speech'): boolean => bargeIn === undefined || bargeIn === 'all' || bargeIn === by;

/** Whether what he says may cut short what is played before this question, and be its answer. */
export const hearsDuringPrompt = (step: StepDo | undefined): boolean =>
  takesSpeech(step) && (step?.do === 'ask' || step?.do === 'collect') && cuts(step.bargeIn, 'speech');
