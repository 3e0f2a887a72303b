import type { NewFact } from '../../events/index.js';
import { newId, type CustomerIdentityTable } from '../../store/index.js';
import { BadIdentity, CustomerChanged, IdentityTaken, NoSuchCustomer, NoSuchIdentity } from './errors.js';
import type { Room } from './service.js';
import { checkAttributes } from './settings.js';
import { suggest, suggestByKeys } from './suggestions.js';
import type { By, CustomerId, CustomerView, Fields, Hints, NewCustomer, NewIdentity, Resolved } from './types.js';
import { ETAG, rootOf } from './view.js';

/** Making, finding and changing customers. */
export interface Records {
  /** The customer with this identity, as it counts now. A value that can be none is nobody's. */
  byIdentity(kind: string, value: string): CustomerId | undefined;
  /** Finds by the identity, else by the proven ones of `hints`, else makes one; what is new is added. @throws BadIdentity, AttributeRefused, StoreError */
  resolve(kind: string, value: string, hints?: Hints, who?: By): Resolved;
  /** @throws BadIdentity, IdentityTaken, AttributeRefused, StoreError */
  create(what: NewCustomer, who: By): CustomerView;
  /** `null` takes away. @throws NoSuchCustomer, CustomerChanged, AttributeRefused, StoreError */
  patch(id: string, what: Fields, who: By, ifMatch?: string): CustomerView;
  /** @throws NoSuchCustomer, BadIdentity, IdentityTaken (which is kept as a suggestion), StoreError */
  addIdentity(id: string, identity: NewIdentity, who: By): CustomerView;
  /** @throws NoSuchCustomer, NoSuchIdentity, StoreError */
  removeIdentity(id: string, kind: string, value: string, who: By): CustomerView;
  /** With all that was merged into it; facts, calls and recordings stay, what was said in conversations and tickets goes soon after. @throws NoSuchCustomer, CustomerChanged, StoreError */
  remove(id: string, who: By, ifMatch?: string): void;
}

const about = (id: string): `customer:${string}` => `customer:${id}`;
type Normal = NewIdentity & { readonly value: string };

export function createRecords(room: Room): Records {
  const owner = (kind: string, value: string): string | undefined => {
    const found = room.sql.one<{ customer: string }>('select customer from customer_identities where kind = ? and value = ?', kind, value);
    return found && rootOf(room.sql, found.customer);
  };
  const shown = (id: string): CustomerView => room.view(id) ?? raise(id);
  const normalised = (identities: readonly NewIdentity[] = []): Normal[] => {
    const all = new Map<string, Normal>();
    for (const identity of identities) {
      const value = room.normal(identity.kind, identity.value);
      const key = `${identity.kind} ${value}`;
      if (!all.has(key)) all.set(key, { ...identity, value });
    }
    return [...all.values()];
  };
  return {
    byIdentity(kind, value) {
      const known = attempt(() => room.normal(kind, value));
      return known === undefined ? undefined : (owner(kind, known) as CustomerId | undefined);
    },
    resolve(kind, value, hints = {}, who = { by: 'match' }) {
      const { verified, identities = [], ...fields } = hints;
      const all = normalised([{ kind, value, verified }, ...identities]);
      checkAttributes(room.form().attributes, fields.attributes ?? {});
      const owned = all.map((identity, i) => ({ identity, i, of: owner(identity.kind, identity.value) }));
      const hit = owned.find(({ of, i, identity }) => of !== undefined && (i === 0 || identity.verified === true));
      if (hit?.of === undefined) return { customer: make(room, { ...fields, identities: all.filter((_, i) => owned[i]?.of === undefined) }, who), created: true, matched: undefined };
      attach(room, hit.of, all.filter((_, i) => owned[i]?.of === undefined), fields, who);
      for (const { of, identity } of owned) if (of !== undefined && of !== hit.of) suggest(room, hit.of, of, `identity:${identity.kind}`);
      return { customer: hit.of as CustomerId, created: false, matched: hit.identity.kind };
    },
    create(what, who) {
      const identities = normalised(what.identities);
      checkAttributes(room.form().attributes, what.attributes ?? {});
      for (const { kind, value } of identities) {
        const taken = owner(kind, value);
        if (taken !== undefined) throw new IdentityTaken(kind, taken);
      }
      return shown(make(room, { ...what, identities }, who));
    },
    patch(id, what, who, ifMatch) {
      const row = room.row(id);
      if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== ETAG(row)) throw new CustomerChanged(id);
      checkAttributes(room.form().attributes, what.attributes ?? {});
      const fields = [...Object.keys(columnsOf(what)), ...Object.keys(what.attributes ?? {}).map((name) => `attributes.${name}`)];
      if (fields.length === 0) return shown(row.id);
      room.change([row.id], [{ type: 'customer.changed', subject: about(row.id), data: { customer: row.id, fields: fields.join(','), by: who.by } }], () => writeFields(room, row.id, what, who));
      suggestByKeys(room, row.id);
      return shown(row.id);
    },
    addIdentity(id, identity, who) {
      const row = room.row(id);
      const [one] = normalised([identity]);
      if (!one) return shown(row.id);
      const taken = owner(one.kind, one.value);
      if (taken !== undefined && taken !== row.id) {
        suggest(room, row.id, taken, `identity:${one.kind}`);
        throw new IdentityTaken(one.kind, taken);
      }
      const change = taken === undefined ? [{ type: 'customer.identity_added' as const, subject: about(row.id), data: { customer: row.id, kind: one.kind, by: who.by } }] : [{ type: 'customer.changed' as const, subject: about(row.id), data: { customer: row.id, fields: `identities.${one.kind}`, by: who.by } }];
      room.change([row.id], change, () => {
        if (taken === undefined) writeIdentity(room, row.id, one, who);
        else room.sql.run('update customer_identities set label = coalesce(?, label), verified = max(verified, ?) where kind = ? and value = ?', one.label ?? null, one.verified === true ? 1 : 0, one.kind, one.value);
      });
      suggestByKeys(room, row.id);
      return shown(row.id);
    },
    removeIdentity(id, kind, value, who) {
      const row = room.row(id);
      const known = room.normal(kind, value);
      if (owner(kind, known) !== row.id) throw new NoSuchIdentity(kind);
      room.change([row.id], [{ type: 'customer.identity_removed', subject: about(row.id), data: { customer: row.id, kind, by: who.by } }], () => void room.sql.run('delete from customer_identities where kind = ? and value = ?', kind, known));
      return shown(row.id);
    },
    remove(id, who, ifMatch) {
      const row = room.row(id);
      if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== ETAG(row)) throw new CustomerChanged(id);
      room.change([], [{ type: 'customer.deleted', subject: about(row.id), data: { customer: row.id, by: who.by } }], () => wipe(room, row.id, who.by));
    },
  };
}

/** Everything of a customer and of those merged into it that this room keeps. */
function wipe({ sql, forgotten }: Room, root: string, by: string): void {
  const group = sql.all<{ id: string }>('select id from customers where root = ?', root).map((row) => row.id);
  const ids = JSON.stringify(group);
  forgotten(group, by);
  const all = '(select value from json_each(?))';
  sql.run(`delete from customer_words where rowid in (select num from customers where root = ?)`, root);
  sql.run(`delete from customer_search where num in (select num from customers where root = ?)`, root);
  for (const table of ['identities', 'attributes', 'tags', 'notes', 'consents', 'activity', 'match_keys', 'timeline', 'links', 'agents']) sql.run(`delete from customer_${table} where customer in ${all}`, ids);
  sql.run(`delete from customer_merges where survivor in ${all} or merged in ${all}`, ids, ids);
  sql.run(`delete from customer_suggestions where one in ${all} or other in ${all}`, ids, ids);
  sql.run('delete from customers where root = ?', root);
}

function make(room: Room, what: NewCustomer, who: By): CustomerId {
  const at = room.now();
  const id = newId('cus', at) as CustomerId;
  room.change([id], [{ type: 'customer.created', subject: about(id), data: { customer: id, by: who.by } }], () => {
    room.sql.run('insert into customers (id, root, version, created_at, created_by, updated_at) values (?, ?, 0, ?, ?, ?)', id, id, at, who.by, at);
    writeFields(room, id, what, who);
    for (const identity of what.identities ?? []) writeIdentity(room, id, identity, who);
    for (const tag of what.tags ?? []) room.sql.run(`insert or ignore into customer_tags (customer, tag, how, at, by) values (?, ?, 'hand', ?, ?)`, id, tag, at, who.by);
  });
  suggestByKeys(room, id);
  return id;
}

/** What came with somebody who is known: new identities, and fields that were empty. */
function attach(room: Room, root: string, identities: readonly NewIdentity[], fields: NewCustomer, who: By): void {
  const view = room.view(root);
  if (!view) return;
  const news: NewCustomer = {
    ...(fields.name !== undefined && view.name === null ? { name: fields.name } : {}), ...(fields.language !== undefined && view.language === null ? { language: fields.language } : {}),
    attributes: Object.fromEntries(Object.entries(fields.attributes ?? {}).filter(([name, value]) => value !== null && view.attributes[name] === undefined)),
  };
  const names = [...Object.keys(columnsOf(news)), ...Object.keys(news.attributes ?? {}).map((name) => `attributes.${name}`)];
  const facts: NewFact[] = identities.map(({ kind }) => ({ type: 'customer.identity_added', subject: about(root), data: { customer: root, kind, by: who.by } }));
  if (names.length > 0) facts.push({ type: 'customer.changed', subject: about(root), data: { customer: root, fields: names.join(','), by: who.by } });
  if (facts.length === 0) return;
  room.change([root], facts, () => {
    writeFields(room, root, news, who);
    for (const identity of identities) writeIdentity(room, root, identity, who);
  });
  suggestByKeys(room, root);
}

const columnsOf = ({ name, language, team, adviser }: Fields): Record<string, string | null> =>
  Object.fromEntries(Object.entries({ name, language, team, adviser }).filter((entry): entry is [string, string | null] => entry[1] !== undefined));

function writeFields({ sql, now }: Room, id: string, what: Fields, who: By): void {
  // An empty text also hides what a merged customer has.
  for (const [column, value] of Object.entries(columnsOf(what))) sql.run(`update customers set ${column} = ? where id = ?`, value ?? '', id);
  for (const [name, value] of Object.entries(what.attributes ?? {}))
    sql.run('insert or replace into customer_attributes (customer, name, value, source, at, by) values (?, ?, ?, ?, ?, ?)', id, name, JSON.stringify(value), who.source ?? null, now(), who.by);
}

function writeIdentity({ sql, now }: Room, id: string, { kind, value, label, verified }: NewIdentity, who: By): void {
  const row: CustomerIdentityTable = { kind, value, customer: id, label: label ?? null, verified: verified === true ? 1 : 0, source: who.source ?? null, at: now(), by: who.by };
  sql.run('insert into customer_identities (kind, value, customer, label, verified, source, at, by) values (?, ?, ?, ?, ?, ?, ?, ?)', row.kind, row.value, row.customer, row.label, row.verified, row.source, row.at, row.by);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof BadIdentity) return undefined;
    throw error;
  }
}
function raise(id: string): never {
  throw new NoSuchCustomer(id);
}
