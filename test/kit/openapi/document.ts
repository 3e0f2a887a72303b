/** The parts of OpenAPI 3.1 that requests are made from. */
export type Schema = {
  readonly $ref?: string; readonly type?: string | readonly string[]; readonly enum?: readonly unknown[]; readonly const?: unknown;
  readonly anyOf?: readonly Schema[]; readonly oneOf?: readonly Schema[]; readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>; readonly required?: readonly string[]; readonly additionalProperties?: boolean | Schema; readonly propertyNames?: Schema;
  readonly items?: Schema; readonly minItems?: number; readonly maxItems?: number;
  readonly minLength?: number; readonly maxLength?: number; readonly pattern?: string; readonly format?: string;
  readonly minimum?: number; readonly maximum?: number; readonly exclusiveMinimum?: number; readonly exclusiveMaximum?: number; readonly example?: unknown;
};
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
export type Parameter = { readonly name: string; readonly in: 'path' | 'query' | 'header'; readonly required?: boolean; readonly schema?: Schema; readonly example?: unknown };
export type Response = { readonly content?: Content };
export type Operation = { readonly parameters: readonly Parameter[]; readonly body: Content | undefined; readonly responses: Readonly<Record<string, Response>>; readonly needs: string };
export type Op = Operation & { readonly name: string; readonly method: string; readonly path: string };
type Raw = { readonly parameters?: readonly (Parameter | { readonly $ref: string })[]; readonly requestBody?: { readonly content: Content }; readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>; readonly 'x-permission': string };
export type OpenApi = { readonly paths: Readonly<Record<string, Readonly<Record<string, Raw>>>>; readonly components: object };

/** @throws Error where a reference leads nowhere */
export function resolved<T>(document: OpenApi, part: T | { readonly $ref: string }): T {
  if (typeof part !== 'object' || part === null || !('$ref' in part)) return part;
  let at: unknown = document;
  for (const step of part.$ref.slice(2).split('/')) at = (at as Record<string, unknown> | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  if (at === undefined) throw new Error(`${part.$ref} leads nowhere`);
  return resolved(document, at as T);
}

const ORDER = ['post', 'get', 'patch', 'put', 'delete'];
/** Every operation: those that make things first, those that remove them last. */
export function operationsOf(document: OpenApi): readonly Op[] {
  return Object.entries(document.paths)
    .flatMap(([path, item]) => Object.entries(item).map(([method, raw]): Op => ({
      name: `${method.toUpperCase()} ${path}`, method, path, needs: raw['x-permission'], body: raw.requestBody?.content,
      parameters: (raw.parameters ?? []).map((p) => resolved(document, p)), responses: Object.fromEntries(Object.entries(raw.responses).map(([status, r]) => [status, resolved(document, r)])),
    })))
    .sort((a, b) => ORDER.indexOf(a.method) - ORDER.indexOf(b.method));
}
