import { cseq, header, need, param, uriIn, values, type Header, type SipRequest, type SipResponse } from '../sip/message.js';
import { token, type Core } from './core.js';

/** RFC 3261 §12 as one side keeps it. */
export type Dialog = {
  readonly callId: string;
  readonly localTag: string;
  /** A new request in this dialog, CSeq counted up. */
  readonly request: (method: string, extra?: readonly Header[], body?: string) => SipRequest;
  /** ACK of the 2xx to this INVITE, CANCEL of it: same CSeq number. */
  readonly same: (invite: SipRequest, method: 'ACK', body?: string) => SipRequest;
  /** Takes tag, target and routes from a response to our INVITE, or from a request of the other side. */
  readonly learn: (message: SipRequest | SipResponse) => void;
  readonly established: () => boolean;
};

const typed = (body: string): Header[] => (body === '' ? [] : [['Content-Type', 'application/sdp']]);

export function dialogOut(core: Core, target: string): Dialog {
  return dialog(core, token(), token(), `${core.options.displayName === undefined ? '' : `"${core.options.displayName}" `}<${core.aor}>`, `<${target}>`, target);
}

export function dialogIn(core: Core, invite: SipRequest): Dialog {
  const strip = (value: string): string => value.replace(/;\s*tag=[^;]*/i, '');
  const made = dialog(core, need(invite, 'Call-ID'), token(), strip(need(invite, 'To')), strip(need(invite, 'From')), invite.uri);
  made.learn(invite);
  return made;
}

function dialog(core: Core, callId: string, localTag: string, local: string, remote: string, firstTarget: string): Dialog {
  let target = firstTarget;
  let remoteTag: string | undefined;
  let routes: readonly string[] = [];
  let number = 1 + Math.floor(Math.random() * 1000);

  const build = (method: string, sequence: number, extra: readonly Header[], body: string): SipRequest => ({
    kind: 'request', method, uri: target, body,
    headers: [
      core.via(), ['Max-Forwards', '70'], ...routes.map((route): Header => ['Route', route]),
      ['From', `${local};tag=${localTag}`], ['To', remoteTag === undefined ? remote : `${remote};tag=${remoteTag}`],
      ['Call-ID', callId], ['CSeq', `${String(sequence)} ${method}`], ['Contact', core.contact], ['User-Agent', 'strowger-kit'],
      ['Allow', 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY, REFER, MESSAGE'], ...extra, ...typed(body),
    ],
  });
  return {
    callId,
    localTag,
    request(method, extra = [], body = '') {
      number += 1;
      return build(method, number, extra, body);
    },
    same(invite, method, body = '') {
      const proof = invite.headers.filter(([n]) => /^(proxy-)?authorization$/i.test(n));
      return build(method, cseq(invite).number, proof, body);
    },
    learn(message) {
      const contact = header(message, 'Contact');
      if (contact !== undefined) target = uriIn(contact);
      if (remoteTag !== undefined && message.kind === 'request') return;
      remoteTag = param(need(message, message.kind === 'request' ? 'From' : 'To'), 'tag') ?? remoteTag;
      const recorded = values(message, 'Record-Route');
      routes = message.kind === 'request' ? recorded : recorded.reverse();
    },
    established: () => remoteTag !== undefined,
  };
}
