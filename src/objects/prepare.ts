import { ha1Of, mergePatch, referredTo, Secret } from '../config/index.js';
import type { ObjectFault } from './errors.js';
import type { Form, Kind } from './ports.js';
import { isOurs, nameFor } from './secrets.js';

/** A form as it may be kept: what was secret in it has been taken out. */
export interface Prepared {
  readonly form: Form;
  /** For the file of secrets, by name. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly faults: readonly ObjectFault[];
}
const isForm = (value: unknown): value is Form => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A change of an extension's password takes the place of its HA1, and the other way about. */
export function merged(kind: Kind, current: Form, patch: Form): Form {
  const next = mergePatch(current, patch) as Record<string, unknown>;
  if (kind !== 'extension') return next;
  const { password, ha1, ...rest } = next;
  if ('password' in patch && !('ha1' in patch)) return { ...rest, ...(password === undefined ? {} : { password }) };
  return 'ha1' in patch && !('password' in patch) ? { ...rest, ...(ha1 === undefined ? {} : { ha1 }) } : next;
}

/** A form that says nothing of a password keeps the one there is. */
export function withFormerSecrets(kind: Kind, current: Form, given: Form): Form {
  if (kind !== 'extension' || 'password' in given || 'ha1' in given) return given;
  const { password, ha1 } = current;
  return { ...given, ...(password === undefined ? {} : { password }), ...(ha1 === undefined ? {} : { ha1 }) };
}

export function prepare(kind: Kind, id: string, given: Form, about: { readonly realm: string; readonly pointer: string; readonly former: ReadonlySet<string> }): Prepared {
  if (kind === 'extension') return ofExtension(id, given, about);
  return kind === 'trunk' ? ofTrunk(id, given, about) : { form: given, secrets: new Map(), faults: [] };
}

function ofExtension(id: string, given: Form, { realm, pointer, former }: Parameters<typeof prepare>[3]): Prepared {
  const { password, ...rest } = given;
  if (typeof password !== 'string' || password === '') return { form: given, secrets: new Map(), faults: [] };
  const name = referredTo(password);
  if (name !== undefined) return { form: given, secrets: new Map(), faults: mayRefer(name, `${pointer}/password`, former) };
  const { md5, sha256 } = ha1Of(id, realm, new Secret(password));
  return { form: { ...rest, ha1: { md5: md5.reveal(), sha256: sha256.reveal() } }, secrets: new Map(), faults: [] };
}

function ofTrunk(id: string, given: Form, { pointer, former }: Parameters<typeof prepare>[3]): Prepared {
  const secrets = new Map<string, string>();
  const faults: ObjectFault[] = [];
  const form: Record<string, unknown> = { ...given };
  for (const part of ['register', 'credentials'] as const) {
    const account = form[part];
    if (!isForm(account) || typeof account['password'] !== 'string' || account['password'] === '') continue;
    const { password } = account;
    const [variable, at] = [referredTo(password), `${pointer}/${part}/password`];
    if (variable !== undefined) faults.push(...mayRefer(variable, at, former));
     
    else if (/[\u0000-\u001f\u007f]/.test(password)) faults.push({ pointer: at, code: 'config.wrong_value', message: 'a password has no control characters', hint: undefined });
    else {
      const name = nameFor(id, part);
      secrets.set(name, password);
      form[part] = { ...account, password: `\${${name}}` };
    }
  }
  return { form, secrets, faults };
}

/** Our own settings, and what belongs to other objects, are not to be sent to whoever answers at a host. */
function mayRefer(name: string, pointer: string, former: ReadonlySet<string>): ObjectFault[] {
  if (!name.startsWith('STROWGER_') && (!isOurs(name) || former.has(name))) return [];
  return [{ pointer, code: 'config.missing_secret', message: `\${${name}} is not for this`, hint: 'name another variable, or send the password itself' }];
}

/** Names of secrets that a form refers to. */
export function referencesOf(form: Form): string[] {
  const written = [form['password'], ...['register', 'credentials'].map((part) => (isForm(form[part]) ? form[part]['password'] : undefined))];
  return written.flatMap((value) => (typeof value === 'string' ? (referredTo(value) ?? []) : []));
}
