import { createHmac, randomBytes } from 'node:crypto';

/** Standard Webhooks, https://www.standardwebhooks.com: `whsec_` and 24 to 64 random bytes in base64. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

export interface Signed {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}
/** `v1,…` for each secret, the newest first: a receiver that knows one of them is content. */
export const signature = ({ id, timestamp, body }: Signed, secrets: readonly string[]): string =>
  secrets.map((secret) => `v1,${createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}`).join(' ');
