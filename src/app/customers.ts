import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigFaults, daysAfter, instantOf, localDate, readYaml, type ConfigFault } from '../config/index.js';
import { compileRules, createCustomers, customersFile, RULE_NAMES, type Customers, type CustomersForm, type Days, type Expressions } from '../desk/customers/index.js';
import { noteErasures } from '../desk/erasing/index.js';
import { compileExpression, evaluateExpression } from '../ivr/index.js';
import { createCallers, followFacts, toldOf, type Callers, type OpenTalks } from '../wiring/index.js';
import type { Ground } from './rooms.js';

/** Customers, and what ties them to calls and timelines. */
export interface CustomerDesk {
  readonly customers: Customers;
  readonly callers: Callers;
  /** Reads `config/customers.yaml`; what it answers puts it in force. @throws ConfigFaults */
  read(): () => void;
  close(): Promise<void>;
}

/** @throws ConfigFaults */
export function openCustomers({ settings, live, store, events, log }: Ground, talks: () => OpenTalks): CustomerDesk {
  const file = join(settings.folders.config, 'customers.yaml');
  const customers = createCustomers({
    store, events, settings: readForm(file), country: () => live.now().system.homeCountry, days: daysOf(() => live.now().system.timeZone), expressions,
    forgotten: (ids, by) => noteErasures(store, ids, by, Date.now()),
    past: (subject) => events.of(subject as 'system').map(toldOf).filter((told) => told !== undefined),
  });
  const following = followFacts({ customers, events, log });
  customers.sweep.wake();
  return {
    customers,
    callers: createCallers({ customers, talks }),
    read() {
      const form = readForm(file);
      return () => customers.lay(form);
    },
    async close() {
      following.close();
      await customers.close();
    },
  };
}

/** The conditions of flows, for rules. What cannot be worked out does not hold. */
export const expressions: Expressions = {
  compile(text) {
    const compiled = compileExpression(text);
    if (!compiled.ok) return compiled;
    const { expression, paths } = compiled;
    return {
      ok: true, paths,
      holds(scope) {
        const done = evaluateExpression(expression, scope as Parameters<typeof evaluateExpression>[1]);
        return done.ok && done.value === true;
      },
    };
  },
};

/** @throws ConfigFaults */
export function readForm(file: string): CustomersForm {
  const text = contents(file);
  if (text === undefined) return customersFile.parse({});
  const read = readYaml(file, text, customersFile);
  if (!read.ok) throw new ConfigFaults(read.faults);
  const { value, source } = read;
  if (!source) return value;
  const faults: ConfigFault[] = compileRules(value, expressions).faults.map(({ index, message }) => source.fault(['tags', index, 'when'], 'customers.bad_rule', message, `there are ${RULE_NAMES.join(', ')}`));
  for (const [list, key] of [['attributes', 'name'], ['identities', 'kind']] as const) {
    const names = value[list].map((one) => (one as Record<string, unknown>)[key]);
    names.forEach((name, i) => names.indexOf(name) < i && faults.push(source.fault([list, i, key], 'config.duplicate', `${key} "${String(name)}" is used twice`)));
  }
  if (faults.length > 0) throw new ConfigFaults(faults);
  return value;
}

/** Undefined where there is no such file. @throws ConfigFaults */
function contents(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new ConfigFaults([{ file, line: 0, column: 0, code: 'config.unreadable', message: cause instanceof Error ? cause.message : String(cause), hint: 'check that it is a file and may be read' }]);
  }
}

const DAY = 86_400_000;
/** Days of the house's time zone, by number. Calendars are slow, so a day is remembered until it is over. */
export function daysOf(zone: () => string): Days {
  let known = { zone: '', from: 0, to: 0, day: 0 };
  const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);
  const startOf = (day: number): number => instantOf(dateOf(day), 0, zone());
  return {
    startOf,
    dayOf(ms) {
      if (known.zone === zone() && ms >= known.from && ms < known.to) return known.day;
      const date = localDate(ms, zone());
      const day = Date.parse(`${date}T00:00:00Z`) / DAY;
      const one = { zone: zone(), from: startOf(day), to: instantOf(daysAfter(date, 1), 0, zone()), day };
      if (Math.abs(ms - Date.now()) < DAY) known = one;
      return day;
    },
  };
}
