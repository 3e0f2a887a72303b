import type { Call, Handing, Leg, Party } from '../calls/index.js';
import type { Config } from '../config/index.js';
import { engaging, flow, type InviteDeps } from './invite.js';
import { toExtension, toTrunks } from './phones.js';
import type { Reach } from './reach.js';
import { ring } from './voice.js';

/** Where somebody may hand a caller on to: whatever his extension may dial, but for feature codes. A status of SIP where it may not. */
export function handingOf(deps: InviteDeps, call: Call, by: Party, to: string): Handing | number {
  const { voice, sip } = deps;
  const extension = voice.config().extensions.find((one) => one.number === extensionOf(voice.config(), by));
  if (!extension) return 403;
  const { resolution } = sip.resolve(to, { kind: 'extension', extension });
  switch (resolution.to) {
    case 'refused':
      return resolution.status;
    case 'feature':
      return 403;
    case 'extension': {
      const { number } = resolution.extension;
      if (number === extension.number) return 403;
      return ringing(deps, call, toExtension(voice, sip, call, number), () => engaging(deps, number));
    }
    case 'outbound':
      return ringing(deps, call, toTrunks(voice, sip, call, resolution.number, resolution.attempts), () => () => undefined);
    case 'entry':
      // Whom we called back has no leg that a flow could speak to.
      return call.leg() ? { how: 'take', take: () => flow(deps, call, resolution.dialled) } : 501;
  }
}

const extensionOf = (config: Config, { agent, extension }: Party): string | undefined => (agent === undefined ? extension : config.agents.find((one) => one.id === agent)?.extension);

function ringing({ voice }: InviteDeps, call: Call, to: Reach, engage: () => () => void): Handing {
  return {
    how: 'ring', about: to.about,
    async ring(signal): Promise<Leg> {
      const free = engage();
      try {
        const leg = await ring(voice, call, to.plan, { role: 'callee', signal });
        if (leg.gone.aborted) free();
        else leg.gone.addEventListener('abort', free, { once: true });
        return leg;
      } catch (error) {
        free();
        throw error;
      }
    },
  };
}
