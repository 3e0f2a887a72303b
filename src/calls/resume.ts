import type { Ms } from '../base/index.js';
import { MediaLost, type MediaPool } from '../media/index.js';
import { createCall, type Call } from './call.js';
import { CallerGone } from './errors.js';
import { makeLeg, type Leg, type LegId } from './leg.js';
import type { CallRow, LegRow } from './ledger.js';
import { noInvite } from './placed.js';
import { reviveDialog, stands } from './revive.js';
import type { SipDialog, SipPort } from './sip-port.js';

/** A call of the last run and its caller's leg, as they stand on disk. */
export interface Resumable {
  readonly call: CallRow;
  readonly leg: LegRow;
}

interface Around {
  readonly sip: SipPort;
  readonly media: MediaPool;
  readonly call: Parameters<typeof createCall>[2];
  readonly warn: (about: object, message: string) => void;
}

/** How long a phone may take to say that its call still stands. */
const PATIENCE: Ms = 1_500;
/**
 * How often it is asked again: drachtio-server answers the BYE of a dialog whose application is gone by itself, so that
 * nobody else would tell us.
 */
const AGAIN: Ms = 10_000;

/**
 * Takes over a caller who waits and whose application was killed: dialog and media session go on under the names they have.
 * @throws CallerGone when the caller has hung up meanwhile; MediaLost, MediaRefused, MediaUnavailable
 */
export async function resumeCall({ call, leg }: Resumable, around: Around): Promise<Call> {
  const { sip, media } = around;
  const { sip_dialog_id, media_dialog_id, media_server, media_uuid } = leg;
  if (sip_dialog_id === null || media_dialog_id === null || media_server === null || media_uuid === null) throw new MediaLost('the leg had no media session yet');
  // Held before they are asked for: a BYE may come at any moment.
  const [dialog, mediaDialog] = [reviveDialog(sip, sip_dialog_id), reviveDialog(sip, media_dialog_id)];
  try {
    const [caller, session] = await Promise.all([stands(sip, sip_dialog_id, PATIENCE), stands(sip, media_dialog_id, PATIENCE)]);
    if (!caller || !dialog.connected) throw new CallerGone('the caller hung up while the application was away');
    if (!session) throw new MediaLost('the media server has forgotten the call');
    const endpoint = await media.resume(media_server, media_uuid, mediaDialog);
    const made = makeLeg({ id: leg.id as LegId, role: 'caller', dialog, endpoint, edgeLost: sip.lost(), warn: around.warn });
    keepAsking(made, sip);
    return createCall(call, noInvite(leg.sip_call_id ?? ''), around.call, { leg: made, answeredAt: call.answered_at ?? undefined });
  } catch (error) {
    for (const one of [dialog, mediaDialog]) forget(sip, one);
    throw error;
  }
}

const forget = (sip: SipPort, dialog: SipDialog): void => (sip.srf as unknown as { removeDialog(dialog: object): void }).removeDialog(dialog);

function keepAsking(leg: Leg, sip: SipPort): void {
  let timer = setTimeout(ask, AGAIN);
  function ask(): void {
    void stands(sip, leg.dialogId, PATIENCE).then((yes) => {
      if (leg.gone.aborted) return;
      if (yes) timer = setTimeout(ask, AGAIN);
      else void leg.hangUp('bye');
    });
  }
  leg.gone.addEventListener('abort', () => clearTimeout(timer), { once: true });
}
