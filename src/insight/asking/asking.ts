import { CompiledQuery } from 'kysely';
import { beside, type Store } from '../../store/index.js';
import { work, type Done, type Job } from './job.js';

/** Who reads what reports are made of. */
export interface Asking {
  /** @throws StoreError store.busy */
  do(job: Job): Promise<Done>;
  close(): Promise<void>;
}

/** On the connection at hand: for a database in memory. */
export const askingHere = (store: Store): Asking => ({
  do: (job) => Promise.resolve(work(<R>({ text, values }: { readonly text: string; readonly values: readonly unknown[] }) => store.run<R>({ compile: () => CompiledQuery.raw(text, [...values]) }), job)),
  close: () => Promise.resolve(),
});

/** In a thread with a connection of its own. */
export function askingBeside(path: string): Asking {
  const thread = beside<Job, Done>(new URL('./thread.js', import.meta.url), path);
  return { do: (job) => thread.ask(job), close: () => thread.close() };
}
