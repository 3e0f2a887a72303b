import { StrowgerError } from '../base/index.js';

export class NoSuchReport extends StrowgerError {
  readonly code = 'reports.no_such_report';
}
/** Asked for what cannot be told apart, or for too much at once. */
export class ReportRefused extends StrowgerError {
  readonly code = 'reports.refused';
}
