import { expectedWait, type Band } from './expect.js';
import type { Contact } from './state.js';
import { arm, disarm, tell, type Turn } from './turn.js';

/** Tells place and expected wait when they changed or are worth repeating, and looks again after a while. Callbacks are not told. */
export function announce(t: Turn, contact: Contact, when: 'now' | 'later' | 'first'): void {
  quiet(t, contact);
  const [home] = contact.entries;
  const rule = home?.queue.setup.announce;
  if (!home || !rule || contact.callback) return;
  const first = when === 'first' && rule.firstMs > 0;
  contact.announcing = arm(t, first ? rule.firstMs : rule.everyMs, { is: 'announce', of: contact });
  if (when === 'later' || first) return;
  const ahead = home.queue.line.rank(home);
  const wait = rule.expectedWait ? expectedWait(home.queue, ahead, t.now) : undefined;
  const position = ahead + 1;
  if (contact.told?.position === position && contact.told.lowMs === (wait?.lowMs ?? -1) && t.now - contact.told.at < rule.repeatMs) return;
  if (!rule.position && !wait) return;
  contact.told = { position, lowMs: wait?.lowMs ?? -1, at: t.now };
  t.effects.push({ do: 'announce', contact: contact.id, queue: home.queue.id, position, waiting: home.queue.line.size, wait });
  tell(t, contact, 'position_told', { queue: home.queue.id, position, ...seconds(wait) });
}

const seconds = (wait: Band | undefined): Record<string, number> => (wait ? { wait_low_s: Math.round(wait.lowMs / 1000), wait_high_s: Math.round(wait.highMs / 1000) } : {});

/** No more announcements. */
export function quiet(t: Turn, contact: Contact): void {
  contact.announcing = disarm(t, contact.announcing);
}
