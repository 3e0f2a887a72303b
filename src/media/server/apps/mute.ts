import { mute } from '../session/mute.js';
import { isTrue } from '../session/variables.js';
import type { App } from './app.js';
import { splitArgs } from './split.js';

/** `read|write|both [true|false]`: what the far end says, or what it hears, is silenced. */
export const setMute: App = ({ session, data, respond }) => {
  const [side = 'read', on = 'true'] = splitArgs(data);
  const sides = side === 'both' ? (['read', 'write'] as const) : [side === 'write' ? 'write' : 'read'] as const;
  for (const one of sides) if (!mute(session.media, one, isTrue(on))) respond('-ERR mute is not supported');
  return undefined;
};
