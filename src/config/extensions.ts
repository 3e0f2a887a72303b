import { createHash } from 'node:crypto';
import { z } from 'zod';
import { number, secret, type SecretLookup } from './fields.js';
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

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`, 'i'), `${digits} hexadecimal digits`).transform((s) => new Secret(s.toLowerCase()));

export const extensionsFile = (realm: string, lookup: SecretLookup) => {
  const extension = z
    .strictObject({
      number,
      name: z.string().min(1).max(100).optional(),
      password: secret(lookup, 'literal').optional(),
      ha1: z.strictObject({ md5: hex(32), sha256: hex(64) }).optional(),
      caller_id: number.optional(),
      may_call: z.strictObject({ outside: z.boolean().prefault(true), international: z.boolean().prefault(true) }).prefault({}),
    })
    .transform((e, ctx): ExtensionConfig => {
      const ha1 = e.ha1 ?? (e.password && ha1Of(e.number, realm, e.password));
      if (!ha1 || (e.ha1 && e.password)) {
        ctx.addIssue({ code: 'custom', message: `extension ${e.number} needs either "password" or "ha1"`, params: { code: 'config.missing' } });
        return z.NEVER;
      }
      return { number: e.number, name: e.name ?? e.number, ha1, callerId: e.caller_id, mayCall: e.may_call };
    });
  return z.strictObject({ extensions: z.array(extension).max(10_000).prefault([]) });
};
