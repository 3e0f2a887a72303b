import { openMedia } from '../rtp/media.js';
import { need, type Header, type SipRequest, type SipResponse } from '../sip/message.js';
import type { Call } from './call.js';
import type { Core } from './core.js';
import { dialogOut } from './dialog.js';
import { createSession, identity, newestHeader } from './session.js';

export type DialOptions = { readonly headers?: readonly Header[]; readonly delayedOffer?: boolean };

/** Sends an INVITE; the promise means that it is out, not that anybody answered. */
export async function dial(core: Core, to: string, options: DialOptions = {}): Promise<Call> {
  const target = to.startsWith('sip:') ? to : `sip:${to}@${core.domain}`;
  const media = await openMedia(core.transport.address, { keep: core.options.keep ?? true });
  const dialog = dialogOut(core, target);
  const session = createSession(core, dialog, media, () => undefined, () => undefined);
  const delayed = options.delayedOffer ?? core.options.delayedOffer ?? false;
  const extra = [...(core.options.headers ?? []), ...(options.headers ?? [])];
  let cancelling = false;
  let cancelled = false;

  core.dialogs.set(dialog.localTag, {
    onRequest: session.onRequest,
    onUnacknowledged: () => { session.finish('no_ack'); void session.common.send('BYE'); },
  });
  const sendCancel = (invite: SipRequest): void => {
    if (cancelled) return;
    cancelled = true;
    const keep = invite.headers.filter(([n]) => /^(via|max-forwards|from|to|call-id|route)$/i.test(n));
    const sequence = need(invite, 'CSeq').replace('INVITE', 'CANCEL');
    const request: SipRequest = { kind: 'request', method: 'CANCEL', uri: invite.uri, headers: [...keep, ['CSeq', sequence]], body: '' };
    core.client.send(request, { onResponse: () => undefined });
  };
  const onAnswered = (response: SipResponse, sent: SipRequest): void => {
    dialog.learn(response);
    let body = '';
    if (delayed) body = response.body === '' ? '' : (session.answerTo(response.body) ?? '');
    else if (response.body !== '') session.accept(response.body);
    core.client.sendOnce(dialog.same(sent, 'ACK', body));
    if (session.end() !== undefined) {
      if (session.responses.filter((r) => r.status < 300 && r.status >= 200).length === 1) void session.common.send('BYE');
      return;
    }
    session.move('talking');
    if (cancelling) void session.common.bye(); // it crossed our CANCEL
  };
  let first: SipRequest | undefined;
  const exchange = core.exchange((proof) => {
    const request = dialog.request('INVITE', [...extra, ...proof], delayed ? '' : session.offer());
    first ??= request;
    return request;
  }, (response, sent, local) => {
    session.responses.push(response);
    if (response.status > 100 && response.status < 200) {
      if (response.body !== '' && !delayed) session.accept(response.body);
      session.move('ringing');
    }
    if (response.status < 200 && cancelling) sendCancel(sent);
    if (response.status >= 200 && response.status < 300) onAnswered(response, sent);
    if (response.status >= 300) session.finish(local ? 'timeout' : cancelling ? 'cancelled' : 'refused', response);
    session.watch.changed();
  });
  const cancel = (): void => {
    cancelling = true;
    if (session.responses.length > 0 && session.state() !== 'talking') sendCancel(exchange.current());
  };
  return {
    ...session.common,
    direction: 'out',
    invite: () => first ?? exchange.current(),
    from: identity(exchange.current()),
    header: (name) => newestHeader(session, name),
    cancel,
    hangUp() {
      if (session.state() === 'talking') void session.common.bye();
      else if (session.state() !== 'ended') cancel();
    },
    ring: () => { throw new Error('an outgoing call cannot ring'); },
    answer: () => { throw new Error('an outgoing call cannot be answered here'); },
    reject: () => { throw new Error('an outgoing call cannot be rejected here'); },
  };
}
