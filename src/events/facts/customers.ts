/** Customers and their identities. Subject `customer:ID`; nothing personal stands in them. */
export interface CustomerFacts {
  'customer.created': { customer: string; by: string };
  /** `fields`: `name`, `attributes.tier`, … with commas between. */
  'customer.changed': { customer: string; fields: string; by: string };
  'customer.identity_added': { customer: string; kind: string; by: string };
  'customer.identity_removed': { customer: string; kind: string; by: string };
  /** `customer` goes on, `merged` counts as it from now on; `merge` undoes it. */
  'customer.merged': { customer: string; merged: string; merge: string; by: string };
  /** `customer` stands by itself again. */
  'customer.unmerged': { customer: string; from: string; merge: string; by: string };
  'customer.merge_suggested': { customer: string; other: string; suggestion: string; why: string };
  /** Tags with commas between. `by`: `rules`, or who did it. */
  'customer.tags_changed': { customer: string; added: string; removed: string; by: string };
  'customer.note_added': { customer: string; note: string; by: string };
  'customer.note_removed': { customer: string; note: string; by: string };
  'customer.consent_changed': { customer: string; consent: string; channel: string; purpose: string; granted: boolean; by: string };
  /** `until`: ms since 1970. */
  'customer.verified': { customer: string; until: number; how: string; by: string };
  'customer.unverified': { customer: string; by: string };
  'customer.deleted': { customer: string; by: string };
  /** Subject `call:ID`. `how`: by the number that called or was called, or by hand. */
  'call.customer_identified': { customer: string; how: 'number' | 'created' | 'hand'; by?: string };
}
