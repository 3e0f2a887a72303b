import { createCall, type Call } from './call.js';
import { CallerGone } from './errors.js';
import type { Incoming } from './incoming.js';
import type { NewCall } from './ledger.js';

/** Where there is no INVITE to answer (any more). */
export const noInvite = (sipCallId = ''): Incoming => {
  const nobody = (): Promise<never> => Promise.reject(new CallerGone('there is no INVITE to answer'));
  return {
    sipCallId, over: new AbortController().signal, cancelled: () => false, edgeLost: () => false, ring: () => undefined, reject: () => undefined,
    prepare: nobody, early: nobody, answer: nobody,
  };
};

/** A call that we make: all its legs are dialled, and none of them is a caller's. */
export const placeCall = (about: NewCall, around: Parameters<typeof createCall>[2]): Call => createCall(about, noInvite(), around);
