export { createAsr, type AsrLimits, type AsrSettings } from './asr.js';
export { ModelRefused } from './models/errors.js';
export { installModel, type Installed, type InstallOptions } from './models/install.js';
export { findModel, type FoundModel, type ModelCard } from './models/find.js';
export { ASR_LANGUAGES } from './ports.js';
export type { Asr, AsrEvent, AsrLanguage, AsrLog, AsrOptions, AsrRate, AsrStream, AsrWord, Recognised } from './ports.js';
