import { StrowgerError } from '../../base/index.js';

/** A backup cannot be made there, or cannot be taken back. */
export class BackupRefused extends StrowgerError {
  constructor(readonly code: 'backup.in_the_way' | 'backup.within' | 'backup.no_database' | 'backup.not_one' | 'backup.damaged' | 'backup.newer' | 'backup.would_replace', message: string, hint: string, cause?: unknown) {
    super(message, { hint, cause });
  }
}
