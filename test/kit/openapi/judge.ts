import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApi, Op } from './document.js';
import type { Request } from './request.js';
import type { Reply } from './send.js';

/** What a URL parser makes of dots in a path leads elsewhere: then only a fault of ours counts. */
const strays = ({ path }: Request): boolean => path.length > 8_000 || new URL(path, 'http://x').pathname !== path.split('?')[0] || /\/(\/|\?|$)/.test(path);

/** Whether a reply is one of those that the document promises: what is wrong with it, or undefined. */
export function createJudge(document: OpenApi): (op: Op, request: Request, reply: Reply) => string | undefined {
  const ajv = new Ajv2020({ strict: false, validateFormats: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'openapi', ...document });
  const known = new Map<string, ValidateFunction>();
  const schemaOf = (op: Op, status: number, type: string): ValidateFunction => {
    const pointer = `openapi#/paths/${op.path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/${op.method}/responses/${status}/content/${type.replaceAll('/', '~1')}/schema`;
    const general = 'openapi#/components/schemas/Problem';
    const found = known.get(pointer) ?? ajv.compile({ $ref: type === 'application/problem+json' ? general : pointer });
    known.set(pointer, found);
    return found;
  };
  return (op, request, reply) => {
    const { status, type, body } = reply;
    if (status >= 500 && status !== 503) return `${status} ${body.slice(0, 300)}`;
    if (strays(request)) return undefined;
    const documented = op.responses[String(status)];
    if (!documented) return `${status} is not documented: ${body.slice(0, 300)}`;
    if (reply.headers['x-injected'] !== undefined) return 'a header was injected';
    if (status === 204 || body === '' && documented.content === undefined) return body === '' ? undefined : `${status} with a body`;
    const content = documented.content?.[type] ?? documented.content?.['*/*'];
    if (content?.schema === undefined) return `${status} answers ${type || 'no type'}, not one of ${Object.keys(documented.content ?? {}).join(', ')}`;
    if (!/json$/.test(type)) return undefined;
    const check = schemaOf(op, status, type);
    const value: unknown = JSON.parse(body);
    if (check(value)) return undefined;
    return `${status} is not as documented: ${ajv.errorsText(check.errors)} in ${body.slice(0, 300)}`;
  };
}
