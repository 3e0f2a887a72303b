import type { Counts } from '../measures.js';
import { text, type Told } from './told.js';

/** How soon written words were answered: each answer counts from the first message of the customer that nobody had answered. */
export function responseReader() {
  const counts = { first_response_n: 0, first_response_ms: 0, response_n: 0, response_ms: 0 };
  let asked: number | undefined;
  return {
    counts: counts satisfies Counts,
    read(told: Told): void {
      if (told.type !== 'conversation.message' || text(told, 'visibility') !== 'public' || text(told, 'kind') === 'event') return;
      const by = text(told, 'by');
      if (by.startsWith('visitor:')) return void (asked ??= told.at);
      if (asked === undefined || !/^(agent|user):/.test(by)) return;
      const ms = told.at - asked;
      if (counts.response_n === 0) Object.assign(counts, { first_response_n: 1, first_response_ms: ms });
      counts.response_n += 1;
      counts.response_ms += ms;
      asked = undefined;
    },
  };
}
