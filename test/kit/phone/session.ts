import { createWatch, type Watch } from '../wait.js';
import type { Media } from '../rtp/media.js';
import { displayIn, header, need, userIn, type SipMessage, type SipRequest, type SipResponse } from '../sip/message.js';
import { common, isVoice, mirrored, readSdp, writeSdp, type Direction } from '../sip/sdp.js';
import type { Incoming } from '../sip/server.js';
import { CallFailed, type Call, type CallEnd, type CallState } from './call.js';
import type { Core } from './core.js';
import type { Dialog } from './dialog.js';

/** What outgoing and incoming calls share: state, SDP, and everything that happens inside the dialog. */
export type Session = {
  readonly watch: Watch;
  readonly dialog: Dialog;
  readonly responses: SipResponse[];
  readonly state: () => CallState;
  readonly end: () => CallEnd | undefined;
  readonly move: (state: 'ringing' | 'talking') => void;
  readonly finish: (by: CallEnd['by'], message?: SipMessage) => void;
  readonly offer: (direction?: Direction) => string;
  /** Our answer to this offer, or undefined where no codec is common. */
  readonly answerTo: (offer: string) => string | undefined;
  /** Takes the other side's answer to our offer. */
  readonly accept: (answer: string) => void;
  readonly onRequest: (incoming: Incoming) => void;
  readonly common: Pick<Call, 'bye' | 'reinvite' | 'hold' | 'resume' | 'send' | 'ringing' | 'answered' | 'ended' | 'until' | 'times' | 'media' | 'callId' | 'state' | 'end' | 'requests' | 'responses'>;
};

export const identity = (invite: SipRequest): { user: string; display: string } => {
  const from = need(invite, 'From');
  return { user: userIn(from), display: displayIn(from) };
};

export function createSession(core: Core, dialog: Dialog, media: Media, onAck: (ack: SipRequest) => void, onCancel: () => void): Session {
  const watch = createWatch();
  const sdpSession = String(Math.floor(Math.random() * 1e9));
  const requests: SipRequest[] = [];
  const responses: SipResponse[] = [];
  const times = { invited: performance.now(), rang: undefined as number | undefined, answered: undefined as number | undefined, ended: undefined as number | undefined };
  let state: CallState = 'calling';
  let end: CallEnd | undefined;
  let version = 0;
  let own: Direction = 'sendrecv';
  let inviting = false; // a re-INVITE of ours is under way

  const describe = (codecs: Core['codecs'], direction: Direction): string => {
    version += 1;
    return writeSdp({ address: media.address, port: media.port, codecs, direction, profile: 'RTP/AVP', ptimeMs: 20 }, sdpSession, version);
  };
  const offer = (direction: Direction = own): string => describe(core.codecs, direction);
  const accept = (text: string): void => {
    const theirs = readSdp(text);
    media.connect({ ...theirs, codecs: common(core.codecs, theirs.codecs) });
  };
  const answerTo = (text: string): string | undefined => {
    const theirs = readSdp(text);
    const codecs = common(core.codecs, theirs.codecs);
    if (!codecs.some(isVoice)) return undefined;
    media.connect({ ...theirs, codecs });
    return describe(codecs, own === 'sendrecv' ? mirrored(theirs.direction) : own);
  };
  const finish = (by: CallEnd['by'], message?: SipMessage): void => {
    if (end !== undefined) return;
    const response = message?.kind === 'response' ? message : undefined;
    end = { by, status: response?.status ?? 0, reason: response?.reason ?? '', headers: message?.headers ?? [] };
    state = 'ended';
    times.ended = performance.now();
    media.close();
    setTimeout(() => core.dialogs.delete(dialog.localTag), 32_000).unref();
    watch.changed();
  };
  const send: Call['send'] = (method, headers = [], body = '') =>
    new Promise((resolve) => {
      core.exchange((proof) => dialog.request(method, [...headers, ...proof], body), (response) => {
        if (response.status >= 200) resolve(response);
      });
    });
  const reinvite: Call['reinvite'] = (direction = own) =>
    new Promise((resolve) => {
      inviting = true;
      core.exchange((proof) => dialog.request('INVITE', proof, offer(direction)), (response, sent) => {
        if (response.status < 200) return;
        inviting = false;
        responses.push(response);
        if (response.status < 300) {
          own = direction;
          dialog.learn(response);
          core.client.sendOnce(dialog.same(sent, 'ACK'));
          if (response.body !== '') accept(response.body);
        }
        resolve(response.status);
      });
    });
  function onReinvite({ request, respond }: Incoming): void {
    if (inviting) return respond({ status: 491 }); // glare, RFC 3261 §14.2
    dialog.learn(request);
    const body = request.body === '' ? offer() : answerTo(request.body);
    if (body === undefined) return respond({ status: 488 });
    respond({ status: 200, headers: [['Contact', core.contact], ['Content-Type', 'application/sdp']], body });
  }
  function onRequest(incoming: Incoming): void {
    const { request, respond } = incoming;
    requests.push(request);
    if (request.method === 'ACK') onAck(request);
    else if (request.method === 'CANCEL') onCancel();
    else if (end !== undefined) respond({ status: request.method === 'BYE' ? 200 : 481 }); // two BYEs may cross
    else if (request.method === 'BYE') {
      respond({ status: 200 });
      finish('them', request);
    } else if (request.method === 'INVITE') onReinvite(incoming);
    else if (request.method === 'UPDATE' && request.body !== '') {
      const body = answerTo(request.body);
      respond(body === undefined ? { status: 488 } : { status: 200, headers: [['Contact', core.contact], ['Content-Type', 'application/sdp']], body });
    } else respond({ status: request.method === 'REFER' ? 202 : 200 });
    watch.changed();
  }
  /** True at `time`; false before; throws once the call has ended without. */
  const reached = (time: number | undefined): boolean => {
    if (time === undefined && end !== undefined) throw new CallFailed(end);
    return time !== undefined;
  };
  return {
    watch, dialog, responses, offer, answerTo, accept, finish, onRequest,
    state: () => state,
    end: () => end,
    move(next) {
      if (state === 'ended') return;
      state = next;
      if (next === 'ringing') times.rang ??= performance.now();
      else times.answered ??= performance.now();
      watch.changed();
    },
    common: {
      media, requests, responses, times, send, reinvite,
      callId: dialog.callId,
      state: () => state,
      end: () => end,
      until: watch.until,
      ringing: (ms = 5000) => watch.until('ringing', ms, () => reached(times.rang ?? times.answered)),
      answered: (ms = 10_000) => watch.until('answer', ms, () => reached(times.answered)),
      async ended(ms = 10_000) {
        await watch.until('end of call', ms, () => end !== undefined);
        return end ?? { by: 'us', status: 0, reason: '', headers: [] };
      },
      hold: () => reinvite('sendonly'),
      resume: () => reinvite('sendrecv'),
      async bye() {
        finish('us');
        return (await send('BYE')).status;
      },
    },
  };
}

export const newestHeader = (session: Session, name: string): string | undefined => {
  const newest = session.responses.at(-1);
  return newest === undefined ? undefined : header(newest, name);
};
