import { z } from 'zod';
import type { Language } from '../../speech/tts/index.js';
import { readTemplate, type BargeIn, type Prompt, type Template } from '../machine/index.js';

export const FLOW_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
export const FLOW_HINT = 'letters, digits, dash and underscore; at most 63';
export const flowName = z.string().regex(FLOW_NAME, FLOW_HINT);
export const onError = { on_error: flowName.optional() };
export const calendarName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'the name of a calendar');

/** A map whose keys must look like something; a fault says what, and points at the key. */
export const mapOf = <T extends z.ZodType>(keys: RegExp, what: string, hint: string, value: T) =>
  z.record(z.string(), value).superRefine((map, ctx) => {
    for (const key of Object.keys(map)) {
      if (!keys.test(key)) ctx.addIssue({ code: 'custom', path: [key], message: `"${key}" is no ${what}`, params: { hint, key: true } });
    }
  });

/** Names that mean something else in expressions. */
const RESERVED = 'language|call|customer|now|true|false|null|in';
export const VARIABLE_NAME = new RegExp(`^(?!(?:${RESERVED})$)[a-z][a-z0-9_]{0,62}$`);
const VARIABLE_HINT = 'small letters, digits and underscore; the language has a key of its own, and call, customer and now are given';
export const variableName = z.string().regex(VARIABLE_NAME, VARIABLE_HINT);
export const byVariable = <T extends z.ZodType>(value: T) => mapOf(VARIABLE_NAME, 'name for a variable', VARIABLE_HINT, value);
export const intentName = /^[a-z][a-z0-9_]{0,62}$/;
export const byKey = <T extends z.ZodType>(value: T) => mapOf(/^[0-9*#A-D]$/, 'key of a telephone', 'one of 0 to 9, *, #, A to D', value);

/** A text in which `$name` and `${expression}` stand for values. */
export const templated = (most: number) => z.string().trim().min(1).max(most).transform((written, ctx): string | Template => {
  const read = readTemplate(written);
  if (read.ok && read.secrets.length === 0) return read.text;
  ctx.addIssue(read.ok ? { code: 'custom', message: `\${${read.secrets[0] ?? ''}} is a secret: secrets stand in headers only`, params: { code: 'dialplan.secret_in_text', hint: 'variables are written small' } } : badExpression(read));
  return z.NEVER;
});

export const badExpression = ({ message, column }: { readonly message: string; readonly column: number }) =>
  ({ code: 'custom', message: `${message} (at character ${column})`, params: { code: 'dialplan.bad_expression', hint: 'for instance ${order.total > 100}; $$ is a dollar' } }) as const;

/** Text in which secrets may stand: `Bearer ${API_KEY}`. */
export const headerText = z.string().max(2_000).transform((written, ctx): string | Template => {
  const read = readTemplate(written);
  if (read.ok) return read.text;
  ctx.addIssue(badExpression(read));
  return z.NEVER;
});

const text = templated(2_000);
const inLanguages = { 'zh-CN': text.optional(), en: text.optional() };
export const languages = z.strictObject(inLanguages);
interface InLanguages { readonly 'zh-CN'?: string | Template | undefined; readonly en?: string | Template | undefined }
export const someLanguage = [(p: InLanguages) => p['zh-CN'] !== undefined || p.en !== undefined, 'give a text in zh-CN, in en or in both'] as const;

/** A text without a language is in Chinese when it has a Chinese character. */
const oneText = z.string().trim().min(1).max(2_000).transform((written, ctx): Prompt => {
  const lang: Language = /\p{Script=Han}/u.test(written) ? 'zh-CN' : 'en';
  const read = text.safeParse(written);
  if (read.success) return { [lang]: read.data };
  for (const issue of read.error.issues) ctx.addIssue({ code: 'custom', message: issue.message, params: issue.code === 'custom' ? issue.params : undefined });
  return z.NEVER;
});
/** Text in each language, or one text that is spoken whatever the language. */
export const prompt = z.union([oneText, languages.refine(...someLanguage)]).transform(toPrompt);
export const prompts = z.union([prompt.transform((one) => [one]), z.array(prompt).max(10)]);

export function toPrompt({ 'zh-CN': zh, en }: InLanguages): Prompt {
  return { ...(zh === undefined ? {} : { 'zh-CN': zh }), ...(en === undefined ? {} : { en }) };
}
export { oneText };

export const bargeIn = z.union([z.boolean(), z.enum(['keys', 'speech'])]).transform((how): BargeIn => (how === true ? 'all' : how === false ? 'none' : how));

/** Nothing that a designer writes is nested deeper. */
const DEEPEST = 20;
interface Issue { readonly code: 'custom'; readonly message: string; readonly params?: object }

/** JSON; `text` says what becomes of its texts. */
const jsonWith = <Text extends string | Template>(text: (written: string) => Text | Issue) => z.unknown().transform((value, ctx): Json<Text> => {
  const refuse = (path: readonly PropertyKey[], { message, params }: Issue): null => {
    ctx.addIssue({ code: 'custom', message, path: [...path], params: { ...params } });
    return null;
  };
  const convert = (one: unknown, path: readonly PropertyKey[]): Json<Text> => {
    if (path.length > DEEPEST) return refuse(path, { code: 'custom', message: 'nested too deep' });
    if (typeof one === 'string') {
      if (one.length > 10_000) return refuse(path, { code: 'custom', message: 'too long: at most 10000 characters' });
      const read = text(one);
      return typeof read === 'object' && 'message' in read ? refuse(path, read) : read;
    }
    if (one === null || typeof one === 'boolean' || (typeof one === 'number' && Number.isFinite(one))) return one;
    if (Array.isArray(one)) return one.length > 1_000 ? refuse(path, { code: 'custom', message: 'too long: at most 1000 items' }) : one.map((item, i) => convert(item, [...path, i]));
    if (typeof one === 'object') return Object.fromEntries(Object.entries(one).map(([name, item]) => [name, convert(item, [...path, name])]));
    return refuse(path, { code: 'custom', message: 'neither text, number, yes or no, list nor map' });
  };
  return convert(value, []);
});
type Json<Text> = Text | number | boolean | null | readonly Json<Text>[] | { readonly [name: string]: Json<Text> };

export const jsonValue = jsonWith<string>((written) => written);
/** JSON with variables in its texts. */
export const writtenValue = jsonWith<string | Template>((written) => {
  const read = readTemplate(written);
  if (!read.ok) return badExpression(read);
  return read.secrets.length > 0 ? { code: 'custom', message: 'secrets stand in headers only', params: { code: 'dialplan.secret_in_text' } } : read.text;
});
