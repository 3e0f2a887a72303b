import { EventEmitter } from 'node:events';
import type Srf from 'drachtio-srf';
import type { Ms } from '../base/index.js';
import type { SipDialog, SipPort } from './sip-port.js';

/** What drachtio-srf really takes and answers for requests inside a dialog that it does not hold; its types do not say so. */
interface RawSrf {
  request(uri: string, options: object, callback: (error: Error | null, request?: RawRequest) => void): void;
  addDialog(dialog: object): void;
  removeDialog(dialog: object): void;
}
interface RawRequest {
  on(event: 'response', listener: (response: { readonly status: number; readonly body: string }, ack: () => void) => void): void;
}
type Done = (error?: unknown) => void;

/**
 * A dialog that the last run of ours made, under the SIP server's name for it, so that its requests come here and ours go there.
 * Like a Dialog of drachtio-srf as far as legs and media endpoints use one: the descriptions are not known any more.
 */
export function reviveDialog(sip: SipPort, id: string): SipDialog {
  const srf = sip.srf as unknown as RawSrf;
  const [callId = ''] = id.split(';', 1);
  const over = (): void => {
    dialog.connected = false;
    srf.removeDialog(dialog);
  };
  const dialog = Object.assign(new EventEmitter(), {
    id, connected: true,
    sip: { callId, localTag: '', remoteTag: '' },
    local: { uri: '', sdp: '', contact: '' }, remote: { uri: '', sdp: '' },
    handle(req: Srf.SrfRequest, res: Srf.SrfResponse): void {
      if (req.method === 'BYE') {
        over();
        res.send(200);
        dialog.emit('destroy', req);
        dialog.removeAllListeners();
      } else if (req.method === 'ACK') dialog.emit('ack', req);
      else if (!dialog.emit(req.method === 'INVITE' ? 'modify' : req.method.toLowerCase(), req, res)) res.send(req.method === 'INVITE' ? 488 : 200);
    },
    destroy(_options: object, done: Done = () => undefined): void {
      over();
      srf.request('', { method: 'BYE', stackDialogId: id, headers: {} }, (error, request) => {
        if (error || !request) return done(error);
        request.on('response', () => done());
      });
      dialog.removeAllListeners();
    },
    modify: (sdp: string): Promise<string> =>
      new Promise((resolve, reject) => {
        srf.request('', { method: 'INVITE', stackDialogId: id, body: sdp, headers: { 'Content-Type': 'application/sdp' } }, (error, request) => {
          if (error || !request) return reject(error ?? new Error('the re-INVITE was not sent'));
          request.on('response', ({ status, body }, ack) => {
            if (status < 200) return;
            if (status >= 300) return reject(new Error(`the re-INVITE was answered ${status}`));
            ack();
            resolve(body);
          });
        });
      }),
  });
  srf.addDialog(dialog);
  return dialog as unknown as SipDialog;
}

/**
 * Whether the dialog still stands, by OPTIONS in it (RFC 3261 §11.2, §12.2.1.2): that also tells the SIP server whose it is
 * now. A phone that does not answer counts as there: its audio will tell.
 */
export function stands(sip: SipPort, id: string, patienceMs: Ms): Promise<boolean> {
  const srf = sip.srf as unknown as RawSrf;
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(true), patienceMs);
    const settle = (yes: boolean): void => {
      clearTimeout(timer);
      resolve(yes);
    };
    try {
      srf.request('', { method: 'OPTIONS', stackDialogId: id, headers: {} }, (error, request) => {
        if (error || !request) return settle(false);
        request.on('response', ({ status }) => {
          if (status >= 200) settle(status !== 481 && status !== 408);
        });
      });
    } catch {
      settle(false); // the SIP server is not connected
    }
  });
}
