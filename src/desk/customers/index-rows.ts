import type { CustomerTable } from '../../store/index.js';
import { mailbox } from './identities.js';
import type { AttributeForm } from './settings.js';
import type { Sql } from './sql.js';
import type { CustomerView } from './types.js';
import { hashed, normal, wordsOf } from './search/words.js';

/** Writes what a customer is found by; one that is merged is found as the one it counts as. */
export function indexCustomer(sql: Sql, row: Pick<CustomerTable, 'num' | 'id'>, view: CustomerView | undefined, attributes: readonly AttributeForm[]): void {
  sql.run('delete from customer_search where num = ?', row.num);
  sql.run('delete from customer_words where rowid = ?', row.num);
  if (!view) return;
  const searched = attributes.filter((a) => a.search).flatMap(({ name }) => {
    const value = view.attributes[name]?.value;
    return value === undefined || value === null ? [] : [String(value)];
  });
  const texts = [...view.identities.filter((i) => i.kind !== 'visitor').map((i) => i.value), ...searched];
  const agents = sql.all<{ agent: string }>('select distinct agent from customer_agents where customer in (select id from customers where root = ?)', row.id);
  const words = [
    ...wordsOf(view.name, texts), ...view.tags.map(({ tag }) => hashed('g', tag)), ...agents.map(({ agent }) => hashed('w', agent)),
    hashed('m', view.team ?? ''), ...(view.adviser === null ? [] : [hashed('a', view.adviser)]),
  ];
  sql.run('insert into customer_search (num, text) values (?, ?)', row.num, [view.name ?? '', ...texts].map((text) => normal(text).replaceAll('\n', ' ')).join('\n'));
  sql.run('insert into customer_words (rowid, words) values (?, ?)', row.num, words.join(' '));
}

/** What somebody else would share with this one if they were the same person. */
export function matchKeys(view: CustomerView, attributes: readonly AttributeForm[]): { readonly key: string; readonly why: string }[] {
  const name = view.name === null ? '' : normal(view.name).replaceAll(/[^\p{L}\p{N}]/gu, '');
  const mails = view.identities.filter((i) => i.kind === 'email').map((i) => ({ key: `email:${mailbox(i.value)}`, why: 'email' }));
  if (name === '') return mails;
  const with_ = attributes.filter((a) => a.match).flatMap((a) => {
    const value = view.attributes[a.name]?.value;
    return value === undefined || value === null ? [] : [{ key: `name:${name}:${a.name}:${normal(String(value))}`, why: `name+${a.name}` }];
  });
  return [...mails, ...with_];
}
