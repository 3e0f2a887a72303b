import { causeOf } from '../session/causes.js';
import type { App, AppContext } from './app.js';
import { waitFor } from './play.js';
import { splitArgs, toInt } from './split.js';
import { fire } from '../session/fire.js';

export const answer: App = ({ session }) => {
  session.signalling.answer();
  return undefined;
};

export const hangup: App = ({ session, data }) => {
  session.hangUp(causeOf(data === '' ? 'NORMAL_CLEARING' : data));
  return undefined;
};

/** Waits until something takes the channel elsewhere; digits are reported and forgotten. */
export const park: App = (context) => parkUntil(context, () => undefined);

/** The same, until `over` is told besides; `begin` answers how to stop listening. */
export async function parkUntil({ server, session, frame }: AppContext, begin: (over: () => void) => (() => void) | undefined): Promise<void> {
  fire(server, session, 'CHANNEL_PARK');
  for (let end: string = 'break'; end === 'break'; ) {
    end = await frame.wait<'over'>((finish) => {
      frame.takeDigits(() => undefined);
      return begin(() => finish('over'));
    });
  }
  fire(server, session, 'CHANNEL_UNPARK');
}

export const sleep: App = async (context) => {
  const { variables } = context.session;
  const eats = variables.isTrue('sleep_eat_digits');
  await waitFor(context, toInt(context.data, 0), eats ? { onDigit: ({ digit }) => terminates(variables.get('playback_terminators'), digit) } : {});
};

/** Whether a digit ends a playback: `*` does unless `playback_terminators` says otherwise. */
export function terminates(terminators: string | undefined, digit: string): boolean {
  const wanted = terminators ?? '*';
  if (wanted.toLowerCase() === 'any') return '1234567890*#'.includes(digit);
  return wanted.toLowerCase() !== 'none' && wanted.includes(digit);
}

function assign(text: string, set: (name: string, value: string | undefined) => void): void {
  const at = /[=,]/.exec(text)?.index ?? -1;
  const name = (at === -1 ? text : text.slice(0, at)).trim();
  const value = at === -1 ? '' : text.slice(at + 1);
  if (name !== '') set(name, value === '_undef_' ? undefined : value);
}

export const set: App = ({ session, data }) => {
  assign(data, session.variables.set);
  return undefined;
};

/** There is no B leg of ours a variable could be handed to: it is set, and listed as FreeSWITCH lists it. */
export const exportVariable: App = ({ session: { variables }, data }) => {
  assign(data.replace(/^nolocal:/, ''), (name, value) => {
    variables.set(name, value);
    const listed = new Set((variables.get('export_vars') ?? '').split(',').filter((n) => n !== ''));
    variables.set('export_vars', [...listed.add(name)].join(','));
  });
  return undefined;
};

/** `a=1 b=2`, or `^^;a=1;b=2` with the character after `^^` in between. */
export const multiset: App = ({ session, data }) => {
  const pairs = data.startsWith('^^') ? data.slice(3).split(data[2] ?? ' ') : splitArgs(data);
  for (const pair of pairs) if (pair !== '') assign(pair, session.variables.set);
  return undefined;
};

export const unset: App = ({ session, data }) => {
  session.variables.set(data.trim(), undefined);
  return undefined;
};

export const flushDtmf: App = ({ session }) => {
  session.digits.flush();
  return undefined;
};

/** Names a feature that this server lacks, instead of pretending. */
export const notSupported =
  (what: string): App =>
  ({ respond, server, session }) => {
    server.log.warn({ uuid: session.uuid, what }, 'an application was asked for that this media server does not have');
    respond(`-ERR ${what} is not supported`);
    return undefined;
  };
