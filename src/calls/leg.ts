import type Srf from 'drachtio-srf';
import type { Id } from '../base/index.js';
import type { Endpoint, GoneWhy } from '../media/index.js';
import { crossed } from './crossed.js';
import { createReferrals, type OnRefer } from './refer.js';
import { asksForHold } from './sdp.js';
import type { SipDialog } from './sip-port.js';

export type LegId = Id<'leg'>;
export type LegRole = 'caller' | 'agent' | 'callee';
/** `bye`: the phone hung up; `hung_up`: we did; `edge_lost`: the SIP server died under it. */
export type LegGone = 'bye' | 'hung_up' | 'media_timeout' | 'media_lost' | 'edge_lost';

/** One SIP dialog plus its media endpoint. */
export interface Leg {
  readonly id: LegId;
  readonly role: LegRole;
  readonly endpoint: Endpoint;
  readonly dialogId: string;
  readonly sipCallId: string;
  /** Fires once when the leg is over, whoever ended it; `reason` is a LegGone. */
  readonly gone: AbortSignal;
  /** Keys from the audio (RFC 4733) and from INFO, as they are pressed. Answers how to stop listening. */
  onKey(listener: (key: string) => void): () => void;
  /** The phone put the other side on hold, or took it back. */
  onHold(listener: (held: boolean) => void): void;
  /** The phone asks us to call somebody for the other side (RFC 3515). Answers how to stop listening; without a listener it is refused. */
  onRefer(listener: OnRefer): () => void;
  /** Runs while the media endpoint still stands, before it is ended: the place to close a recording. Must settle soon. */
  beforeEnd(work: () => Promise<void>): void;
  /** BYE to the phone and to the media server; never rejects. */
  hangUp(why?: LegGone): Promise<void>;
}

interface LegParts {
  readonly id: LegId;
  readonly role: LegRole;
  readonly dialog: SipDialog;
  readonly endpoint: Endpoint;
  readonly edgeLost: AbortSignal;
  readonly warn: (about: object, message: string) => void;
}

/** Ties a dialog and an endpoint together: when one goes, so does the other. */
export function makeLeg(parts: LegParts): Leg {
  const { dialog, endpoint, warn } = parts;
  const life = new AbortController();
  const keyListeners = new Set<(key: string) => void>();
  const holdListeners: ((held: boolean) => void)[] = [];
  const lastWorks: (() => Promise<void>)[] = [];

  const over = async (why: LegGone): Promise<void> => {
    if (life.signal.aborted) return;
    life.abort(why);
    parts.edgeLost.removeEventListener('abort', onEdgeLost);
    if (why !== 'bye' && why !== 'edge_lost') sayBye(dialog, warn);
    await Promise.allSettled(lastWorks.map((work) => work()));
    await endpoint.destroy();
  };
  const onEdgeLost = (): void => void over('edge_lost');

  dialog.on('destroy', () => void over('bye'));
  dialog.on('modify', (req, res) => void renegotiate(endpoint, dialog, req, res, warn).then((ok) => ok && holdListeners.forEach((listen) => listen(asksForHold(req.body)))));
  dialog.on('info', (req, res) => {
    res.send(200);
    const key = /^Signal\s*=\s*([0-9*#A-D])/im.exec(req.body)?.[1];
    if (key !== undefined) keyListeners.forEach((listen) => listen(key.toUpperCase()));
  });
  const referrals = createReferrals(dialog, warn);
  endpoint.onDigit((key) => keyListeners.forEach((listen) => listen(key)));
  endpoint.gone.addEventListener('abort', () => void over(goneOf(endpoint.gone.reason as GoneWhy)), { once: true });
  parts.edgeLost.addEventListener('abort', onEdgeLost, { once: true });
  if (!dialog.connected) void over('bye');
  else if (endpoint.gone.aborted) void over(goneOf(endpoint.gone.reason as GoneWhy));
  else if (parts.edgeLost.aborted) void over('edge_lost');

  return {
    id: parts.id,
    role: parts.role,
    endpoint,
    dialogId: dialog.id,
    sipCallId: dialog.sip.callId,
    gone: life.signal,
    onKey(listener) {
      keyListeners.add(listener);
      return () => void keyListeners.delete(listener);
    },
    onHold: (listener) => void holdListeners.push(listener),
    onRefer: (listener) => referrals.listen(listener),
    beforeEnd: (work) => void lastWorks.push(work),
    hangUp: (why = 'hung_up') => over(why),
  };
}

/** The BYE is sent, its answer not waited for: a phone that is gone must not hold up a call's end. */
function sayBye(dialog: SipDialog, warn: LegParts['warn']): void {
  if (!dialog.connected) return;
  dialog.destroy({ headers: {} }, (error: unknown) => {
    if (error && !crossed(error)) warn({ error, dialog: dialog.id }, 'BYE was not answered');
  });
}

/** A phone's re-INVITE: the media server answers for us (RFC 3261 §14.2). True when it was agreed to. */
async function renegotiate(endpoint: Endpoint, dialog: SipDialog, req: Srf.SrfRequest, res: Srf.SrfResponse, warn: LegParts['warn']): Promise<boolean> {
  try {
    const body = req.body ? await endpoint.modify(req.body) : endpoint.localSdp;
    dialog.local.sdp = body;
    res.send(200, { body, headers: { 'Content-Type': 'application/sdp' } });
    return req.body !== '';
  } catch (error) {
    warn({ error, dialog: dialog.id }, 'a re-INVITE could not be met');
    res.send(endpoint.gone.aborted ? 481 : 488);
    return false;
  }
}

function goneOf(why: GoneWhy): LegGone {
  switch (why) {
    case 'media_timeout':
    case 'media_lost':
      return why;
    case 'hung_up': // the media server hung up by itself: to the parties that is a lost server
      return 'media_lost';
    case 'destroyed':
      return 'hung_up';
  }
}
