import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Store } from '../../store/index.js';
import type { TicketDeps } from './ports.js';

/** Whose tickets a link opens: all that were asked for from an address whose mails one reads, all of a customer, or one alone. */
export type Reader = { readonly of: 'email' | 'customer' | 'ticket'; readonly id: string };
/** Or what is assigned to a worker outside, by name, on the page "field work". */
export type Holder = Reader | { readonly of: 'worker'; readonly id: string };
/** Links to the pages "my tickets" and "field work". What is signed stands behind the `#`: browsers send it to no server, and no log has it. */
export interface PageLinks {
  sign(holder: Holder, until: number): string;
  /** Undefined: wrong, or over. */
  open(token: string, now: number): Holder | undefined;
  /** In mails; undefined: there is no page. */
  page(holder: Holder, at: number): string | undefined;
}
const KINDS = { e: 'email', c: 'customer', t: 'ticket', w: 'worker' } as const;
const SHORT = { email: 'e', customer: 'c', ticket: 't', worker: 'w' } as const;
/** Where it opens it. */
export const pageOf = ({ of }: Holder): string => (of === 'worker' ? '/field-work' : '/my-tickets');

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
      const [, kind, until, id, given] = /^([ectw])(\d{1,15})\.([\w-]{1,500})\.([\w-]{43})$/.exec(token) ?? [];
      if (kind === undefined || until === undefined || id === undefined || given === undefined || Number(until) <= now) return undefined;
      if (!timingSafeEqual(Buffer.from(given, 'base64url'), signature(`${kind}${until}.${id}`))) return undefined;
      return { of: KINDS[kind as keyof typeof KINDS], id: Buffer.from(id, 'base64url').toString() };
    },
    page(holder, at) {
      const { page, linkMs } = setup().mail;
      return page === undefined ? undefined : `${page}${pageOf(holder)}#${sign(holder, at + linkMs)}`;
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
