export { normalise } from './text/normalise.js';
export { findEntities } from './entities/index.js';
export { understand, train, type Model } from './model.js';
export { loadModel, saveModel, type SavedModel } from './save.js';
export { evaluate, type Evaluation, type IntentFigures, type Labelled } from './evaluate.js';
export { within } from './within.js';
export { answer, type Form, type Slot, type Talk } from './slots.js';
export type { Corpus, Found, Language, ListEntity, Now, Understood } from './types.js';
