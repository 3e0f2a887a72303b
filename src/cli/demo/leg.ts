import { audioSdp, formatSdp, inDialogRequest, parseSdp, streamOf, type Dialog, type PayloadType, type SipMessage, type SipRequest } from '../../sip/stack/index.js';
import { deferred } from './deferred.js';
import { openToneMedia, type ToneMedia } from './media.js';

/** A call of a demo phone. */
export interface DemoCall {
  readonly media: ToneMedia;
  /** Says BYE; settles with its answer. */
  hangUp(): Promise<void>;
  /** Settles when either side has said BYE, or the call came to nothing. */
  readonly ended: Promise<void>;
}
export interface Leg extends DemoCall {
  dialog: Dialog | undefined;
  /** Our session description, offer or answer alike: one codec and keys. */
  readonly sdp: string;
  /** Sends audio to where the other side's description says. */
  accept(message: SipMessage): void;
  over(): void;
}

const ADDRESS = '127.0.0.1';
const PAYLOADS: readonly PayloadType[] = [
  { pt: 0, name: 'PCMU', clockRate: 8_000, channels: 1, fmtp: undefined },
  { pt: 101, name: 'TELEPHONE-EVENT', clockRate: 8_000, channels: 1, fmtp: '0-16' },
];

/** @param send sends a request and settles with its final answer */
export async function openLeg(hz: number, send: (request: SipRequest) => Promise<unknown>): Promise<Leg> {
  const media = await openToneMedia(ADDRESS, hz);
  const end = deferred<undefined>();
  let open = true;
  const leg: Leg = {
    media,
    ended: end.promise,
    dialog: undefined,
    sdp: formatSdp(audioSdp({ sessionId: media.port, version: 1, address: ADDRESS, port: media.port, payloads: PAYLOADS, ptimeMs: 20 })),
    accept({ body }) {
      const stream = body.length > 0 ? streamOf(parseSdp(body), 'audio') : undefined;
      if (stream && stream.port > 0) media.sendTo({ address: stream.address, port: stream.port });
    },
    over() {
      if (open) media.close();
      open = false;
      end.resolve(undefined);
    },
    async hangUp() {
      if (!open || !leg.dialog) return leg.over();
      const { dialog, request } = inDialogRequest(leg.dialog, { method: 'BYE' });
      leg.dialog = dialog;
      await send(request);
      leg.over();
    },
  };
  return leg;
}
