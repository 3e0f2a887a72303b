export { FileFault, type FileFaultCode } from './errors.js';
export { createFiles, FILE_LIMITS, type FileLimits, type Files, type FilesOptions, type FileView } from './files.js';
export type { FileKind } from './sniff.js';
