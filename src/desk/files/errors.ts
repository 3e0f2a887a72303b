import { StrowgerError } from '../../base/index.js';

/** Why a file is not taken, or not shown. */
export type FileFaultCode = 'files.too_large' | 'files.empty' | 'files.type_refused' | 'files.damaged' | 'files.bomb' | 'files.too_many' | 'files.busy' | 'files.no_such_file' | 'files.link_invalid' | 'files.bad_name';

export class FileFault extends StrowgerError {
  constructor(readonly code: FileFaultCode, message: string, hint: string, cause?: unknown) {
    super(message, { hint, cause });
  }
}
export const noSuchFile = (id: string): FileFault => new FileFault('files.no_such_file', `there is no file "${id}"`, 'it may have been removed, or never belonged here');
