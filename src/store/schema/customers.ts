/** Tables of src/store/migrations/customers.ts. `num` grows with the making of customers; `root` is whom a merged one stands for. */
export interface CustomersTables {
  customers: CustomerTable;
  customer_identities: CustomerIdentityTable;
  customer_attributes: CustomerAttributeTable;
  customer_tags: CustomerTagTable;
  customer_notes: CustomerNoteTable;
  customer_consents: CustomerConsentTable;
  customer_activity: CustomerActivityTable;
  customer_merges: CustomerMergeTable;
  customer_suggestions: CustomerSuggestionTable;
  customer_timeline: CustomerTimelineTable;
  customer_links: CustomerLinkTable;
}
export interface CustomerTable {
  num: number;
  id: string;
  /** The customer this one counts as: itself, unless it is merged. */
  root: string;
  /** Into whom it was merged; null: it stands by itself. */
  parent: string | null;
  name: string | null;
  language: string | null;
  team: string | null;
  adviser: string | null;
  last_agent: string | null;
  last_contact_at: number | null;
  verified_until: number | null;
  verified_at: number | null;
  verified_how: string | null;
  verified_by: string | null;
  /** Grows with every change to it or to those merged into it. */
  version: number;
  /** By which rules its tags were computed. */
  rules: string | null;
  /** When its tags by rule must be computed again, however little happens. */
  tags_due: number | null;
  created_at: number;
  created_by: string;
  updated_at: number;
}
/** Rows stay filed under whom they were written for: a merge moves nothing, so nothing is lost when it is undone. */
export interface CustomerIdentityTable {
  kind: string;
  value: string;
  customer: string;
  label: string | null;
  verified: number;
  source: string | null;
  at: number;
  by: string;
}
export interface CustomerAttributeTable {
  customer: string;
  name: string;
  /** JSON; `null` hides what a merged customer has. */
  value: string;
  source: string | null;
  at: number;
  by: string;
}
export interface CustomerTagTable {
  customer: string;
  tag: string;
  /** `removed` hides a tag that a merged customer has. */
  how: 'hand' | 'rule' | 'removed';
  at: number;
  by: string;
}
export interface CustomerNoteTable {
  id: string;
  customer: string;
  text: string;
  about: string | null;
  at: number;
  by: string;
}
export interface CustomerConsentTable {
  id: string;
  customer: string;
  channel: string;
  purpose: string;
  granted: number;
  how: string;
  until: number | null;
  at: number;
  by: string;
}
/** `day`: days since 1970 in the house's time zone. */
export interface CustomerActivityTable {
  customer: string;
  kind: string;
  day: number;
  amount: number;
}
export interface CustomerMergeTable {
  id: string;
  survivor: string;
  merged: string;
  why: string | null;
  at: number;
  by: string;
  undone_at: number | null;
  undone_by: string | null;
}
export interface CustomerSuggestionTable {
  id: string;
  one: string;
  other: string;
  why: string;
  state: 'open' | 'dismissed';
  at: number;
}
/** `seq` is that of the fact. */
export interface CustomerTimelineTable {
  seq: number;
  customer: string;
  at: number;
  type: string;
  subject: string;
  data: string;
}
/** Whose call, conversation or ticket it is. */
export interface CustomerLinkTable {
  subject: string;
  customer: string;
  at: number;
}
