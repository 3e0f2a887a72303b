import type { Ms } from '../../../base/index.js';
import type { App, AppContext } from './app.js';
import { terminates } from './basics.js';
import { playFiles, waitFor, type PlayStatus, type PlayWish } from './play.js';
import { toInt } from './split.js';

/** Ends at a terminator, which it notes in `playback_terminator_used`. */
export const byTerminator = ({ session: { variables } }: AppContext): NonNullable<PlayWish['onDigit']> => {
  variables.set('playback_terminator_used', undefined);
  return ({ digit }) => {
    if (!terminates(variables.get('playback_terminators'), digit)) return false;
    variables.set('playback_terminator_used', digit);
    return true;
  };
};

function response(status: PlayStatus): string {
  if (status === 'success' || status === 'stopped' || status === 'break') return 'FILE PLAYED';
  return status === 'not_found' ? 'FILE NOT FOUND' : 'PLAYBACK ERROR';
}

const SHORT_REST: Ms = 20;

/** `file[@@samples]`; the offset counts samples of 8 kHz. */
export const playback: App = async (context) => {
  const [file = '', offset] = context.data.split('@@');
  const startMs = Math.max(0, toInt(offset, 0)) / 8;
  context.respond(response(await playFiles(context, file, { onDigit: byTerminator(context), startMs })));
};

export const endlessPlayback: App = async (context) => {
  for (;;) {
    const status = await playFiles(context, context.data);
    if (status !== 'success' && status !== 'break') return context.respond(response(status));
    // An empty file must not become a busy loop.
    if ((await waitFor(context, SHORT_REST)) === 'gone') return context.respond(response('gone'));
  }
};

/** `script[|loops]`; a negative count is for ever. */
export const gentones: App = async (context) => {
  const [script = '', loops] = context.data.split('|');
  const count = toInt(loops, 0);
  const suffix = count === 0 ? '' : `;loops=${count}`;
  context.respond(response(await playFiles(context, `tone_stream://${script}${suffix}`, { onDigit: byTerminator(context) })));
};
