import type { Conversation } from '../../desk/conversations/index.js';
import type { FileView } from '../../desk/files/index.js';
import { appPartyIn } from './app-party.js';
import { createApps, type AppDesk } from './apps.js';
import { createBudget } from './budget.js';
import { createDesk, type ChatDesk } from './desk.js';
import { ChatFault } from './errors.js';
import { createIdle } from './idle.js';
import { openLine, type Exchange, type Line } from './line.js';
import { createPlaces } from './places.js';
import type { ChatDeps, VisitorSocket } from './ports.js';
import { shownPlace } from './shown.js';

/** Chat with visitors of web pages and apps. */
export interface Chat {
  readonly desk: ChatDesk;
  readonly apps: AppDesk;
  /** Before a connection is taken over. @throws ChatFault chat.foreign_page, chat.too_many */
  admit(from: { readonly source: string; readonly origin: string | undefined; readonly host: string | undefined }): () => void;
  /** Whether a page of there may ask anything. @throws ChatFault chat.foreign_page */
  mayAsk(from: { readonly origin: string | undefined; readonly host: string | undefined }): void;
  connect(socket: VisitorSocket, free: () => void): Line;
  /** One more new visitor from there. @throws ChatFault chat.too_many */
  newcomer(source: string): void;
  /** @throws ChatFault chat.too_many, FileFault */
  upload(visitor: string, content: AsyncIterable<Uint8Array>, name: string): Promise<FileView>;
  lines(): number;
  close(): void;
}

export function createChat(deps: ChatDeps): Chat {
  const { config, conversations, queue, files, log } = deps;
  const clock = (): number => performance.now();
  const desk = createDesk(deps);
  const limits = () => config().limits;
  const newcomers = createBudget({ most: () => limits().sessionsPerMinute, windowMs: 60_000, now: clock });
  const uploads = createBudget({ most: () => limits().filesPerHour, windowMs: 3_600_000, now: clock });
  const open = new Set<Line>();
  const sockets = new Map<string, number>();
  const byVisitor = new Map<string, number>();
  const followers = new Map<string, Set<Line>>();
  const leaving = new Map<string, NodeJS.Timeout>();
  const places = createPlaces(deps, (id, place) => followers.get(id)?.forEach((line) => line.tell(shownPlace(place))));
  const count = (map: Map<string, number>, key: string, by: 1 | -1): void => {
    const left = (map.get(key) ?? 0) + by;
    if (left > 0) map.set(key, left);
    else map.delete(key);
  };
  /** Nobody follows it: after a while its visitor has left. */
  const watchLeaving = (conversation: Conversation): void => {
    const { id, state } = conversation;
    clearTimeout(leaving.get(id));
    leaving.delete(id);
    // Of whom an app speaks for no socket tells whether he is there.
    if (state === 'ended' || followers.has(id) || appPartyIn(conversation) !== undefined) return;
    const { abandonMs, goneMs } = config().times;
    leaving.set(id, setTimeout(() => leave(id), state === 'talking' ? goneMs : abandonMs).unref());
  };
  const leave = (id: string): void => {
    leaving.delete(id);
    try {
      const found = conversations.find(id);
      if (found && found.state !== 'ended') queue.end(id, found.visitor === null ? 'system' : `visitor:${found.visitor}`, found.state === 'talking' ? 'visitor_gone' : 'abandoned');
    } catch (error) {
      log.error({ err: error, conversation: id }, 'a conversation whose visitor is gone could not be ended');
    }
  };
  const exchange: Exchange = {
    ...deps, desk,
    frames: createBudget({ most: () => limits().framesPer10s, windowMs: 10_000, now: clock }), messages: createBudget({ most: () => Math.max(5, limits().framesPer10s / 2), windowMs: 10_000, now: clock }),
    admitted(visitor) {
      if ((byVisitor.get(visitor) ?? 0) >= limits().socketsPerVisitor) return false;
      count(byVisitor, visitor, 1);
      return true;
    },
    released: (visitor) => count(byVisitor, visitor, -1),
    attached(conversation, line) {
      const lines = followers.get(conversation.id) ?? new Set();
      const news = !lines.has(line);
      followers.set(conversation.id, lines.add(line));
      watchLeaving(conversation);
      places.watch(conversation);
      if (news) places.again(conversation);
    },
    detached(id, line) {
      const lines = followers.get(id);
      lines?.delete(line);
      if (!lines || lines.size > 0) return;
      followers.delete(id);
      places.forget(id);
      const found = conversations.find(id);
      if (found) watchLeaving(found);
    },
  };
  // Those of the last run whose visitors do not come back, and whatever changes while nobody follows.
  for (const one of conversations.live()) if (one.channel === 'chat') watchLeaving(one);
  const unfollow = conversations.followAll((live) => {
    if (live.is === 'changed' && live.conversation.channel === 'chat' && !followers.has(live.conversation.id)) watchLeaving(live.conversation);
  });
  const idle = createIdle({ ...deps, attended: (id) => followers.has(id), end: (id) => void queue.end(id, 'system', 'idle') });
  const sweep = setInterval(() => {
    try {
      desk.visitors.sweep(config().trail?.keepMs ?? 0);
    } catch (error) {
      log.error({ err: error }, 'old visitors could not be removed');
    }
  }, 600_000).unref();
  const mayAsk: Chat['mayAsk'] = ({ origin, host }) => {
    // Programs and apps send no Origin; browsers always do.
    const ours = origin === undefined || config().origins.includes(origin) || (URL.canParse(origin) && new URL(origin).host === host);
    if (!ours) throw new ChatFault('chat.foreign_page', 'this page may not open a chat here', 'chat.origins lists the sites that may');
  };
  return {
    desk, mayAsk, apps: createApps(deps, desk.visitors),
    admit({ source, ...from }) {
      mayAsk(from);
      if ((sockets.get(source) ?? 0) >= limits().socketsPerAddress) throw new ChatFault('chat.too_many', 'too many connections from this address', 'close some');
      count(sockets, source, 1);
      let held = true;
      return () => {
        if (held) count(sockets, source, -1);
        held = false;
      };
    },
    connect(socket, free) {
      const line = openLine(exchange, socket);
      open.add(line);
      const shared: Line = {
        ...line,
        get visitor() {
          return line.visitor;
        },
        gone() {
          if (!open.delete(line)) return;
          free();
          line.gone();
        },
      };
      return shared;
    },
    newcomer(source) {
      if (!newcomers.take(source)) throw new ChatFault('chat.too_many', 'too many new visitors from this address', 'wait a minute');
    },
    upload(visitor, content, name) {
      if (!uploads.take(visitor)) throw new ChatFault('chat.too_many', 'too many files', 'wait some minutes');
      return files.add({ content, name, by: `visitor:${visitor}` });
    },
    lines: () => open.size,
    close() {
      clearInterval(sweep);
      unfollow();
      idle.close();
      places.close();
      for (const timer of leaving.values()) clearTimeout(timer);
      leaving.clear();
    },
  };
}
