import { crossed } from './crossed.js';
import type { SipDialog } from './sip-port.js';

/** Tells the phone how far it got: a status line of RFC 3261; a final one is the last. */
export type Tell = (status: number) => void;
/** The status that the REFER gets: 202 where it will be done. `to`: the number in Refer-To. */
export type OnRefer = (to: string, tell: Tell) => number;

/** Blind transfers that a phone asks for inside a dialog (RFC 3515): 202, then a NOTIFY for each news. */
export function createReferrals(dialog: SipDialog, warn: (about: object, message: string) => void): { listen(listener: OnRefer): () => void } {
  let listener: OnRefer | undefined;
  let serial = 0;
  dialog.on('refer', (req, res) => {
    const to = referTo(req.get('Refer-To'));
    if (typeof to === 'number') return res.send(to);
    // Only the first subscription of a dialog may go without an ID (RFC 3515 §2.4.6).
    const event = (serial += 1) === 1 ? 'refer' : `refer;id=${/^\d+/.exec(req.get('CSeq'))?.[0] ?? ''}`;
    res.send(listener ? listener(to, (status) => notify(status, event)) : 403);
  });
  const notify = (status: number, event: string): void => {
    if (!dialog.connected) return;
    const headers = { Event: event, 'Subscription-State': status < 200 ? 'active;expires=180' : 'terminated;reason=noresource', 'Content-Type': 'message/sipfrag;version=2.0' };
    dialog.request({ method: 'NOTIFY', headers, body: `SIP/2.0 ${status} ${REASONS[status] ?? 'Not Reached'}\r\n` }, (error: unknown) => {
      if (error && !crossed(error) && dialog.connected) warn({ error, dialog: dialog.id }, 'the phone could not be told how its transfer goes');
    });
  };
  return {
    listen(next) {
      listener = next;
      return () => {
        if (listener === next) listener = undefined;
      };
    },
  };
}
const REASONS: Readonly<Record<number, string>> = { 100: 'Trying', 200: 'OK', 404: 'Not Found', 480: 'Temporarily Unavailable', 486: 'Busy Here', 487: 'Request Terminated', 503: 'Service Unavailable', 603: 'Decline' };

/** The number that Refer-To names, or the status of a refusal: only plain INVITEs are made, none that replaces a dialog (RFC 3891). */
export function referTo(header: string | undefined): string | 400 | 501 {
  const match = /^(?:[^<]*<)?\s*(sips?|tel):([^@;?>\s]{1,64})(?=[@;?>\s]|$)([^>]*)/i.exec(header ?? '');
  if (!match) return 400;
  const [, , user = '', rest = ''] = match;
  if (/[?&]Replaces=/i.test(rest) || /;method=(?!INVITE)/i.test(rest)) return 501;
  try {
    return decodeURIComponent(user);
  } catch {
    return 400; // an escape that is none (RFC 3986 §2.1)
  }
}
