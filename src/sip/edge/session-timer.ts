import { ackFor2xx, inDialogRequest, onDialogResponse, type SipMessage, type SipRequest, type SipResponse } from '../stack/index.js';
import type { Core } from './core.js';
import type { Held } from './dialogs.js';
import { acknowledge, hangUp, sendWithin } from './hangup.js';
import { find } from './headers.js';
import type { HeaderLine } from './wire/command.js';

/** Seconds; RFC 4028 §5. */
export const MIN_SESSION_S = 90;

type Session = { readonly seconds: number; readonly refresher: string | undefined };

/** The Session-Expires of a message; undefined when there is none that can be read. */
export function sessionOf(message: SipMessage): Session | undefined {
  const value = message.headers.get('Session-Expires');
  const seconds = Number.parseInt(value ?? '', 10);
  if (!Number.isInteger(seconds) || seconds < 1) return undefined;
  return { seconds, refresher: /;\s*refresher\s*=\s*(uac|uas)/i.exec(value ?? '')?.[1]?.toLowerCase() };
}

/**
 * What a 2xx to an INVITE must say about its session timer (RFC 4028 §9). As drachtio-server by default, an offer that
 * names no refresher is declined by silence, and an application's own Session-Expires stands.
 */
export function grantSession(request: SipRequest, headers: readonly HeaderLine[]): HeaderLine[] {
  const offer = sessionOf(request);
  if (offer?.refresher === undefined || find(headers, 'session-expires') !== undefined) return [];
  const granted: HeaderLine = ['Session-Expires', `${Math.max(MIN_SESSION_S, offer.seconds)};refresher=${offer.refresher}`];
  return offer.refresher === 'uac' ? [granted, ['Require', 'timer']] : [granted];
}

/** Starts the timer that a 2xx agreed on, instead of any before it. `role`: ours in that INVITE. */
export function armSession(core: Core, held: Held, request: SipRequest, response: SipResponse, role: 'uac' | 'uas'): void {
  held.timer.stop();
  held.timer.stop = () => undefined;
  const agreed = sessionOf(response);
  if (agreed === undefined || held.method !== 'INVITE' || (request.method !== 'INVITE' && request.method !== 'UPDATE')) return;
  arm(core, held, agreed.seconds, (agreed.refresher ?? 'uac') === role);
}

function arm(core: Core, held: Held, seconds: number, weRefresh: boolean): void {
  if (held.ended) return;
  held.timer.stop = weRefresh
    ? core.alarms.after(seconds * 500, () => void refresh(core, held, seconds))
    : core.alarms.after(seconds * 1000, () => hangUp(core, held, 'Session timer expired'));
}

/** A re-INVITE with the SDP as it stands; the session ends when the peer does not take it. */
async function refresh(core: Core, held: Held, seconds: number): Promise<void> {
  if (held.inviting !== undefined || held.answering !== undefined) return arm(core, held, seconds, true);
  const { dialog, request } = inDialogRequest(held.dialog, {
    method: 'INVITE', contact: held.contact, body: held.sdp,
    headers: [['Session-Expires', `${seconds};refresher=uac`], ['Min-SE', String(MIN_SESSION_S)], ...(held.sdp.length > 0 ? [['Content-Type', 'application/sdp'] as const] : [])],
  });
  held.dialog = dialog;
  const lost = (): void => hangUp(core, held, 'Session timer expired');
  const sent = await sendWithin(core, held, request, {
    onTimeout: lost,
    onTransportError: lost,
    onResponse(response, from) {
      if (response.status < 200 || held.ended) return;
      if (response.status === 491) return arm(core, held, seconds, true);
      if (response.status >= 300) return lost();
      held.dialog = onDialogResponse(held.dialog, request, response, from);
      void acknowledge(core, held, ackFor2xx(held.dialog, request), (ack, to) => sent.tx().ack(ack, to));
      const agreed = sessionOf(response);
      if (agreed !== undefined) arm(core, held, agreed.seconds, (agreed.refresher ?? 'uac') === 'uac');
    },
  });
}
