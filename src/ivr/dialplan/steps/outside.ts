import { z } from 'zod';
import { secondsField } from '../../../config/index.js';
import { parsePath } from '../../http/index.js';
import { byVariable, flowName, headerText, jsonValue, mapOf, onError, templated, variableName, writtenValue } from '../fields.js';
import type { StepParams } from '../params.js';

const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const path = z.string().max(500).superRefine((written, ctx) => {
  const parsed = parsePath(written);
  if (!parsed.ok) ctx.addIssue({ code: 'custom', message: `${parsed.message} (at character ${parsed.column})` });
});
/** The host stands in the file, to its end: no value of a caller's can lead a request elsewhere. */
const url = templated(2_000).refine(
  (written) => (typeof written === 'string' ? /^https?:\/\/[^/?#]+/.test(written) : /^https?:\/\/[^/?#]+[/?#]/.test(first(written))),
  'an address as https://host/path; the host cannot be a variable',
);
const first = ({ pieces: [piece] }: { readonly pieces: readonly unknown[] }): string => (typeof piece === 'string' ? piece : '');

export const httpStep = z
  .strictObject({
    url,
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).prefault('GET'),
    headers: mapOf(HEADER, 'name for a header', 'as X-Request-Id', headerText).prefault({}),
    body: writtenValue.optional(),
    timeout: secondsField(0.1, 30).prefault(5),
    retry: z.int().min(0).max(3).prefault(0),
    /** The service recognises a request it has seen, so that POST and PATCH may be sent again. */
    repeatable: z.boolean().prefault(false),
    expect: z.enum(['json', 'text']).prefault('json'),
    save: byVariable(path).prefault({}),
    fallback: byVariable(jsonValue).optional(),
    otherwise: flowName.optional(),
    ...onError,
  })
  .transform((p, ctx): StepParams => {
    if (p.method === 'GET' && p.body !== undefined) ctx.addIssue({ code: 'custom', path: ['body'], message: 'a GET has no body', params: { key: true, hint: 'method: POST' } });
    return {
      step: {
        do: 'http', method: p.method, url: p.url, headers: p.headers, body: p.body, timeoutMs: p.timeout, retries: p.retry, retryUnsafe: p.repeatable, expect: p.expect, save: p.save,
        fallback: p.fallback, otherwise: p.otherwise,
      },
      onError: p.on_error,
    };
  });

/** A script of the folder `scripts` beside the dialplan: see ../../scripts. */
export const scriptStep = z
  .strictObject({ name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,62}$/), args: byVariable(writtenValue).prefault({}), into: variableName.optional(), ...onError })
  .transform((p): StepParams => ({ step: { do: 'script', name: p.name, args: p.args, into: p.into }, onError: p.on_error }));
