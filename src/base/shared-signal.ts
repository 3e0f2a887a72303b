import { setMaxListeners } from 'node:events';

/** A signal that every call may wait for: ten listeners are no sign of a leak there, and Node.js must not say so. */
export function sharedSignal(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
