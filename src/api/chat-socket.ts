import type { VisitorSocket } from '../channels/chat/index.js';
import { keepAlive } from './conversations-socket.js';
import { TokenInUrl } from './errors.js';
import type { ChatDoor } from './ports.js';
import { sourceBy } from './trail.js';
import { webSockets, type UpgradeHandler } from './upgrade.js';

/** /v1/chat/ws: visitors. Who it is stands in the first frame, for a token has no place in a URL. */
export const chatSocket = ({ chat, frameBytes }: ChatDoor, trusted: () => readonly string[], failed: (error: unknown) => void): UpgradeHandler => {
  const sourceOf = sourceBy(trusted);
  return webSockets<() => void>({
    maxBytes: frameBytes(), failed,
    admit(request, url) {
      for (const name of ['token', 'access_token']) if (url.searchParams.has(name)) throw new TokenInUrl(name);
      const forwarded = request.headers['x-forwarded-for'];
      const source = sourceOf(request.socket.remoteAddress, Array.isArray(forwarded) ? forwarded.join(',') : forwarded);
      return chat.admit({ source, origin: request.headers.origin, host: request.headers.host });
    },
    connected(socket, free) {
      const side: VisitorSocket = { send: (text) => socket.send(text), close: (code, why) => socket.close(code, why), waiting: () => socket.bufferedAmount };
      const line = chat.connect(side, free);
      const beat = keepAlive(socket);
      socket.on('message', (data: Buffer, binary) => (binary ? socket.close(1003, 'text only') : line.heard(data.toString())));
      socket.on('close', () => {
        clearInterval(beat);
        line.gone();
      });
    },
  });
};
