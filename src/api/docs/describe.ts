import type { OpenAPIHono } from '@hono/zod-openapi';

export type Description = ReturnType<OpenAPIHono['getOpenAPI31Document']>;
export type Lang = 'zh-CN' | 'en';

/** One operation as the page shows it. */
export interface Shown {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly open: boolean;
  readonly inputs: readonly { readonly name: string; readonly where: string; readonly type: string; readonly text: string; readonly required: boolean }[];
  readonly body: string | undefined;
  readonly answers: readonly { readonly status: string; readonly text: string; readonly type: string }[];
}

// The parts of OpenAPI 3.1 that our own routes produce.
type Schema = {
  $ref?: string; type?: string | string[]; enum?: unknown[]; items?: Schema; properties?: Record<string, Schema>; required?: string[];
  anyOf?: Schema[]; 'x-picked'?: boolean; description?: string; format?: string; additionalProperties?: Schema; minimum?: number; maximum?: number; default?: unknown;
};
type Content = Record<string, { schema?: Schema }>;
type Operation = {
  tags?: string[]; summary?: string; 'x-summary-zh-CN'?: string; security?: unknown[];
  parameters?: (General | { name: string; in: string; required?: boolean; schema?: Schema; description?: string })[];
  requestBody?: { content?: Content }; responses?: Record<string, General | { description?: string; content?: Content }>;
};

/** What holds for all: the page says it once, at its head. */
type General = { $ref: string };
const own = <T extends object>(part: General | T): part is T => !('$ref' in part);

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

export function operations(description: Description, lang: Lang): readonly Shown[] {
  return Object.entries(description.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as Record<string, unknown>)[method] as Operation | undefined;
      return operation ? [shown(method, path, operation, lang)] : [];
    }));
}

function shown(method: string, path: string, op: Operation, lang: Lang): Shown {
  return {
    method: method.toUpperCase(), path, tag: op.tags?.[0] ?? '', open: op.security?.length === 0,
    summary: (lang === 'zh-CN' ? op['x-summary-zh-CN'] : undefined) ?? op.summary ?? '',
    inputs: (op.parameters ?? []).filter(own).map((p) => ({
      name: p.name, where: p.in, required: p.required === true, type: typeOf(p.schema), text: p.description ?? p.schema?.description ?? '',
    })),
    body: op.requestBody ? typeOf(schemaIn(op.requestBody.content)) : undefined,
    answers: Object.entries(op.responses ?? {}).flatMap(([status, r]) => (own(r) ? [{ status, text: r.description ?? '', type: typeOf(schemaIn(r.content)) }] : [])),
  };
}

/** The named shapes, with their fields. */
export const shapes = (description: Description): readonly { readonly name: string; readonly fields: readonly { readonly name: string; readonly type: string; readonly text: string }[] }[] =>
  Object.entries((description.components?.schemas ?? {}) as Record<string, Schema>).map(([name, schema]) => ({
    name, fields: Object.entries(schema.properties ?? {}).map(([field, s]) => ({ name: field, type: typeOf(s), text: s.description ?? '' })),
  }));

const schemaIn = (content: Content | undefined): Schema | undefined => Object.values(content ?? {})[0]?.schema;

/** A schema in a few words: `Call`, `list of Call`, `"ringing" | "ivr"`, `integer 1–1000`. */
export function typeOf(s: Schema | undefined): string {
  if (!s) return '';
  if (s.$ref) return s.$ref.split('/').at(-1) ?? '';
  if (s.enum) return s.enum.map((v) => JSON.stringify(v)).join(' | ');
  if (s.anyOf) return s.anyOf.filter((one) => one['x-picked'] !== true).map(typeOf).join(' | ');
  if (s.items) return `[ ${typeOf(s.items)} ]`;
  if (s.properties) return `{ ${Object.entries(s.properties).map(([k, v]) => `${k}: ${typeOf(v)}`).join(', ')} }`;
  const type = Array.isArray(s.type) ? s.type.join(' | ') : (s.type ?? 'any');
  const range = s.minimum !== undefined && s.maximum !== undefined && s.maximum < Number.MAX_SAFE_INTEGER ? ` ${s.minimum}–${s.maximum}` : '';
  return `${s.format ?? type}${range}${s.default === undefined ? '' : ` = ${JSON.stringify(s.default)}`}`;
}
