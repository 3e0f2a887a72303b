import { join } from 'node:path';
import type { Acd, Carriers, Channel } from '../acd/index.js';
import type { TextDesk } from '../api/index.js';
import { createMailer, type Mailer } from '../channels/mail/index.js';
import { createFiles, type Files, type FileView } from '../desk/files/index.js';
import { createDesktops, createReachability, createTextOffers, type Desktops, type Reachability, type TextChannel, type TextOffers } from '../wiring/index.js';
import type { Ground } from './rooms.js';

/** What channels of written words share: files, mail, offers that are answered by API, and agents' desktops. */
export interface TextGround {
  readonly files: Files;
  readonly mailer: Mailer;
  readonly offers: TextOffers;
  readonly desktops: Desktops;
  readonly reachability: Reachability;
  /** One a channel, by `carry`. */
  readonly carriers: Carriers;
  /** Before the queues are made. */
  carry(channel: Channel, text: TextChannel): void;
  /** Who may open files of subjects that begin so: `conversation`, `ticket`. */
  guard(kind: string, mayOpen: Guard): void;
  readonly api: TextDesk;
  close(): Promise<void>;
}
type Guard = (asker: Parameters<TextDesk['mayOpen']>[0], file: FileView) => boolean;

/** Channels whose contacts an agent at the desktop can be given. */
const TEXT_CHANNELS: readonly Channel[] = ['chat', 'app', 'ticket'];

export function layTextGround({ settings, live, store, events, log }: Ground, acd: () => Acd): TextGround {
  const files = createFiles({ store, folder: join(settings.folders.data, 'files'), log });
  const mailer = createMailer({ store, events, log, config: () => live.now().mail });
  const reachability = createReachability(acd, TEXT_CHANNELS);
  const desktops = createDesktops({ store, events, reachability });
  const offers = createTextOffers({ acd });
  const carriers: Record<Channel, Carriers[Channel]> = {};
  const guards = new Map<string, Guard>();
  const mayOpen: TextDesk['mayOpen'] = (asker, file) => {
    if (asker.scope === 'all') return true;
    if (file.about === null) return file.by === asker.sender;
    return guards.get(file.about.slice(0, file.about.indexOf(':')))?.(asker, file) ?? false;
  };
  return {
    files, mailer, offers, desktops, reachability, carriers,
    carry: (channel, text) => void (carriers[channel] = offers.carrier(channel, text)),
    guard: (kind, fn) => void guards.set(kind, fn),
    api: { files, offers, desktops, mayOpen },
    async close() {
      files.close();
      desktops.close();
      await mailer.close();
    },
  };
}
