import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { isTimeZone } from '../base/index.js';
import { Secret } from './secret.js';

/** A duration in seconds as people write it, in milliseconds as the program counts. */
export const seconds = (min: number, max: number) => z.number().min(min).max(max).transform((s): Ms => Math.round(s * 1000));

/** A duration in seconds in a form that is shown as it was written. */
export const plainSeconds = (min: number, max: number) => z.number().min(min).max(max);
export const toMs = (s: number): Ms => Math.round(s * 1000);

/** A map whose keys must look like something; a fault says what, and points at the key. */
export const mapOf = <T extends z.ZodType>(keys: RegExp, what: string, hint: string, value: T) =>
  z.record(z.string(), value).superRefine((map, ctx) => {
    for (const key of Object.keys(map)) {
      if (!keys.test(key)) ctx.addIssue({ code: 'custom', path: [key], message: `"${key}" is no ${what}`, params: { hint, key: true } });
    }
  });

export const WORD = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;
export const wordHint = 'letters, digits, dot, dash and underscore; at most 63';
/** Skills and the least level of each, 1 to 10. */
export const skills = mapOf(WORD, 'name for a skill', wordHint, z.int().min(1).max(10));
/** What is known of a contact, by name: one word or number, or several words. */
export const attributes = mapOf(WORD, 'name for an attribute', wordHint, z.union([z.string().max(500), z.number(), z.array(z.string().max(100)).max(50)]));
/** A channel, an attribute, … */
export const word = z.string().regex(WORD, wordHint);

/** `09:30`, 24 hours. */
export const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'as "09:30", in quotes');
/** `2026-11-20`, a day that exists. */
export const date = z.iso.date('a date as 2026-11-20');
/** An IANA time zone. */
export const timeZone = z.string().refine((zone) => isTimeZone(zone), 'a time zone as Asia/Shanghai');

/** A name that appears in URLs, log lines and SIP display names. */
export const name = z.string().regex(WORD, wordHint);

/** What a telephone can dial. */
export const number = z.string().regex(/^[+*#0-9][*#0-9]{0,31}$/, 'digits, * and #, with + in front at most; at most 32');

/** A pattern of the number plan: x any digit, z 1-9, n 2-9, [..] a set, `.` one or more of anything, `!` none or more. */
export const pattern = z.string().regex(/^[+*#0-9xXzZnN]?(?:[*#0-9xXzZnN]|\[[0-9*#-]+\])*[.!]?$/, 'digits, + in front, x (0-9), z (1-9), n (2-9), [sets], and . or ! at the end').min(1).max(100)
  .refine((text) => [...text.matchAll(/(.)-(.)/g)].every(([, from = '', to = '']) => from === '[' || to === ']' || from <= to), 'a set goes upwards, as [2-5]');

/** Where `${NAME}` looks: the environment, then config/secrets.env. */
export type SecretLookup = (variable: string) => string | undefined;

const reference = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;
/** NAME of `${NAME}`; undefined where the text is no reference. */
export const referredTo = (value: string): string | undefined => reference.exec(value)?.[1];

/** A password as it is written: `${NAME}`, or written out where `literal` allows it. `secretOf` says what it stands for. */
export const writtenSecret = (lookup: SecretLookup, how: 'literal' | 'reference') =>
  z.string().min(1).superRefine((value, ctx) => {
    const variable = referredTo(value);
    if (variable === undefined) {
      if (how === 'reference') ctx.addIssue({ code: 'custom', message: 'a password may not stand in this file', params: { code: 'config.plain_secret', hint: 'write "${NAME}" and set NAME in the environment or in secrets.env' } });
      return;
    }
    const found = lookup(variable);
    if (found === undefined || found === '') ctx.addIssue({ code: 'custom', message: `\${${variable}} is not set`, params: { code: 'config.missing_secret', hint: `set ${variable} in the environment or in secrets.env` } });
  });

/** What a password that was found right stands for. */
export function secretOf(written: string, lookup: SecretLookup): Secret {
  const variable = referredTo(written);
  return new Secret(variable === undefined ? written : (lookup(variable) ?? ''));
}

export const secret = (lookup: SecretLookup, how: 'literal' | 'reference') => writtenSecret(lookup, how).transform((value) => secretOf(value, lookup));

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
