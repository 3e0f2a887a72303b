import { createHash } from 'node:crypto';
import { z } from 'zod';
import { number, secretOf, writtenSecret, type SecretLookup } from './fields.js';
import { Secret } from './secret.js';

/** H(user:realm:password) for both algorithms (RFC 7616 §3.4.2, RFC 8760): as good as the password, so as secret. */
export interface Ha1 {
  readonly md5: Secret;
  readonly sha256: Secret;
}
export interface ExtensionConfig {
  /** What is dialled to reach it, and its digest user name. */
  readonly number: string;
  readonly name: string;
  readonly ha1: Ha1;
  /** What the far end sees of calls out over a trunk; undefined: the route's or the trunk's. */
  readonly callerId: string | undefined;
  readonly mayCall: { readonly outside: boolean; readonly international: boolean };
}

export function ha1Of(user: string, realm: string, password: Secret): Ha1 {
  const text = `${user}:${realm}:${password.reveal()}`;
  const hash = (algorithm: string): Secret => new Secret(createHash(algorithm).update(text, 'utf8').digest('hex'));
  return { md5: hash('md5'), sha256: hash('sha256') };
}

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9A-Fa-f]{${digits}}$`), `${digits} hexadecimal digits`);

/** An extension as people write it, every default filled in. */
export const extensionForm = (lookup: SecretLookup) =>
  z
    .strictObject({
      number,
      name: z.string().min(1).max(100).optional(),
      password: writtenSecret(lookup, 'literal').optional(),
      ha1: z.strictObject({ md5: hex(32), sha256: hex(64) }).optional(),
      caller_id: number.optional(),
      may_call: z.strictObject({ outside: z.boolean().prefault(true), international: z.boolean().prefault(true) }).prefault({}),
    })
    .superRefine((e, ctx) => {
      if ((e.ha1 === undefined) === (e.password === undefined)) ctx.addIssue({ code: 'custom', message: `extension ${e.number} needs either "password" or "ha1"`, params: { code: 'config.missing' } });
    });
export type ExtensionForm = z.output<ReturnType<typeof extensionForm>>;

export function toExtension(e: ExtensionForm, realm: string, lookup: SecretLookup): ExtensionConfig {
  const ha1 = e.ha1 ? { md5: new Secret(e.ha1.md5.toLowerCase()), sha256: new Secret(e.ha1.sha256.toLowerCase()) } : ha1Of(e.number, realm, secretOf(e.password ?? '', lookup));
  return { number: e.number, name: e.name ?? e.number, ha1, callerId: e.caller_id, mayCall: e.may_call };
}

export const extensionsFile = (lookup: SecretLookup) => z.strictObject({ extensions: z.array(extensionForm(lookup)).max(10_000).prefault([]) });
