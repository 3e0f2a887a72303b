import type { MediaChannel } from '../channel/index.js';

/** Set where the media core can silence one side of a channel. */
interface Silencing {
  readonly mute?: (side: 'in' | 'out', on: boolean) => void;
}

/** `read` is what the far end says, `write` what it hears. @returns false when the core cannot do it */
export const mute = (media: MediaChannel & Silencing, side: 'read' | 'write', on: boolean): boolean => {
  media.mute?.(side === 'read' ? 'in' : 'out', on);
  return media.mute !== undefined;
};
