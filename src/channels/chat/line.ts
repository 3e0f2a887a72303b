import type { Ms } from '../../base/index.js';
import { StrowgerError } from '../../base/index.js';
import type { Conversation, Live } from '../../desk/conversations/index.js';
import type { Budget } from './budget.js';
import type { ChatDesk, Lang } from './desk.js';
import { ChatFault } from './errors.js';
import { invitationFor } from './invitations.js';
import type { ChatDeps, VisitorSocket } from './ports.js';
import { readFrame, type Frame } from './protocol.js';
import { shownMessage, shownSettings, shownState } from './shown.js';
import type { Visitor } from './visitors.js';

/** What all lines share. */
export interface Exchange extends ChatDeps {
  readonly desk: ChatDesk;
  readonly frames: Budget;
  readonly messages: Budget;
  /** A line of this visitor is open: answers whether there was room for one more. */
  admitted(visitor: string): boolean;
  released(visitor: string): void;
  /** Somebody follows this conversation, or no longer. */
  attached(conversation: Conversation, line: Line): void;
  detached(conversation: string, line: Line): void;
}
export interface Line {
  readonly visitor: Visitor | undefined;
  heard(data: string): void;
  tell(frame: object): void;
  gone(): void;
}
const HELLO_MS: Ms = 10_000;
/** Messages sent at once to somebody who comes back, and bytes that may wait for a slow reader. */
const MOST_MISSED = 500;
const FULL = 1024 * 1024;
const CLOSE = { policy: 1008, tooMuch: 1013 } as const;

/** One browser's connection: what it says goes to the desk, what happens in its conversation comes back. */
export function openLine(x: Exchange, socket: VisitorSocket): Line {
  let visitor: Visitor | undefined;
  let following: { readonly id: string; readonly stop: () => void; over: boolean } | undefined;
  let [closed, warned] = [false, 0];
  let invite: NodeJS.Timeout | undefined;
  const made = new Set<string>();
  let pages = 0;
  const tooLate = setTimeout(() => close(CLOSE.policy, 'no hello'), HELLO_MS).unref();
  const close = (code: number, why: string): void => {
    if (!closed) socket.close(code, why);
  };
  const send = (frame: object): void => {
    if (closed) return;
    if (socket.waiting() > FULL) return close(CLOSE.tooMuch, 'you read too slowly');
    socket.send(JSON.stringify(frame));
  };
  const lang = (): Lang => (visitor?.language === 'en' ? 'en' : 'zh-CN');
  const party = (): string => `visitor:${visitor?.id ?? ''}`;
  const hear = (live: Live): void => {
    switch (live.is) {
      case 'message': return live.message.visibility === 'public' ? send({ type: 'message', ...shownMessage(live.message, x.files, x.now()) }) : undefined;
      case 'changed':
        if (following) following.over = live.conversation.state === 'ended';
        x.attached(live.conversation, line);
        return send({ type: 'state', ...shownState(live.conversation) });
      case 'read': return send({ type: 'read', by: live.party.startsWith('visitor:') ? 'visitor' : 'agent', seq: live.seq });
      case 'typing': return live.party !== party() && live.visibility === 'public' ? send({ type: 'typing', by: live.party.startsWith('visitor:') ? 'visitor' : 'agent', name: live.name, on: live.on }) : undefined;
    }
  };
  const detach = (): void => {
    following?.stop();
    if (following) x.detached(following.id, line);
    following = undefined;
  };
  const attach = (conversation: Conversation): void => {
    if (following?.id === conversation.id) return;
    detach();
    following = { id: conversation.id, stop: x.conversations.follow(conversation.id, hear), over: conversation.state === 'ended' };
    x.attached(conversation, line);
  };
  const mine = (): string => {
    // What he follows is his; it is looked up again only once it has ended.
    if (following && !following.over) return following.id;
    const found = visitor && x.desk.current(visitor);
    if (!found) throw new ChatFault('chat.no_conversation', 'there is no conversation', 'send "start" first');
    attach(found);
    return found.id;
  };
  const welcome = (who: Visitor, after: number): void => {
    const current = x.desk.current(who);
    const missed = current ? x.conversations.messages(current.id, after, MOST_MISSED + 1, false) : [];
    if (current) attach(current);
    send({
      type: 'welcome', visitor: who.id, settings: shownSettings(x.config(), lang(), x.queue.open(x.config().queue)), consent: who.consent, conversation: current ? shownState(current) : null,
      messages: missed.slice(0, MOST_MISSED).map((m) => shownMessage(m, x.files, x.now())), more: missed.length > MOST_MISSED,
    });
  };
  const hello = (frame: Extract<Frame, { type: 'hello' }>): void => {
    const found = x.desk.visitors.byToken(frame.token);
    if (!found) {
      send({ type: 'error', code: 'chat.no_session', message: 'this session is over' });
      return close(CLOSE.policy, 'no session');
    }
    if (!visitor) {
      if (!x.admitted(found.id)) return close(CLOSE.policy, 'too many connections');
      clearTimeout(tooLate);
    } else if (visitor.id !== found.id) return close(CLOSE.policy, 'another visitor');
    visitor = found;
    welcome(found, frame.after);
  };
  const page = (who: Visitor, url: string, title: string | null): void => {
    const { trail, invitations } = x.config();
    if (!trail || !who.consent) throw new ChatFault('chat.not_allowed', 'without consent nobody is followed', 'send "consent" first');
    pages += 1;
    x.desk.visitors.visited(who.id, { url, title });
    if (who.customer !== null && x.customers.canonical(who.customer) !== undefined) x.events.publish('conversation.page_visited', `customer:${who.customer}`, { customer: who.customer, url });
    clearTimeout(invite);
    const one = invitationFor(invitations, { url, pages, made });
    if (!one || (following && !following.over)) return;
    invite = setTimeout(() => {
      if (following && !following.over) return;
      made.add(one.name);
      send({ type: 'invitation', name: one.name, text: one.text[lang()] });
    }, one.afterMs).unref();
  };
  const act = (who: Visitor, frame: Exclude<Frame, { type: 'hello' }>): void => {
    switch (frame.type) {
      case 'ping': return send({ type: 'pong' });
      case 'start': {
        const conversation = x.desk.start(who, frame);
        visitor = x.desk.visitors.known(who.id) ?? who;
        attach(conversation);
        clearTimeout(invite);
        return send({ type: 'started', client_id: frame.client_id, conversation: shownState(x.conversations.get(conversation.id)) });
      }
      case 'say': {
        if (!x.messages.take(who.id)) throw new ChatFault('chat.too_many', 'too many messages', 'wait some seconds');
        if (frame.text.length > x.config().limits.textLength) throw new ChatFault('chat.refused', 'this message is too long');
        const { message } = x.conversations.say(mine(), { by: party(), name: who.name ?? undefined, text: frame.text, file: frame.file, clientId: frame.client_id });
        return send({ type: 'ack', client_id: frame.client_id, seq: message.seq, id: message.id, at: new Date(message.at).toISOString() });
      }
      case 'typing': return x.conversations.typing(mine(), party(), frame.on);
      case 'read': return x.conversations.read(mine(), party(), frame.seq);
      case 'page': return page(who, frame.url, frame.title ?? null);
      case 'consent':
        x.desk.visitors.change(who.id, { consent: frame.browsing });
        visitor = { ...who, consent: frame.browsing };
        return;
      case 'end': return void x.queue.end(mine(), party(), 'visitor');
      case 'rate': return void x.conversations.rate(mine(), frame.rating, frame.comment);
      case 'transcript':
        x.desk.transcript(who, frame.email);
        return send({ type: 'done', what: 'transcript' });
      case 'call_me':
        x.callBack(x.conversations.get(mine()), frame.number, party());
        return send({ type: 'done', what: 'call_me', client_id: frame.client_id });
    }
  };
  const complain = (error: unknown, frame: Frame): void => {
    if (!(error instanceof StrowgerError)) x.log.error({ err: error, frame: frame.type }, 'a visitor could not be served');
    const known = error instanceof StrowgerError ? { code: error.code, message: error.message } : { code: 'internal', message: 'something went wrong with us' };
    send({ type: 'error', ...known, ...('client_id' in frame ? { client_id: frame.client_id } : {}), ...(error instanceof ChatFault && error.fields.length > 0 ? { fields: error.fields } : {}), for: frame.type });
  };
  const line: Line = {
    get visitor() {
      return visitor;
    },
    tell: send,
    heard(data) {
      if (closed) return;
      const frame = readFrame(data);
      if (!frame) return close(CLOSE.policy, 'this is no frame of ours');
      if (visitor && !x.frames.take(visitor.id)) {
        if ((warned += 1) > 20) return close(CLOSE.policy, 'too much at once');
        return complain(new ChatFault('chat.too_many', 'too much at once', 'wait some seconds'), frame);
      }
      try {
        if (frame.type === 'hello') hello(frame);
        else if (!visitor) close(CLOSE.policy, 'hello comes first');
        else act(visitor, frame);
      } catch (error) {
        complain(error, frame);
      }
    },
    gone() {
      closed = true;
      clearTimeout(tooLate);
      clearTimeout(invite);
      detach();
      if (visitor) x.released(visitor.id);
    },
  };
  return line;
}
