import type Srf from 'drachtio-srf';
import { crossed } from './crossed.js';
import type { SipDialog, SipPort } from './sip-port.js';

/** Where an INVITE of ours goes. */
export interface Destination {
  readonly uri: string;
  /** Next hop where it differs from the URI's host: a phone's observed source, a trunk's host. */
  readonly proxy?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: { readonly username: string; readonly password: string };
  /** For log and facts: `1001 at 192.0.2.7`, `carrier-a via sip1`. */
  readonly label: string;
}

export type AttemptEnd =
  | { readonly type: 'answered'; readonly dialog: SipDialog }
  | { readonly type: 'refused'; readonly status: number; readonly reason: string };

export interface Attempt {
  /** Always settles, never rejects. After `cancel`, an answer that was on its way is ended by BYE and reported as 487. */
  readonly end: Promise<AttemptEnd>;
  cancel(): void;
}

export interface AttemptHooks {
  /** Each 1xx above 100; `sdp` where it carries early media. */
  readonly onProvisional: (status: number, sdp: string | undefined) => void;
  /** The first sign of life, 100 included. */
  readonly onAlive?: () => void;
  readonly warn: (about: object, message: string) => void;
}

/** Sends one INVITE. The CANCEL is held back by the SIP server until a 1xx came (RFC 3261 §9.1). */
export function attempt(sip: SipPort, to: Destination, localSdp: string, hooks: AttemptHooks): Attempt {
  let request: Srf.SrfRequest | undefined;
  let cancelled = false;
  const lost = sip.lost();
  let resolve: (how: AttemptEnd) => void = () => undefined;
  const end = new Promise<AttemptEnd>((settled) => (resolve = settled));
  const settle = (how: AttemptEnd): void => {
    lost.removeEventListener('abort', onLost);
    resolve(how);
  };
  const onLost = (): void => settle({ type: 'refused', status: 0, reason: 'the SIP server was lost' });
  lost.addEventListener('abort', onLost, { once: true });

  const sendCancel = (): void => {
    request?.cancel((error: unknown) => {
      if (error && !crossed(error)) hooks.warn({ error, to: to.label }, 'CANCEL was not sent');
    });
  };
  const options = { localSdp, headers: { ...to.headers }, ...(to.proxy === undefined ? {} : { proxy: to.proxy }), ...(to.auth ? { auth: { ...to.auth } } : {}) };
  sip.srf
    .createUAC(to.uri, options, {
      cbRequest: (...args: unknown[]) => {
        const sent = args[1] as Srf.SrfRequest | undefined; // drachtio-srf calls back with (error, request), whatever its types say
        if (!sent) return;
        request = sent;
        if (cancelled) sendCancel();
      },
      cbProvisional: (res) => {
        hooks.onAlive?.();
        if (res.status > 100 && !cancelled) hooks.onProvisional(res.status, res.body === '' ? undefined : res.body);
      },
    })
    .then(
      (made) => {
        const dialog = made as SipDialog;
        if (!cancelled && !lost.aborted) return settle({ type: 'answered', dialog });
        endDialog(dialog, to.label, hooks.warn);
        settle({ type: 'refused', status: 487, reason: 'answered after it was cancelled' });
      },
      (error: unknown) => {
        settle({ type: 'refused', ...statusIn(error) });
      },
    );
  return {
    end,
    cancel() {
      if (cancelled) return;
      cancelled = true;
      sendCancel();
      settle({ type: 'refused', status: 487, reason: 'cancelled' });
    },
  };
}

/** drachtio-srf's SipError carries the final status; anything else means that the request never left. */
function statusIn(error: unknown): { status: number; reason: string } {
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') return { status: error.status, reason: error.message };
  return { status: 0, reason: String(error) };
}

/** BYE to an answer that nobody wants. */
export function endDialog(dialog: SipDialog, label: string, warn: AttemptHooks['warn']): void {
  dialog.destroy({ headers: {} }, (error: unknown) => {
    if (error && !crossed(error)) warn({ error, to: label }, 'BYE to a late answer failed');
  });
}
