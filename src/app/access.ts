import type { Ledger } from '../calls/index.js';
import type { Sip } from '../sip/index.js';
import type { ActiveCalls } from './active.js';
import type { Ground } from './rooms.js';

const SWEEP_MS = 15_000;

/** Who is disabled loses his phone at once, and his calls where the house wants it so; sessions and keys end in their time. */
export function watchAccess({ access, events, live, log }: Pick<Ground, 'access' | 'events' | 'live' | 'log'>, { sip, active, ledger }: { readonly sip: Pick<Sip, 'location'>; readonly active: Pick<ActiveCalls, 'all'>; readonly ledger: Pick<Ledger, 'get'> }): () => void {
  const shutOut = (user: string): void => {
    const row = access.users.row(user);
    if (!row || row.disabled_at === null) return;
    const { extension, agent } = row;
    if (extension !== null) sip.location.remove(extension);
    if (live.now().access.disabledCalls !== 'end') return;
    const his = active.all().filter((call) => (extension !== null && [call.from, call.to].includes(extension)) || (agent !== null && ledger.get(call.id)?.agent === agent));
    for (const call of his) void call.end({ by: 'us', cause: 'completed' }, 403).catch((error: unknown) => log.error({ err: error, call: call.id }, 'a call of somebody who was disabled could not be ended'));
  };
  const off = events.subscribe(['user.disabled', 'user.changed'], ({ data }) => shutOut(data.user));
  const sweep = (): void => {
    try {
      access.sweep();
    } catch (error) {
      log.error({ err: error }, 'sessions and the audit log could not be swept; tried again');
    }
  };
  const timer = setInterval(sweep, SWEEP_MS);
  timer.unref();
  return () => {
    off();
    clearInterval(timer);
  };
}
