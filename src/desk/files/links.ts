import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Store } from '../../store/index.js';

/** Links that open one file for a while, without a log-in. */
export interface Links {
  /** `expires.signature`, for `?token=`. */
  sign(file: string, until: number): string;
  valid(file: string, token: string, now: number): boolean;
}

/** The key is made at first use and kept in the database: links outlive a restart. */
export function createLinks(store: Store): Links {
  const key = keyOf(store);
  const signature = (file: string, until: number): Buffer => createHmac('sha256', key).update(`file:${file}:${until}`).digest();
  return {
    sign: (file, until) => `${until}.${signature(file, until).toString('base64url')}`,
    valid(file, token, now) {
      const [, until, signed] = /^(\d{1,15})\.([\w-]{43})$/.exec(token) ?? [];
      if (until === undefined || signed === undefined || Number(until) <= now) return false;
      return timingSafeEqual(Buffer.from(signed, 'base64url'), signature(file, Number(until)));
    },
  };
}

function keyOf(store: Store): Buffer {
  const known = store.getMeta('files.link_key');
  if (known !== undefined) return Buffer.from(known, 'hex');
  const made = randomBytes(32);
  store.setMeta('files.link_key', made.toString('hex'));
  return made;
}
