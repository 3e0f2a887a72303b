import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { Secret } from './secret.js';

/** A duration in seconds as people write it, in milliseconds as the program counts. */
export const seconds = (min: number, max: number) => z.number().min(min).max(max).transform((s): Ms => Math.round(s * 1000));

/** A name that appears in URLs, log lines and SIP display names. */
export const name = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/i, 'letters, digits, dot, dash and underscore; at most 63');

/** What a telephone can dial. */
export const number = z.string().regex(/^[+*#0-9][*#0-9]{0,31}$/, 'digits, * and #, with + in front at most; at most 32');

/** A pattern of the number plan: x any digit, z 1-9, n 2-9, [..] a set, `.` one or more of anything, `!` none or more. */
export const pattern = z.string().regex(/^[+*#0-9xXzZnN]?(?:[*#0-9xXzZnN]|\[[0-9*#-]+\])*[.!]?$/, 'digits, + in front, x (0-9), z (1-9), n (2-9), [sets], and . or ! at the end').min(1);

/** Where `${NAME}` looks: the environment, then config/secrets.env. */
export type SecretLookup = (variable: string) => string | undefined;

const reference = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** A password: `${NAME}`, or written out where `literal` allows it. */
export const secret = (lookup: SecretLookup, literal: 'literal' | 'reference') =>
  z.string().min(1).transform((value, ctx): Secret => {
    const variable = reference.exec(value)?.[1];
    if (variable === undefined) {
      if (literal === 'literal') return new Secret(value);
      ctx.addIssue({ code: 'custom', message: 'a password may not stand in this file', params: { code: 'config.plain_secret', hint: 'write "${NAME}" and set NAME in the environment or in secrets.env' } });
      return z.NEVER;
    }
    const found = lookup(variable);
    if (found !== undefined && found !== '') return new Secret(found);
    ctx.addIssue({ code: 'custom', message: `\${${variable}} is not set`, params: { code: 'config.missing_secret', hint: `set ${variable} in the environment or in secrets.env` } });
    return z.NEVER;
  });

/** Reads `NAME=value` lines; `#` begins a comment line, quotes around a value fall away. */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match || line.trimStart().startsWith('#')) continue;
    const [, key = '', raw = ''] = match;
    values.set(key, /^(["']).*\1$/.test(raw) ? raw.slice(1, -1) : raw);
  }
  return values;
}
