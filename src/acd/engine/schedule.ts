import { enterAlso } from './joining.js';
import { sendAway } from './leaving.js';
import { letGo, nextChange, rearm, relocate, seek } from './line.js';
import type { Entry } from './state.js';
import { tell, type Turn } from './turn.js';

/** Does whatever waiting has brought about by now: less is asked, more agents ring, it counts for more, or it goes elsewhere. */
export function advance(t: Turn, entry: Entry): void {
  const { queue, contact } = entry;
  for (let next = nextChange(t, entry); next && next.at <= t.now; next = nextChange(t, entry)) {
    switch (next.what) {
      case 'relax':
        entry.relaxed += 1;
        relocate(t, entry);
        tell(t, contact, 'relaxed', { queue: queue.id, step: entry.relaxed });
        break;
      case 'escalate':
        escalate(t, entry);
        break;
      case 'max_wait':
        sendAway(t, entry, queue.setup.on.max_wait ?? { to: 'hang_up' }, 'max_wait');
        break;
      case 'hold_ends':
        letGo(t, entry);
        break;
      case 'widen':
        break;
    }
    if (!entry.inLine) return; // who is called back instead waits on
  }
  seek(t, entry);
  rearm(t, entry);
}

function escalate(t: Turn, entry: Entry): void {
  const { queue, contact } = entry;
  const step = queue.setup.escalate[entry.escalated];
  entry.escalated += 1;
  if (!step) return;
  relocate(t, entry);
  const also = step.also.filter((id) => enterAlso(t, contact, id));
  tell(t, contact, 'escalated', { queue: queue.id, priority: entry.priority, ...(also.length > 0 ? { also: also.join(' ') } : {}) });
  if (!step.move || (contact.callback && step.move.to !== 'queue')) return; // nobody holds the line who could be sent there
  sendAway(t, entry, step.move, 'escalated');
}
