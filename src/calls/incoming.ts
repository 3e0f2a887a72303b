import type Srf from 'drachtio-srf';
import type { Id, Ms } from '../base/index.js';
import { lease, type Endpoint, type MediaPool } from '../media/index.js';
import { CallerGone } from './errors.js';
import { makeLeg, type Leg } from './leg.js';
import type { SipDialog, SipPort } from './sip-port.js';

/** A caller's INVITE that has no final answer yet. */
export interface Incoming {
  readonly sipCallId: string;
  /** Fires when the caller cancels or the SIP server is lost, and when the INVITE has its final answer. */
  readonly over: AbortSignal;
  /** Which of the two it was: the caller cancelled, or the SIP server was lost. */
  cancelled(): boolean;
  edgeLost(): boolean;
  /** Takes a media session for him, unheard: whether he can be answered at all. @throws CallerGone, CodecMismatch, MediaUnavailable */
  prepare(): Promise<void>;
  /** 180, once. */
  ring(): void;
  /** 183 with the media server's description: the caller hears what is played before the answer. @throws CallerGone, CodecMismatch, MediaUnavailable */
  early(): Promise<Endpoint>;
  /** 200; the caller's leg. @throws CallerGone, CodecMismatch, MediaUnavailable */
  answer(): Promise<Leg>;
  /** A final answer of 300–699; nothing where there is one already. */
  reject(status: number, headers?: Record<string, string>): void;
}

interface Around {
  readonly sip: SipPort;
  readonly media: MediaPool;
  readonly newId: () => Id<'leg'>;
  readonly answerMs: Ms;
  readonly mediaHeaders: Record<string, string>;
  readonly warn: (about: object, message: string) => void;
}

/** Takes charge of an INVITE. To be called in the same turn as it arrived: a CANCEL may be right behind it. */
export function receive(req: Srf.SrfRequest, res: Srf.SrfResponse, around: Around): Incoming {
  const over = new AbortController();
  const edgeLost = around.sip.lost();
  let cancelled = false;
  let rung = false;
  let session: Promise<Endpoint> | undefined;

  const finish = (): void => {
    edgeLost.removeEventListener('abort', finish);
    over.abort('over');
  };
  req.on('cancel', () => {
    cancelled = true;
    finish();
    void session?.then((endpoint) => endpoint.destroy(), () => undefined); // its failure was told to whoever asked for it
  });
  edgeLost.addEventListener('abort', finish, { once: true });

  const isOver = (): boolean => over.signal.aborted; // a call, since it changes while we wait
  const gone = (): CallerGone => new CallerGone('the caller is gone');
  const endpoint = async (): Promise<Endpoint> => {
    if (isOver()) throw gone();
    session ??= around.media.create({ headers: around.mediaHeaders, ...(req.body ? { remoteSdp: req.body } : {}) });
    const made = await session;
    if (!isOver()) return made;
    void made.destroy();
    throw gone();
  };
  return {
    sipCallId: req.get('Call-ID'),
    over: over.signal,
    cancelled: () => cancelled,
    edgeLost: () => edgeLost.aborted,
    async prepare() {
      await endpoint();
    },
    ring() {
      if (rung || over.signal.aborted) return;
      rung = true;
      res.send(180);
    },
    async early() {
      const made = await endpoint();
      rung = true;
      res.send(183, { body: made.localSdp, headers: { 'Content-Type': 'application/sdp' } });
      return made;
    },
    async answer() {
      const made = await endpoint();
      try {
        const dialog = (await lease('answer', around.answerMs, edgeLost, () => around.sip.srf.createUAS(req, res, { localSdp: made.localSdp }))) as SipDialog;
        if (!req.body) dialog.on('ack', () => void lateAnswer(made, dialog, around.warn));
        return makeLeg({ id: around.newId(), role: 'caller', dialog, endpoint: made, edgeLost, warn: around.warn });
      } catch (error) {
        void made.destroy();
        cancelled ||= crossedCancel(error);
        throw over.signal.aborted || cancelled ? gone() : error;
      } finally {
        finish();
      }
    },
    reject(status, headers = {}) {
      if (over.signal.aborted) return;
      finish();
      res.send(status, { headers });
      void session?.then((made) => made.destroy(), () => undefined); // its failure was told to whoever asked for it
    },
  };
}

/**
 * The CANCEL reached the SIP server first, and our 200 found no transaction there: drachtio-srf has forgotten the INVITE
 * by then and tells nobody of the CANCEL. It passes the server's words on as a bare string.
 */
const crossedCancel = (error: unknown): boolean => /unknown transaction/.test(String(error));

/** The caller made no offer: the answer to ours comes in the ACK (RFC 3261 §13.2.2.4). */
async function lateAnswer(endpoint: Endpoint, dialog: SipDialog, warn: Around['warn']): Promise<void> {
  try {
    await endpoint.modify(dialog.remote.sdp);
  } catch (error) {
    warn({ error }, 'the answer in the ACK could not be met');
    await endpoint.destroy();
  }
}
