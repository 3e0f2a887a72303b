import { createMarks } from '../erasing/index.js';
import type { TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import { asWorker } from './setup.js';

/** Workers outside whom tickets.yaml names no more. */
export interface WorkersGone {
  /**
   * Their names beside what they said and the mails to them, sent or waiting, are gone when this returns; so are mails to an address that is a worker's no more. That it was `worker:NAME` stays, and what is assigned
   * to him. Answers who went since this was asked the last time. @throws StoreError: then nothing has changed
   */
  forgetWorkers(): readonly string[];
}

/** As the file named them the last time: only so is it known whose address one was. */
const KNOWN = 'tickets.workers';
type Known = readonly { readonly name: string; readonly email: string | null }[];

export function createWorkersGone({ store, setup }: Pick<TicketDeps, 'store' | 'setup'>, rows: Pick<Rows, 'forgetName'>): WorkersGone {
  const marks = createMarks(store);
  return {
    forgetWorkers: () => store.transaction(() => {
      const before = JSON.parse(store.getMeta(KNOWN) ?? '[]') as Known;
      const now: Known = setup().workers.map(({ name, email = null }) => ({ name, email }));
      if (JSON.stringify(before) === JSON.stringify(now)) return [];
      for (const { name, email } of before) if (email !== null && !now.some((one) => one.name === name && one.email === email)) marks.dropMailsTo(asWorker(name), email);
      const gone = before.map(({ name }) => name).filter((name) => !now.some((one) => one.name === name));
      for (const name of gone) rows.forgetName(asWorker(name));
      store.setMeta(KNOWN, JSON.stringify(now));
      return gone;
    }),
  };
}
