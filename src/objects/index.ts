export { NoSuchObject, NotInFile, ObjectExists, ObjectsRefused, ObjectStale, OwnedByFile, PartOfTrunk, StandsInFile, type ObjectFault } from './errors.js';
export { numberForm, outboundForm, rulesWith, type KindRules } from './kinds.js';
export { KINDS, type Action, type ChangedBy, type Form, type Kind, type Laid, type Objects, type ObjectsDesk, type ObjectVersion, type ObjectView } from './ports.js';
export { ownExtensions } from './rows.js';
export { openSecrets, secretFileIn, type SecretFile } from './secrets.js';
export { createObjects, laidOver, type ObjectsOptions } from './service.js';
