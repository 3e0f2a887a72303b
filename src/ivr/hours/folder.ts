import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkYaml, parseYaml, type ConfigFault } from '../../config/index.js';
import { fileForm, toCalendar, type Calendar, type CalendarForm } from './form.js';

/** Bytes. */
const LARGEST = 1_000_000;

export interface Calendars {
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** As they are written, defaults filled in. */
  readonly forms: ReadonlyMap<string, CalendarForm>;
  /** A file with faults gives no calendars. */
  readonly faults: readonly ConfigFault[];
}

const none = { calendars: new Map<string, Calendar>(), forms: new Map<string, CalendarForm>() } as const;

/** Calendars that lie in no file win. */
export const withCalendars = (found: Calendars, more: ReadonlyMap<string, Calendar> | undefined): Calendars => (more === undefined || more.size === 0 ? found : { ...found, calendars: new Map([...found.calendars, ...more]) });

/** The calendars of one text. */
export function readCalendars(file: string, text: string): Calendars {
  const parsed = parseYaml(file, text);
  if (!parsed.ok) return { ...none, faults: parsed.faults };
  const checked = checkYaml(parsed.value, fileForm);
  if (!checked.ok) return { ...none, faults: checked.faults };
  const forms = new Map(Object.entries(checked.value.calendars));
  return { calendars: new Map([...forms].map(([name, form]) => [name, toCalendar(name, form)])), forms, faults: [] };
}

/** Every calendar in `*.yaml` of the folder, usually `dialplans/calendars`; a folder that is not there has none. */
export function loadCalendars(dir: string): Calendars {
  if (!existsSync(dir)) return { ...none, faults: [] };
  const calendars = new Map<string, Calendar>();
  const forms = new Map<string, CalendarForm>();
  const faults: ConfigFault[] = [];
  for (const name of readdirSync(dir).filter((n) => /\.ya?ml$/.test(n)).sort()) {
    const found = readOne(join(dir, name));
    faults.push(...found.faults);
    for (const [calendar, read] of found.calendars) {
      if (calendars.has(calendar)) faults.push(fault(join(dir, name), 'dialplan.duplicate_calendar', `calendar "${calendar}" is in another file already`, 'keep one of them'));
      else calendars.set(calendar, read);
    }
    for (const [calendar, form] of found.forms) if (!forms.has(calendar)) forms.set(calendar, form);
  }
  return { calendars, forms, faults };
}

function readOne(file: string): Calendars {
  try {
    const { size } = statSync(file);
    if (size > LARGEST) return refused(fault(file, 'dialplan.too_large', `${size} bytes are too many for calendars`, `at most ${LARGEST}`));
    return readCalendars(file, readFileSync(file, 'utf8'));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    return refused(fault(file, 'config.unreadable', cause.message, 'check that it is there and may be read'));
  }
}

const refused = (one: ConfigFault): Calendars => ({ ...none, faults: [one] });
const fault = (file: string, code: string, message: string, hint: string): ConfigFault => ({ file, line: 1, column: 1, code, message, hint });

/** How the calendars of a folder are written; a file is read again when it has changed. */
export function calendarForms(dir: string): () => ReadonlyMap<string, CalendarForm> {
  let seen = '';
  let forms: ReadonlyMap<string, CalendarForm> = new Map();
  const stamp = (): string => (existsSync(dir) ? readdirSync(dir).map((name) => stampOf(join(dir, name))).join() : '');
  return () => {
    const now = stamp();
    if (now !== seen) [seen, forms] = [now, loadCalendars(dir).forms];
    return forms;
  };
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? `${file} ${found.mtimeMs} ${found.size}` : '';
}
