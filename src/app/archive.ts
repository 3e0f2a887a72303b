import { createArchive, type Archive } from '../archive/index.js';
import { finderBeside } from '../store/index.js';
import type { Ground } from './rooms.js';

const DAY_MS = 86_400_000;

/** Recordings and what was said in them, once they are made. */
export function openArchive({ store, events, live, access, log }: Ground): Archive {
  return createArchive({
    store, events, log, finder: finderBeside(store.path),
    keepMs: () => {
      const { keepDays } = live.now().recordings;
      return keepDays === undefined ? undefined : keepDays * DAY_MS;
    },
    audit: (action, object, before) => access.audit.append({ actor: 'retention', actorName: 'retention', action, object, outcome: 'done', before, source: 'system' }),
  });
}
