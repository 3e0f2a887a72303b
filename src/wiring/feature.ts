import type { Acd, AgentId } from '../acd/index.js';
import { NotWrappingUp } from '../acd/index.js';
import type { Ms } from '../base/index.js';
import type { Call } from '../calls/index.js';
import type { Feature } from '../sip/index.js';
import { phrase, type Phrase } from '../speech/tts/index.js';
import { files, type Voice } from './voice.js';

/** What one `*48` adds. */
const EXTENSION: Ms = 60_000;

/** `*45` to `*49`: the agent of this phone becomes available, away or in training, or has more or no more time to wrap up, and hears so. */
export async function feature({ voice, acd }: { readonly voice: Voice; readonly acd: () => Acd }, call: Call, code: Feature, extension: string | undefined): Promise<void> {
  const agent = voice.config().agents.find((a) => a.extension === extension);
  if (!agent) return call.end({ by: 'us', cause: 'rejected' }, 403);
  const said = obey(acd(), agent.id as AgentId, code, `phone:${agent.extension}`);
  const leg = await call.answer();
  await leg.endpoint.play(await files(voice, phrase(said)));
  await call.end({ by: 'us', cause: 'completed' });
}

/** Does it, and answers what is to be said. */
function obey(acd: Acd, agent: AgentId, code: Feature, by: string): Phrase {
  switch (code) {
    case 'available':
    case 'away':
    case 'training':
      acd.setState(agent, code, { by });
      return code;
    case 'end_wrap_up': {
      const { wrapUpUntil, next } = acd.agent(agent);
      if (wrapUpUntil === null) return 'no_wrap_up';
      acd.setState(agent, next ?? 'available', { by });
      return 'wrap_up_ended';
    }
    case 'extend_wrap_up':
      try {
        acd.extendWrapUp(agent, EXTENSION);
        return 'wrap_up_extended';
      } catch (error) {
        if (error instanceof NotWrappingUp) return 'no_wrap_up';
        throw error;
      }
  }
}
