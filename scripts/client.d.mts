/** The types of an OpenAPI document, as client/src/openapi.ts has them. */
export function typesOf(document: object): Promise<string>;
/** The types of what events carry, as client/src/catalogue.ts has them. */
export function eventTypesOf(catalogue: readonly { readonly type: string; readonly description: string; readonly schema: object }[]): Promise<string>;
export function writeClientTypes(): Promise<void>;
