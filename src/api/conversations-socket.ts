import { z } from 'zod';
import type { WebSocket } from 'ws';
import type { Principal } from '../access/index.js';
import type { Live } from '../desk/conversations/index.js';
import { conversationFor, messageFor, seesNotes } from './conversations-schema.js';
import { Forbidden } from './errors.js';
import { byTicket, type Tickets } from './events/index.js';
import { veilOf } from './fields.js';
import type { Asker, ConversationDesk } from './ports.js';
import { webSockets, type UpgradeHandler } from './upgrade.js';

const Typing = z.strictObject({ type: z.literal('typing'), conversation: z.string().max(100), on: z.boolean() });
const FULL = 1024 * 1024;

/** /v1/conversations/ws: what is said, read and being written in conversations of whoever opens it; he may say that he is writing. */
export const conversationSocket = (desk: ConversationDesk, tickets: Tickets, failed: (error: unknown) => void): UpgradeHandler =>
  webSockets<Asker & { readonly party: string }>({
    maxBytes: 1_024, failed,
    admit(request, url) {
      const principal = byTicket(tickets, request, url);
      const scope = principal.may('conversations.read');
      if (scope === undefined) throw new Forbidden('conversations.read');
      return { principal, scope, party: principal.agent === null ? `user:${principal.id}` : `agent:${principal.agent}` };
    },
    connected(socket, asker) {
      const seen = new Map<string, boolean>();
      const reaches = (live: Live): boolean => {
        const id = live.is === 'message' ? live.message.conversation : live.is === 'changed' ? live.conversation.id : live.conversation;
        // Who takes part changes with the conversation, and nothing else says so.
        if (live.is === 'changed' || !seen.has(id)) {
          const conversation = live.is === 'changed' ? live.conversation : desk.conversations.find(id);
          if (conversation?.state === 'ended' && live.is === 'changed') queueMicrotask(() => seen.delete(id));
          seen.set(id, conversation !== undefined && desk.reaches(asker, conversation));
        }
        return seen.get(id) === true;
      };
      const stop = desk.conversations.followAll((live) => {
        if (!reaches(live) || (isNote(live) && !seesNotes(asker.principal))) return;
        if (socket.bufferedAmount > FULL) return socket.terminate();
        socket.send(JSON.stringify(shown(asker.principal, live)));
      });
      const gone = (): void => socket.close(1008, 'no longer allowed');
      asker.principal.gone.addEventListener('abort', gone, { once: true });
      const beat = keepAlive(socket);
      socket.on('close', () => {
        stop();
        clearInterval(beat);
        asker.principal.gone.removeEventListener('abort', gone);
      });
      socket.on('message', (data: Buffer) => {
        const frame = Typing.safeParse(jsonOf(data.toString()));
        if (!frame.success) return socket.close(1008, 'only {"type":"typing","conversation":…,"on":…} is taken here');
        const conversation = desk.conversations.find(frame.data.conversation);
        if (conversation && desk.reaches(asker, conversation)) desk.conversations.typing(conversation.id, asker.party, frame.data.on);
      });
    },
  });

const isNote = (live: Live): boolean => (live.is === 'message' ? live.message.visibility : live.is === 'typing' ? live.visibility : 'public') === 'internal';

function shown(principal: Principal, live: Live): object {
  switch (live.is) {
    case 'message': return { type: 'message', message: messageFor(principal, live.message) };
    case 'changed': return { type: 'conversation', conversation: conversationFor(principal, live.conversation) };
    case 'read': return { type: 'read', conversation: live.conversation, party: live.party, seq: live.seq };
    case 'typing': return { type: 'typing', conversation: live.conversation, party: live.party, name: live.name && veilOf(principal)(live.name), on: live.on };
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema says no to it
  }
}

/** A side that is gone without a word is noticed. */
export function keepAlive(socket: WebSocket, everyMs = 20_000): NodeJS.Timeout {
  let heard = true;
  socket.on('pong', () => (heard = true));
  return setInterval(() => {
    if (!heard) return socket.terminate();
    heard = false;
    socket.ping();
  }, everyMs).unref();
}
