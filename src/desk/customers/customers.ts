import type { CountryCode } from 'libphonenumber-js';
import type { NewFact } from '../../events/index.js';
import { StoreError } from '../../store/index.js';
import { NoSuchCustomer } from './errors.js';
import { createDetails, type Details } from './details.js';
import { numberOf, knownOf } from './known.js';
import { createMerging, type Merging } from './merging.js';
import { createRecords, type Records } from './records.js';
import { finderBeside, finderHere, type Finder } from './search/finder.js';
import { createRoom, type CustomersOptions, type Room } from './service.js';
import type { CustomersForm } from './settings.js';
import { createSuggestions, type Suggestions } from './suggestions.js';
import { createSweep, type Sweep } from './sweep.js';
import { createTimeline, type Timeline, type Told } from './timeline.js';
import type { CustomerId, CustomerView, Known, Page, Query, Within } from './types.js';
import { rootOf } from './view.js';

/**
 * One customer, one history. Whoever keeps a customer's ID asks `canonical` for whom it stands now. All but `search` answer at once,
 * by indexed reads.
 */
export interface Customers extends Records, Merging, Suggestions, Details, Timeline {
  /** Follows merges; undefined where there is none, or not any more. */
  canonical(id: string): CustomerId | undefined;
  /** @throws NoSuchCustomer */
  view(id: string): CustomerView;
  get(id: string): CustomerView | undefined;
  /** Whether it is among those that somebody may see. */
  within(id: string, scope: Within): boolean;
  /** For flows and queues. */
  known(id: string): Known | undefined;
  /** Of a caller's number, however it is written. */
  byNumber(number: string): CustomerId | undefined;
  /** The number as customers have it, if anybody of the outside world can have it. */
  outside(number: string): string | undefined;
  /** Beside the event loop. @throws BadSearch, BadCursor, StoreError store.busy */
  search(query: Query): Promise<Page<CustomerView>>;
  settings(): CustomersForm;
  /** `config/customers.yaml` was read again: tags by rule follow, one customer after the other. */
  lay(form: CustomersForm): void;
  /** Keeps tags current while time passes and rules change. */
  readonly sweep: Sweep;
  close(): Promise<void>;
}
export interface CustomersRoomOptions extends CustomersOptions {
  /** What a fact means for a timeline; see src/wiring/customers. */
  readonly past: (subject: string) => readonly Told[];
  readonly later?: (run: () => void, ms: number) => () => void;
}

export function createCustomers(options: CustomersRoomOptions): Customers {
  const { store, events, country, days } = options;
  const room = createRoom(options);
  const publish = (facts: readonly NewFact[], alongside: () => void): void => {
    if (facts.length === 0) return store.transaction(alongside);
    if (!events.publishAll(facts, alongside)) throw new StoreError('store.full', 'the database takes no writes', { hint: 'free space on the disk of the data folder' });
  };
  const records = createRecords(room);
  const timeline = createTimeline(room, { get: (key) => store.getMeta(key), set: (key, value) => store.setMeta(key, value) }, options.past, publish);
  const finder: Finder = store.path === ':memory:' ? finderHere(room.sql) : finderBeside(store.path);
  const sweep = createSweep(room, { get: (key) => store.getMeta(key), set: (key, value) => store.setMeta(key, value) }, options.later);
  const canonical = (id: string): CustomerId | undefined => rootOf(room.sql, id) as CustomerId | undefined;
  const get = (id: string): CustomerView | undefined => {
    const root = canonical(id);
    return root === undefined ? undefined : room.view(root);
  };
  return {
    ...records, ...createMerging(room), ...createSuggestions(room), ...createDetails(room), ...timeline,
    canonical, get,
    view(id) {
      const found = get(id);
      if (!found) throw new NoSuchCustomer(id);
      return found;
    },
    within: (id, scope) => isWithin(room, id, scope),
    known(id) {
      const root = canonical(id);
      return root === undefined ? undefined : knownOf(room, root);
    },
    byNumber: (number) => byNumber(records, number),
    outside: (number) => outside(number, country),
    search(query) {
      const now = room.now();
      return finder.search({ query, now, today: days.dayOf(now) });
    },
    settings: room.form,
    lay(form) {
      room.lay(form);
      sweep.wake();
    },
    sweep,
    async close() {
      sweep.close();
      await finder.close();
    },
  };
}

/** A caller may be a phone of the house, or a number of the world. */
function byNumber(records: Pick<Records, 'byIdentity'>, number: string): CustomerId | undefined {
  return records.byIdentity('phone', number) ?? (/^\d{2,6}$/.test(number) ? records.byIdentity('extension', number) : undefined);
}

function outside(number: string, country: () => CountryCode): string | undefined {
  const found = numberOf(number, country);
  return found?.startsWith('+') === true ? found : undefined;
}

function isWithin(room: Room, id: string, { teams, house, agent }: Within): boolean {
  const root = rootOf(room.sql, id);
  const view = root === undefined ? undefined : room.view(root);
  if (!view) return false;
  if (view.team === null ? house : teams.includes(view.team)) return true;
  if (agent === null) return false;
  return view.adviser === agent || room.sql.one('select 1 from customer_agents where agent = ? and customer in (select id from customers where root = ?)', agent, view.id) !== undefined;
}
