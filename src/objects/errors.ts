import { StrowgerError } from '../base/index.js';
import type { Kind } from './ports.js';

export interface ObjectFault {
  /** RFC 6901: `/trunks/carrier-a/hosts/0/uri`. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}
/** What was sent is wrong, or would break something else. Nothing was changed. */
export class ObjectsRefused extends StrowgerError {
  readonly code = 'objects.refused';
  constructor(readonly faults: readonly ObjectFault[]) {
    super(faults.map((f) => `${f.pointer} ${f.message}`).join('; '), { hint: faults[0]?.hint ?? 'mend what is named; nothing was changed' });
  }
}
export class NoSuchObject extends StrowgerError {
  readonly code = 'objects.no_such_object';
  constructor(kind: Kind, id: string, path: string) {
    super(`there is no ${kind} "${id}"`, { hint: `GET ${path} lists them` });
  }
}
export class ObjectExists extends StrowgerError {
  readonly code = 'objects.exists';
  constructor(kind: Kind, id: string, owner: 'file' | 'api') {
    super(`there is a ${kind} "${id}" already`, { hint: owner === 'api' ? 'PATCH changes it' : 'the files own it: POST …/adopt takes it over' });
  }
}
export class ObjectStale extends StrowgerError {
  readonly code = 'objects.stale';
  constructor(kind: Kind, id: string) {
    super(`${kind} "${id}" has been changed meanwhile`, { hint: 'read it again and send its new ETag as If-Match' });
  }
}
export class OwnedByFile extends StrowgerError {
  readonly code = 'objects.owned_by_file';
  constructor(kind: Kind, id: string, file: string) {
    super(`${kind} "${id}" is owned by ${file}`, { hint: `change it there and reload, or take it over with POST …/adopt` });
  }
}
/** It would come back with the next reading of the files. */
export class StandsInFile extends StrowgerError {
  readonly code = 'objects.stands_in_file';
  constructor(kind: Kind, id: string, file: string) {
    super(`${kind} "${id}" stands in ${file} too`, { hint: 'take it out of the file and reload, then delete it; or give it back with POST …/release' });
  }
}
export class NotInFile extends StrowgerError {
  readonly code = 'objects.not_in_file';
  constructor(kind: Kind, id: string, file: string) {
    super(`${file} has no ${kind} "${id}" to go back to`, { hint: 'DELETE removes it' });
  }
}
export class PartOfTrunk extends StrowgerError {
  readonly code = 'objects.part_of_trunk';
  constructor(kind: Kind, id: string, trunk: string) {
    super(`${kind} "${id}" stands in the form of trunk "${trunk}"`, { hint: `PATCH /v1/trunks/${trunk} changes it` });
  }
}
