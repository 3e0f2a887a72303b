import { findEntities, train, understand, within, type Corpus, type Language, type Model, type Understood } from '../../nlu/index.js';
import type { Question } from './workshop.js';

/** Reaches a person everywhere, whether the question names it or not. */
const ALWAYS = 'speak_to_person';

export const learn = (corpora: readonly Corpus[]): ReadonlyMap<Language, Model> => new Map(corpora.map((corpus) => [corpus.language, train(corpus)]));

/** Without a corpus for the language everything is out of scope, but numbers and dates are still found. */
export function respond(models: ReadonlyMap<Language, Model>, { text, language, intents, now }: Question): Understood {
  const model = models.get(language);
  if (!model) return { intents: [], outOfScope: 1, entities: findEntities(text, language, now, []) };
  return within(understand(model, text, now), intents.length === 0 ? [] : [...intents, ALWAYS]);
}
