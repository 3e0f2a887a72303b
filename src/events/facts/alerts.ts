/** Thresholds of config/alerts.yaml and /v1/alert-rules. Subject `queue:NAME`. */
export interface AlertFacts {
  /** The figure has been above (below) the threshold for as long as the alert asks; told once, until it is cleared. */
  'alert.raised': { alert: string; queue: string; figure: string; side: 'above' | 'below'; threshold: number; value: number };
  /** `why`: the figure is back (`value` null: there is none any more), or the alert or its queue was changed or removed. `lasted_ms`: since it was raised. */
  'alert.cleared': { alert: string; queue: string; figure: string; value: number | null; why: 'back' | 'changed'; lasted_ms: number };
}
