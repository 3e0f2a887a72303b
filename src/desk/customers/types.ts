import type { Id, Ms } from '../../base/index.js';

export type CustomerId = Id<'customer'>;
/** `phone`, `email`, `member_id`, `visitor`, `extension`, or any other of the house: `wechat`, `weibo`, … */
export type IdentityKind = string;

export interface IdentityView {
  readonly kind: IdentityKind;
  /** As it is compared: E.164, small letters in an e-mail address. */
  readonly value: string;
  readonly label: string | null;
  /** Proven to be his, not only said. */
  readonly verified: boolean;
  /** Which customer it was filed under, and of what: `call:ID`, `conversation:ID`. */
  readonly from: string;
  readonly source: string | null;
  readonly at: number;
  readonly by: string;
}
export type AttributeValue = string | number | boolean | null;
export interface AttributeView {
  readonly value: AttributeValue;
  readonly from: string;
  readonly source: string | null;
  readonly at: number;
  readonly by: string;
}
export interface TagView {
  readonly tag: string;
  readonly how: 'hand' | 'rule';
  readonly from: string;
  readonly at: number;
  readonly by: string;
}
export interface ConsentView {
  readonly id: string;
  readonly channel: string;
  readonly purpose: string;
  readonly granted: boolean;
  /** How it was given: `spoken`, `form`, … */
  readonly how: string;
  readonly until: number | null;
  readonly from: string;
  readonly at: number;
  readonly by: string;
}
export interface NoteView {
  readonly id: string;
  readonly text: string;
  /** `call:ID`, `ticket:ID`, … */
  readonly about: string | null;
  readonly from: string;
  readonly at: number;
  readonly by: string;
}
/** Sums: in all, and of the last so many days with today. */
export interface ActivityView {
  readonly total: number;
  readonly d1: number;
  readonly d7: number;
  readonly d30: number;
  readonly d90: number;
  readonly d365: number;
}
export interface Verified {
  readonly until: number;
  readonly at: number;
  readonly how: string;
  readonly by: string;
}
/** One customer, with all that was merged into it. Times are ms since 1970. */
export interface CustomerView {
  readonly id: CustomerId;
  readonly etag: string;
  readonly name: string | null;
  readonly language: string | null;
  /** The team that looks after it. */
  readonly team: string | null;
  /** The agent who is its own. */
  readonly adviser: string | null;
  readonly lastAgent: string | null;
  readonly lastContactAt: number | null;
  readonly verified: Verified | null;
  readonly identities: readonly IdentityView[];
  readonly attributes: Readonly<Record<string, AttributeView>>;
  readonly tags: readonly TagView[];
  /** The one that holds, of each channel and purpose. */
  readonly consents: readonly ConsentView[];
  readonly activity: Readonly<Record<string, ActivityView>>;
  /** Those who count as it. */
  readonly merged: readonly CustomerId[];
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
}
export interface TimelineRow {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly subject: string;
  /** `call`, `conversation`, `ticket`, `customer`. */
  readonly channel: string;
  readonly data: Readonly<Record<string, unknown>>;
}
export interface MergeView {
  readonly id: string;
  readonly survivor: CustomerId;
  readonly merged: CustomerId;
  readonly why: string | null;
  readonly at: number;
  readonly by: string;
  readonly undoneAt: number | null;
  readonly undoneBy: string | null;
}
export interface SuggestionView {
  readonly id: string;
  readonly one: CustomerId;
  readonly other: CustomerId;
  /** `identity:phone`, `email`, `name+birthday`: what both have. */
  readonly why: string;
  readonly at: number;
}
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | undefined;
}

export interface NewIdentity {
  readonly kind: IdentityKind;
  readonly value: string;
  readonly label?: string | undefined;
  readonly verified?: boolean | undefined;
}
export interface Fields {
  readonly name?: string | null | undefined;
  readonly language?: string | null | undefined;
  readonly team?: string | null | undefined;
  readonly adviser?: string | null | undefined;
  readonly attributes?: Readonly<Record<string, AttributeValue>> | undefined;
}
export interface NewCustomer extends Fields {
  readonly identities?: readonly NewIdentity[] | undefined;
  readonly tags?: readonly string[] | undefined;
}
/** Who does it, and of what: `call:ID`. */
export interface By {
  readonly by: string;
  readonly source?: string | undefined;
}
/** What else is known of somebody who came with one identity. */
export interface Hints extends NewCustomer {
  /** The identity itself is proven. */
  readonly verified?: boolean | undefined;
}
export interface Resolved {
  readonly customer: CustomerId;
  readonly created: boolean;
  /** By which identity it was found; undefined where it was made. */
  readonly matched: IdentityKind | undefined;
}
/** What flows and queues know of a customer, read in well under a millisecond. */
export interface Known {
  readonly id: CustomerId;
  readonly name: string | null;
  readonly language: string | null;
  readonly tags: readonly string[];
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Those that the queues are told. */
  readonly queueAttributes: Readonly<Record<string, string | number>>;
  readonly adviser: string | null;
  readonly lastAgent: string | null;
  readonly verified: boolean;
}
export interface Query {
  /** Anything: part of a name, a number, an address, a member ID; words with spaces between must all be there. */
  readonly q?: string | undefined;
  readonly tag?: string | undefined;
  readonly adviser?: string | undefined;
  /** Whose customers may be seen; left out: everybody's. */
  readonly within?: Within | undefined;
  /** By when they were made; not together with `q`, whose strongest hits come first. Left out: newest first. */
  readonly oldestFirst?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
/** Customers of these teams (`house`: and of none), and those this agent advises or has had to do with. */
export interface Within {
  readonly teams: readonly string[];
  readonly house: boolean;
  readonly agent: string | null;
}
export interface VerifyOrder {
  readonly how: string;
  readonly forMs?: Ms | undefined;
}
export interface ConsentOrder {
  readonly channel: string;
  readonly purpose: string;
  readonly granted: boolean;
  readonly how: string;
  readonly until?: number | undefined;
}
