import type { Call, Leg } from '../../calls/index.js';
import type { Verbs } from '../../ivr/index.js';
import type { Asr } from '../../speech/asr/index.js';
import { createEar } from './ear.js';
import type { ForkListener } from './fork-listener.js';

export { createEar, type Ear, type EarOptions } from './ear.js';
export { NoFork, openForkListener, type ForkLine, type ForkListener } from './fork-listener.js';
export { forkToUs, type Listened } from './line.js';

/** How flows listen to a call: each flow run has an ear of its own, which ends with the call. */
export const listeningOver = ({ asr, forks }: { readonly asr: Pick<Asr, 'open' | 'unavailable'>; readonly forks: ForkListener }) =>
  (call: Call, leg: () => Promise<Leg>): Verbs['listen'] => {
    const ear = createEar({ leg, asr, forks, warn: (about, message) => call.log.warn(about, message) });
    call.over.addEventListener('abort', ear.close, { once: true });
    return ear.listen;
  };
