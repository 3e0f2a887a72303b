import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { seconds, secret, type SecretLookup } from './fields.js';
import type { Secret } from './secret.js';

/** The server that mails leave by. */
export interface MailConfig {
  readonly host: string;
  readonly port: number;
  /** From the first byte, after STARTTLS, or not at all. */
  readonly tls: 'always' | 'starttls' | 'never';
  readonly user: string | undefined;
  readonly password: Secret | undefined;
  readonly from: string;
  /** Of `from`: for message IDs. */
  readonly domain: string;
  readonly timeoutMs: Ms;
}

const address = z.string().max(320).regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, 'an address as "Support <support@shop.example>"');

export const mailFile = (lookup: SecretLookup) => z.strictObject({
  smtp: z
    .strictObject({
      host: z.string().min(1).max(253), port: z.int().min(1).max(65_535).default(587), tls: z.enum(['always', 'starttls', 'never']).default('starttls'),
      user: z.string().max(200).optional(), password: secret(lookup, 'reference').optional(), from: address, timeout_seconds: seconds(1, 300).prefault(30),
    })
    .refine(({ user, password }) => (user === undefined) === (password === undefined), 'user and password go together')
    .transform(({ timeout_seconds, ...m }): MailConfig => ({ host: m.host, port: m.port, tls: m.tls, user: m.user, password: m.password, from: m.from, domain: m.from.replace(/>$/, '').split('@').at(-1) ?? 'localhost', timeoutMs: timeout_seconds }))
    .optional(),
});
