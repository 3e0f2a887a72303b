export { checkCorpora } from './corpora.js';
export { learn, respond } from './respond.js';
export type { CorpusFault } from './corpus-file.js';
export { loadUnderstanding, type Understanding, type UnderstandingOptions } from './understanding.js';
