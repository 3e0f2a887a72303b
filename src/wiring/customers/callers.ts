import type { Call } from '../../calls/index.js';
import type { CustomerId, Customers, Known } from '../../desk/customers/index.js';

export interface Callers {
  /** Whose call this is, at its start: one look-up by number. What is to be written is written after the call has gone on. */
  arrived(call: Arriving): void;
  /** The customer of a call as he is known now. */
  of(call: { readonly id: string }): Known | undefined;
  /** The conversation in writing that its customer has open: the call goes on with it, and its people are told of the call once. */
  talkOf(call: Pick<Arriving, 'id' | 'log'>): OpenTalk | undefined;
}
export interface OpenTalk {
  readonly id: string;
  /** Who has it. */
  readonly agent: string | null;
}
/** What is asked of conversations. */
export interface OpenTalks {
  open(customer: CustomerId): OpenTalk | undefined;
  called(conversation: string, call: string): void;
}
type Arriving = Pick<Call, 'direction' | 'from' | 'to' | 'over' | 'log'> & { readonly id: string };

export interface CallersOptions {
  readonly customers: Pick<Customers, 'byNumber' | 'outside' | 'resolve' | 'identify' | 'known' | 'ofSubject' | 'settings'>;
  readonly talks?: () => OpenTalks;
  readonly later?: (run: () => void) => void;
}

export function createCallers({ customers, talks, later = setImmediate }: CallersOptions): Callers {
  const calls = new Map<string, CustomerId>();
  const told = new Set<string>();
  const guardedFor = ({ log }: Pick<Arriving, 'log'>) => (work: () => void): void => {
    try {
      work();
    } catch (error) {
      log.error({ err: error }, 'the customer of a call could not be found or kept; the call goes on');
    }
  };
  return {
    arrived(call) {
      const guarded = guardedFor(call);
      guarded(() => {
        const before = customers.ofSubject(`call:${call.id}`);
        const number = call.direction === 'outbound' ? call.to : call.from;
        const found = before ?? customers.byNumber(number);
        if (found !== undefined) {
          calls.set(call.id, found);
          call.over.addEventListener('abort', () => {
            calls.delete(call.id);
            told.delete(call.id);
          }, { once: true });
        }
        if (before !== undefined) return;
        const stranger = call.direction === 'inbound' && customers.settings().create_from_calls ? customers.outside(number) : undefined;
        if (found === undefined && stranger === undefined) return;
        later(() => guarded(() => {
          if (found !== undefined) return customers.identify(call.id, found, 'number');
          const { customer, created } = customers.resolve('phone', stranger ?? number, {}, { by: 'call', source: `call:${call.id}` });
          customers.identify(call.id, customer, created ? 'created' : 'number');
        }));
      });
    },
    of(call) {
      const id = calls.get(call.id) ?? customers.ofSubject(`call:${call.id}`);
      return id === undefined ? undefined : customers.known(id);
    },
    talkOf(call) {
      const customer = calls.get(call.id);
      const open = customer === undefined ? undefined : talks?.().open(customer);
      if (open && !told.has(call.id)) {
        told.add(call.id);
        later(() => guardedFor(call)(() => talks?.().called(open.id, call.id)));
      }
      return open;
    },
  };
}

/** What the queues are told of it: whoever writes with the customer is who should speak with him. */
export const attributesOfTalk = (open: OpenTalk | undefined): Readonly<Record<string, string>> => (open ? { conversation: open.id, ...(open.agent === null ? {} : { last_agent: open.agent }) } : {});

/** What the queues are told of a customer. */
export function attributesOfCaller(known: Known | undefined): Readonly<Record<string, string | number | readonly string[]>> {
  if (!known) return {};
  const { id, tags, queueAttributes, adviser, lastAgent } = known;
  return { customer: id, ...(tags.length > 0 ? { tags } : {}), ...queueAttributes, ...(adviser === null ? {} : { adviser }), ...(lastAgent === null ? {} : { last_agent: lastAgent }) };
}

/** `cus_…;name=%E5%BC%A0%E4%BC%9F`: the customer's ID, and the name percent-encoded (RFC 3986 §2.1). */
export const headerOfCaller = (known: Known | undefined): Readonly<Record<string, string>> =>
  known ? { 'X-Strowger-Customer': known.name === null ? known.id : `${known.id};name=${encodeURIComponent(known.name)}` } : {};

/** What flows see as `customer`. */
export const variablesOfCaller = ({ id, name, language, tags, attributes, adviser, verified }: Known): Readonly<Record<string, string | number | boolean | null | readonly string[]>> => ({
  ...attributes, id, name, language, tags, adviser, verified,
});
