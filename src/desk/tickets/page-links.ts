import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Store } from '../../store/index.js';
import type { TicketDeps } from './ports.js';

/** Whose tickets a link opens: all that were asked for from an address whose mails one reads, all of a customer, or one alone. */
export type Reader = { readonly of: 'email' | 'customer' | 'ticket'; readonly id: string };
/** Links to the page "my tickets". What is signed stands behind the `#`: browsers send it to no server, and no log has it. */
export interface PageLinks {
  sign(reader: Reader, until: number): string;
  /** Undefined: wrong, or over. */
  open(token: string, now: number): Reader | undefined;
  /** In mails; undefined: there is no page. */
  page(reader: Reader, at: number): string | undefined;
}
const KINDS = { e: 'email', c: 'customer', t: 'ticket' } as const;
const SHORT = { email: 'e', customer: 'c', ticket: 't' } as const;

/** The key is made at first use and kept in the database: links outlive a restart. */
export function createPageLinks({ store, setup }: Pick<TicketDeps, 'store' | 'setup'>): PageLinks {
  const key = keyOf(store);
  const signature = (signed: string): Buffer => createHmac('sha256', key).update(`my-tickets:${signed}`).digest();
  const sign: PageLinks['sign'] = ({ of, id }, until) => {
    const signed = `${SHORT[of]}${until}.${Buffer.from(id).toString('base64url')}`;
    return `${signed}.${signature(signed).toString('base64url')}`;
  };
  return {
    sign,
    open(token, now) {
      const [, kind, until, id, given] = /^([ect])(\d{1,15})\.([\w-]{1,500})\.([\w-]{43})$/.exec(token) ?? [];
      if (kind === undefined || until === undefined || id === undefined || given === undefined || Number(until) <= now) return undefined;
      if (!timingSafeEqual(Buffer.from(given, 'base64url'), signature(`${kind}${until}.${id}`))) return undefined;
      return { of: KINDS[kind as keyof typeof KINDS], id: Buffer.from(id, 'base64url').toString() };
    },
    page(reader, at) {
      const { page, linkMs } = setup().mail;
      return page === undefined ? undefined : `${page}/my-tickets#${sign(reader, at + linkMs)}`;
    },
  };
}

function keyOf(store: Store): Buffer {
  const known = store.getMeta('tickets.link_key');
  if (known !== undefined) return Buffer.from(known, 'hex');
  const made = randomBytes(32);
  store.setMeta('tickets.link_key', made.toString('hex'));
  return made;
}
