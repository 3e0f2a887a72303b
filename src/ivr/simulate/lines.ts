import type { FlowEffect, FlowFact } from '../machine/index.js';
import type { Line, Place } from './types.js';

type Untimed<L> = L extends unknown ? Omit<L, 'atMs'> : never;

/** What of the facts that a flow publishes is worth a line of its own. */
export function factLine(fact: FlowFact): Untimed<Line> | undefined {
  switch (fact.type) {
    case 'flow_entered': return { kind: 'flow', flow: fact.data.flow };
    case 'language_set': return { kind: 'language', language: fact.data.language };
    case 'flow_failed': return { kind: 'failed', ...fact.data };
    case 'understood': return { kind: 'understood', intent: fact.data.intent, confidence: fact.data.confidence, verdict: fact.data.verdict };
    case 'person_wanted': return { kind: 'person', by: fact.data.by };
    case 'speech_unavailable': return { kind: 'silent', why: fact.data.why };
    default: return undefined; // keys, sentences and answers have their lines when they happen
  }
}

/** Where an effect takes the caller, out of the flow. */
export function leaving(effect: FlowEffect): Place | undefined {
  switch (effect.do) {
    case 'queue': {
      const { names, priority, attributes, language } = effect.to;
      return { by: 'queue', queues: names, priority, attributes, language };
    }
    case 'dial': case 'transfer':
      return 'extension' in effect.to ? { by: effect.do, extension: effect.to.extension } : { by: effect.do, number: effect.to.number };
    case 'callback': return { by: 'callback', queue: effect.to.queue };
    case 'record': return { by: 'record' };
    default: return undefined;
  }
}
