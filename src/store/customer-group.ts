import { sql, type RawBuilder } from 'kysely';

/** Whoever counts as the same customer as this one, itself among them, also where there is no such customer: for a condition on other rooms' rows, which stay filed under whom they were written for. */
export const countsAs = (customer: string): RawBuilder<string> => sql<string>`(select id from customers where root = (select root from customers where id = ${customer}) union all select ${customer})`;
/** For whom the customer in this column stands now; null where he is unknown. */
export const standsFor = (column: string): RawBuilder<string | null> => sql<string | null>`(select c.root from customers c where c.id = ${sql.ref(column)})`;
