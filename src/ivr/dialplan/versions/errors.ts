import { StrowgerError } from '../../../base/index.js';

export class NoSuchDialplan extends StrowgerError {
  readonly code = 'dialplan.no_such_dialplan';
}
export class NoSuchVersion extends StrowgerError {
  readonly code = 'dialplan.no_such_version';
}
/** A name that cannot be that of a file in the folder of dialplans. */
export class BadDialplanName extends StrowgerError {
  readonly code = 'dialplan.bad_name';
}
/** Somebody else was faster. */
export class DialplanChanged extends StrowgerError {
  readonly code = 'dialplan.changed';
}
