import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What is kept in the database but must not be read there: AES-256-GCM under a key that lies outside it. */
export interface Seal {
  seal(text: string): string;
  /** @throws where it was sealed with another key, or tampered with */
  open(sealed: string): string;
  /** A short proof that a text is ours. */
  sign(text: string): string;
  signed(text: string, proof: string): boolean;
}
const ivBytes = 12;
const tagBytes = 16;

export function createSeal(key: Buffer): Seal {
  const sign = (text: string): Buffer => createHmac('sha256', key).update(`sign:${text}`, 'utf8').digest();
  return {
    seal(text) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes));
      decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
    },
    sign: (text) => sign(text).toString('base64url'),
    signed(text, proof) {
      const [right, given] = [sign(text), Buffer.from(proof, 'base64url')];
      return right.length === given.length && timingSafeEqual(right, given);
    },
  };
}
