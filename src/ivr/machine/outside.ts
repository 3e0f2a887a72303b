import { pick, type HttpAnswer, type HttpSpec } from '../http/index.js';
import type { ScriptEnd } from '../ports.js';
import type { Http, Step, Variables } from './plan.js';
import { scopeOf } from './scope.js';
import { renderParts, renderValue, type Part } from './template.js';
import { also, begin, enter, fail, next, type Turn } from './turn.js';
import type { FlowEffect, FlowState } from './types.js';

/** Asks a service. Values are escaped where they are put into the address, and can name no secret. */
export function ask(s: FlowState, step: Http): Turn {
  const scope = scopeOf(s);
  const url = renderParts(step.url, scope, encodeURIComponent);
  const headers = Object.entries(step.headers).map(([name, text]) => [name, renderParts(text, scope, inHeader)] as const);
  const body = step.body === undefined ? undefined : renderValue(step.body, scope);
  const failed = url.failed ?? headers.find(([, text]) => text.failed !== undefined)?.[1].failed ?? body?.failed;
  if (failed !== undefined) return fail(s, `http: ${failed}`);
  const request: HttpSpec = {
    method: step.method, url: url.value.map((part) => (typeof part === 'string' ? part : '')).join(''),
    headers: Object.fromEntries(headers.map(([name, text]) => [name, text.value.map(named).join('')])), ...(body === undefined ? {} : { body: body.value }),
    timeoutMs: step.timeoutMs, retries: step.retries, retryUnsafe: step.retryUnsafe, expect: step.expect,
  };
  return begin(s, (id) => ({ for: 'http', id }), (id) => ({ do: 'http', id, request }));
}

const inHeader = (value: string): string => value.replaceAll(/[\r\n\0]/g, ' ').replaceAll('${', '$ {');
/** As `../http` wants secrets named. */
const named = (part: Part): string => (typeof part === 'string' ? part : `\${${part.secret}}`);

/** What a bad answer leads to: values to go on with, a flow, or the step's failure. */
export function answeredBy(s: FlowState, step: Http, answer: HttpAnswer): Turn {
  const about = { flow: s.flow, step: s.index + 1, ...(answer.status === undefined ? {} : { status: answer.status }), ...(answer.ok ? {} : { why: answer.why }) };
  const told: FlowEffect = { do: 'publish', fact: { type: 'http_answered', data: about } };
  const status = { http_status: answer.status ?? 0 };
  if (answer.ok) return next(knowing(s, { ...status, ...savedFrom(step, answer) }), told);
  if (step.otherwise !== undefined) return enter(knowing(s, { ...status, ...step.fallback }), step.otherwise, told);
  if (step.fallback) return next(knowing(s, { ...status, ...step.fallback }), told);
  return also([told], fail(knowing(s, status), `http_${answer.why}`));
}

/** What the answer does not have is the fall-back, else nothing. */
function savedFrom({ save, fallback }: Http, answer: Extract<HttpAnswer, { ok: true }>): Variables {
  const data = 'json' in answer ? answer.json : answer.text;
  return Object.fromEntries(Object.entries(save).map(([name, path]) => [name, pick(data, path) ?? fallback?.[name] ?? null]));
}
const knowing = (s: FlowState, known: Variables): FlowState => ({ ...s, variables: { ...s.variables, ...known } });

export function run(s: FlowState, step: Extract<Step, { do: 'script' }>): Turn {
  const scope = scopeOf(s);
  const args = Object.entries(step.args).map(([name, written]) => [name, renderValue(written, scope)] as const);
  const failed = args.find(([, one]) => one.failed !== undefined)?.[1].failed;
  if (failed !== undefined) return fail(s, `script: ${failed}`);
  const to = { name: step.name, args: Object.fromEntries(args.map(([name, one]) => [name, one.value])), language: s.language, variables: s.variables };
  return begin(s, (id) => ({ for: 'script', id }), (id) => ({ do: 'script', id, to }));
}

export function ran(before: FlowState, step: Extract<Step, { do: 'script' }>, how: ScriptEnd): Turn {
  const s = 'language' in how && how.language !== undefined ? { ...before, language: how.language } : before;
  switch (how.how) {
    case 'returned': return next(step.into === undefined ? s : knowing(s, { [step.into]: how.value }));
    case 'flow': return enter(s, how.flow);
    case 'failed': return fail(s, `script: ${how.why}`);
  }
}
