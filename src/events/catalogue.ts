import { readFileSync } from 'node:fs';

/** JSON Schema (2020-12), as far as facts need it. */
export interface FactSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, FactSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | FactSchema;
  readonly items?: FactSchema;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly anyOf?: readonly FactSchema[];
}
export interface CatalogueEntry {
  readonly type: string;
  readonly description: string;
  /** Of `data`. */
  readonly schema: FactSchema;
  /** Of `data`, with every field that may be there. */
  readonly sample: Readonly<Record<string, unknown>>;
}
export type Catalogue = readonly CatalogueEntry[];

/** Every kind of fact. The build reads it from the types in facts.ts (scripts/event-catalogue.mjs), so it cannot lag behind them. */
export const readCatalogue = (): Catalogue => JSON.parse(readFileSync(new URL('./catalogue.json', import.meta.url), 'utf8')) as Catalogue;
