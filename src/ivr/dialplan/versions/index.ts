export { createArchive, type Archive, type Change, type DialplanVersion, type Rollout } from './archive.js';
export { createDialplanDesk, type DeskOptions, type DialplanDesk, type DialplanView, type Edit } from './desk.js';
export { BadDialplanName, DialplanChanged, NoSuchDialplan, NoSuchVersion } from './errors.js';
