import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Secret } from '../../config/index.js';
import { ChatFault } from './errors.js';

const Claims = z.object({ sub: z.string().min(1).max(200), name: z.string().min(1).max(200).optional(), email: z.email().max(200).optional(), phone: z.string().regex(/^\+[1-9][0-9]{5,14}$/).optional() });
/** Who the visitor is, by word of the house's own site. */
export type VouchedFor = z.output<typeof Claims>;

/** A JWT (RFC 7519) signed with HS256 that says until when it holds, a day at most. @throws ChatFault chat.bad_customer_token */
export async function vouched(token: string, secret: Secret | undefined): Promise<VouchedFor> {
  if (!secret) throw new ChatFault('chat.bad_customer_token', 'this house takes no customer tokens', 'set chat.customer_secret');
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret.reveal()), { algorithms: ['HS256'], audience: 'strowger-chat', requiredClaims: ['exp', 'sub'], maxTokenAge: '1 day', clockTolerance: 5 });
    return Claims.parse(payload);
  } catch (cause) {
    if (!(cause instanceof errors.JOSEError) && !(cause instanceof z.ZodError)) throw cause;
    throw new ChatFault('chat.bad_customer_token', 'this customer token is wrong or has expired', 'HS256, aud "strowger-chat", with sub, iat and exp');
  }
}
