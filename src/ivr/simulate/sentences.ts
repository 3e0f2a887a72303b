import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ConfigFaults, machineZone } from '../../config/index.js';
import type { Language } from '../../speech/tts/index.js';
import { checkCorpora } from '../understanding/index.js';
import { learn, respond } from '../understanding/respond.js';
import type { World } from './types.js';

/** Beside the dialplan, or beside its folder, as for the examples. */
const corporaFor = (dialplan: string): string | undefined => [dirname(dialplan), dirname(dirname(dialplan))].map((dir) => join(dir, 'nlu')).find((dir) => existsSync(dir));

/**
 * What understands sentences in a dialplan: the same models as the server's, but learnt here and only when somebody speaks that language.
 * @throws ConfigFaults when the corpora have faults
 */
export function createSentences(): (dialplan: string) => World['understand'] {
  const known = new Map<string, World['understand']>();
  return (dialplan) => {
    const dir = corporaFor(dialplan);
    if (dir === undefined) return undefined;
    if (!known.has(dir)) known.set(dir, understandingIn(dir));
    return known.get(dir);
  };
}

function understandingIn(dir: string): World['understand'] {
  const { corpora, faults } = checkCorpora(dir);
  const errors = faults.filter((fault) => fault.severity === 'error');
  if (errors.length > 0) throw new ConfigFaults(errors);
  if (corpora.size === 0) return undefined;
  const learnt = new Map<Language, ReturnType<typeof learn>>();
  return ({ text, language, intents, atMs, timeZone = machineZone() }) => {
    const corpus = corpora.get(language);
    const models = learnt.get(language) ?? learn(corpus ? [corpus] : []);
    learnt.set(language, models);
    return Promise.resolve(respond(models, { text, language, intents, now: { atMs, timeZone } }));
  };
}
