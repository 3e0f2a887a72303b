import { openMedia } from '../rtp/media.js';
import { header, type Header } from '../sip/message.js';
import type { Answer, Incoming } from '../sip/server.js';
import type { Call } from './call.js';
import type { Core } from './core.js';
import { dialogIn } from './dialog.js';
import { createSession, identity } from './session.js';

/** An INVITE that reached this phone, before anybody decided about it. Only 100 has been sent. */
export async function receive(core: Core, incoming: Incoming): Promise<{ readonly call: Call; readonly cancelled: () => void }> {
  const { request: invite } = incoming;
  incoming.respond({ status: 100 });
  const media = await openMedia(core.transport.address, { keep: core.options.keep ?? true });
  const dialog = dialogIn(core, invite);
  const delayed = invite.body === '';
  const onCancel = (): void => {
    if (session.state() !== 'calling' && session.state() !== 'ringing') return;
    respond({ status: 487 });
    session.finish('cancelled', invite);
  };
  const session = createSession(core, dialog, media, (ack) => {
    if (delayed && ack.body !== '') session.accept(ack.body);
    session.watch.changed();
  }, onCancel);
  const contact: Header = ['Contact', core.contact];
  const respond = (answer: Answer): void => { incoming.respond({ ...answer, toTag: dialog.localTag }); };
  const sdp = (status: number, body: string): void =>
    respond({ status, headers: [contact, ['Content-Type', 'application/sdp']], body });
  core.dialogs.set(dialog.localTag, {
    onRequest: session.onRequest,
    onUnacknowledged: () => {
      session.finish('no_ack');
      void session.common.send('BYE');
    },
  });
  const reject = (status: number, reason?: string): void => {
    if (session.state() === 'talking' || session.state() === 'ended') return;
    respond(reason === undefined ? { status } : { status, reason });
    session.finish('us', { kind: 'response', status, reason: reason ?? '', headers: [], body: '' });
  };
  const body = (): string | undefined => (delayed ? session.offer() : session.answerTo(invite.body));
  const call: Call = {
    ...session.common,
    direction: 'in',
    invite: () => invite,
    from: identity(invite),
    header: (name) => header(invite, name),
    ring(earlyMedia = false) {
      if (session.state() === 'ended') return;
      const early = earlyMedia ? body() : undefined;
      if (early === undefined) respond({ status: 180, headers: [contact] });
      else sdp(183, early);
      session.move('ringing');
    },
    answer() {
      if (session.state() === 'ended') return; // the caller's CANCEL was faster
      const answer = body();
      if (answer === undefined) return reject(488);
      sdp(200, answer);
      session.move('talking');
    },
    reject,
    cancel: () => { throw new Error('an incoming call cannot be cancelled here'); },
    hangUp() {
      if (session.state() === 'talking') void session.common.bye();
      else reject(603);
    },
  };
  return { call, cancelled: onCancel };
}
