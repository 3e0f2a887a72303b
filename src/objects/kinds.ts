import { z } from 'zod';
import { alertForm, didTargetShape, extensionForm, isSection, nameField, oneTarget, patternField, referredTo, routeForm, sectionForms, SECTIONS, trunkForm, type SecretLookup } from '../config/index.js';
import type { Form, Kind } from './ports.js';

/** What is particular to one kind of object. */
export interface KindRules {
  /** First part of a pointer, and of a path under /v1. */
  readonly list: string;
  readonly path: string;
  /** Where the files have it. */
  readonly file: string;
  /** Undefined where the form does not say. */
  readonly idOf: (form: Form) => string | undefined;
  /** Keys that are the ID, and so never change. */
  readonly fixed: readonly string[];
  readonly schema: (lookup: SecretLookup, id: string) => z.ZodType<Form>;
  /** What everybody with the right to read may see. */
  readonly shown: (form: Form) => Form;
}

export const numberForm = z.strictObject({ trunk: nameField, number: patternField, ...didTargetShape }).superRefine(oneTarget);
export const outboundForm = z.strictObject({ trunk: nameField, ...routeForm.shape });
export type NumberForm = z.output<typeof numberForm>;
export type OutboundForm = z.output<typeof outboundForm>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const pair = (a: unknown, b: unknown): string | undefined => (typeof a === 'string' && typeof b === 'string' ? `${a}:${b}` : undefined);
const whole = (form: Form): Form => form;

/** A password written out in a file is nobody's to read; a reference tells nothing. */
function withoutSecrets({ ha1: _ha1, password, ...rest }: Form): Form {
  return typeof password === 'string' && referredTo(password) !== undefined ? { ...rest, password } : rest;
}

/** `calendar`: how a calendar is written, without its name. */
export const rulesWith = (calendar: z.ZodObject): Readonly<Record<Kind, KindRules>> => {
  const named = z.strictObject({ name: nameField, ...calendar.shape });
  return {
    trunk: { list: 'trunks', path: '/v1/trunks', file: 'config/trunks.yaml', idOf: (f) => text(f['name']), fixed: ['name'], schema: trunkForm, shown: whole },
    extension: { list: 'extensions', path: '/v1/extensions', file: 'config/extensions.yaml', idOf: (f) => text(f['number']), fixed: ['number'], schema: extensionForm, shown: withoutSecrets },
    number: { list: 'numbers', path: '/v1/numbers', file: 'config/trunks.yaml', idOf: (f) => pair(f['trunk'], f['number']), fixed: ['trunk', 'number'], schema: () => numberForm, shown: whole },
    route: { list: 'routes', path: '/v1/routes', file: 'config/trunks.yaml', idOf: (f) => pair(f['trunk'], f['pattern']), fixed: ['trunk', 'pattern'], schema: () => outboundForm, shown: whole },
    calendar: { list: 'calendars', path: '/v1/calendars', file: 'dialplans/calendars', idOf: (f) => text(f['name']), fixed: ['name'], schema: () => named, shown: whole },
    alert: { list: 'alert-rules', path: '/v1/alert-rules', file: 'config/alerts.yaml', idOf: (f) => text(f['name']), fixed: ['name'], schema: () => alertForm, shown: whole },
    setting: { list: 'settings', path: '/v1/settings/house', file: 'config/system.yaml', idOf: () => undefined, fixed: [], schema: (_lookup, id) => (isSection(id) ? sectionForms[id] : z.never()) as z.ZodType<Form>, shown: whole },
  };
};
export { SECTIONS };
