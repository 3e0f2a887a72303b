import type { Draft } from './draft.js';
import { fault, refuseIf } from './gate.js';
import type { TicketDeps, TicketFiles } from './ports.js';
import type { Rows } from './rows.js';
import type { Sent } from './types.js';

/** Files of a comment, or of the ticket itself. @throws TicketRefused */
export function attachIn({ files, now }: Pick<TicketDeps, 'files' | 'now'>, rows: Rows, draft: Draft, sent: Sent | undefined, comment: string | null): void {
  if (!sent) return;
  const about = `ticket:${draft.next.id}`;
  refuseIf(sent.ids.flatMap((id, i) => (isTheirs(files, id, sent.by, about) ? [] : [fault(`/files/${i}`, `there is no file "${id}" that you sent for this`, 'POST /v1/files sends one')])));
  for (const id of sent.ids) draft.writes.push(() => {
    files.attach(id, about, sent.by);
    rows.attach(draft.next.id, comment, id, now());
  });
}

/** Sent by them, and not used elsewhere. */
function isTheirs(files: TicketFiles, id: string, by: string, about: string): boolean {
  const file = files.find(id);
  return file !== undefined && file.by === by && (file.about === null || file.about === about);
}
