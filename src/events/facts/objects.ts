/** Trunks, extensions, numbers, routes, calendars, alerts and settings of the house that were changed by API. Subject `trunk:NAME`, `extension:N`, `system`. */
export interface ObjectFacts {
  /** `owner`: whose it is from now on; null: it is gone. */
  'object.changed': {
    kind: 'trunk' | 'extension' | 'number' | 'route' | 'calendar' | 'alert' | 'setting'; id: string; action: 'created' | 'changed' | 'removed' | 'adopted' | 'released';
    owner: 'file' | 'api' | null; version: number; by: string; comment?: string;
  };
}
