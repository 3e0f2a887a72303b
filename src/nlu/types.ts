export type Language = 'zh-CN' | 'en';

export interface ListEntity {
  readonly name: string;
  readonly values: readonly { readonly value: string; readonly synonyms: readonly string[] }[];
}
/** What a model learns from. `outOfScope` holds sentences that belong to no intent. */
export interface Corpus {
  readonly language: Language;
  readonly intents: readonly { readonly name: string; readonly examples: readonly string[] }[];
  readonly outOfScope: readonly string[];
  readonly entities: readonly ListEntity[];
}

/** Something named in the sentence; `start` and `end` are offsets into the text as it was given. */
export interface Found {
  /** number, ordinal, date, time, money, phone, order_id, yes_no, or the name of a list */
  readonly entity: string;
  readonly value: string | number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}
export interface Understood {
  /** Best first; calibrated 0..1, and together with `outOfScope` they make 1. */
  readonly intents: readonly { readonly name: string; readonly confidence: number }[];
  readonly outOfScope: number;
  readonly entities: readonly Found[];
}
/** `atMs` counts from 1970, the zone is an IANA name: what "tomorrow" is relative to. */
export interface Now {
  readonly atMs: number;
  readonly timeZone: string;
}
