/**
 * Business time and deadlines once more, written apart from the engine and slow on purpose: it walks minute by minute and looks at a clock
 * on the wall. Nothing of src is used here, so that one misreading cannot hide in both.
 */
export interface RefCalendar {
  readonly zone: string;
  /** Sunday is 0. */
  readonly week: Readonly<Record<number, readonly (readonly [from: string, to: string])[]>>;
  readonly special: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>;
}
export interface RefGoal {
  readonly target: number;
  readonly warn: number | null;
  readonly escalate: readonly number[];
}
/** Minutes. */
export type RefPolicy = Readonly<Partial<Record<'response' | 'update' | 'resolution', RefGoal>>> | null;
export type RefEvent =
  | { readonly minute: number; readonly what: 'answered' | 'paused' | 'resumed' | 'resolved' | 'reopened' | 'merged' }
  | { readonly minute: number; readonly what: 'policy'; readonly policy: RefPolicy }
  | { readonly minute: number; readonly what: 'calendar'; readonly calendar: number };
export interface RefTold {
  readonly minute: number;
  readonly clock: string;
  readonly what: string;
}

const MINUTE = 60_000;

/** For every minute from `start` on whether the calendar is open in it. */
export function openMinutes(calendar: RefCalendar, start: number, minutes: number): Uint8Array {
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: calendar.zone, dateStyle: 'short', timeStyle: 'short' });
  const margin = 3 * 1_440;
  /** `2026-03-29 03:00` as the wall shows it, for each minute. */
  const shown: string[] = [];
  for (let m = -margin; m < minutes + margin; m += 1) shown.push(wall.format(start + m * MINUTE));
  const open = new Uint8Array(minutes);
  const firstAtOrAfter = (label: string): number => {
    // Labels may jump back by an hour, so this looks from a day earlier on, minute by minute.
    const [date = ''] = label.split(' ');
    const day = shown.findIndex((s) => s.startsWith(date));
    for (let i = Math.max(0, day - 1); i < shown.length; i += 1) if ((shown[i] ?? '') >= label) return i - margin;
    return shown.length - margin;
  };
  const dates = [...new Set(shown.map((s) => s.slice(0, 10)))];
  for (const [i, date] of dates.entries()) {
    if (i === 0 || i >= dates.length - 2) continue; // only partly in sight
    const spans = calendar.special[date] ?? calendar.week[new Date(`${date}T12:00:00Z`).getUTCDay()] ?? [];
    for (const [from, to] of spans) {
      const nextDate = dates[i + 1] ?? '';
      const a = firstAtOrAfter(`${date} ${from}`);
      const b = to === '24:00' ? firstAtOrAfter(`${nextDate} 00:00`) : firstAtOrAfter(to <= from ? `${nextDate} ${to}` : `${date} ${to}`);
      for (let m = Math.max(0, a); m < Math.min(minutes, b); m += 1) open[m] = 1;
    }
  }
  return open;
}

/** Plays a history that begins at `begin` and is looked at until `end` (minutes into the calendars). */
export function reference(calendars: readonly Uint8Array[], begin: number, end: number, first: { readonly calendar: number; readonly policy: RefPolicy }, history: readonly RefEvent[]) {
  let calendar = first.calendar;
  let policy = first.policy;
  let [hasAnswer, waits, done, gone] = [false, false, false, false];
  const spent = { response: 0, update: 0, resolution: 0 };
  const told = { response: new Set<string>(), update: new Set<string>(), resolution: new Set<string>() };
  const out: RefTold[] = [];
  const results: Record<'response' | 'resolution', { minute: number; business: number; within: boolean | null } | null> = { response: null, resolution: null };
  const clocks = ['response', 'update', 'resolution'] as const;
  const ticking = (clock: (typeof clocks)[number]): boolean => {
    if (gone || done || waits) return false;
    if (clock === 'response') return !hasAnswer;
    if (clock === 'update') return hasAnswer;
    return true;
  };
  const limitsOf = (clock: (typeof clocks)[number]): [string, number][] => {
    const goal = policy?.[clock];
    if (goal === undefined) return [];
    const list: [string, number][] = [['breach', goal.target]];
    if (goal.warn !== null) list.push(['warn', goal.target - goal.warn]);
    goal.escalate.forEach((late, i) => list.push([`escalate ${i + 1}`, goal.target + late]));
    return list;
  };
  const listed = (): Record<(typeof clocks)[number], [string, number][]> => ({ response: limitsOf('response'), update: limitsOf('update'), resolution: limitsOf('resolution') });
  let limits = listed();
  const look = (minute: number): void => {
    for (const clock of clocks) {
      if (!ticking(clock)) continue;
      for (const [what, limit] of limits[clock]) {
        if (spent[clock] < limit || told[clock].has(what)) continue;
        told[clock].add(what);
        out.push({ minute, clock, what });
      }
    }
  };
  const happen = (event: RefEvent): void => {
    if (gone) return;
    switch (event.what) {
      case 'answered':
        if (!hasAnswer) results.response = { minute: event.minute, business: spent.response, within: policy?.response ? spent.response < policy.response.target : null };
        hasAnswer = true;
        spent.update = 0;
        told.update.clear();
        return;
      case 'paused': waits = true; return;
      case 'resumed': waits = false; return;
      case 'resolved':
        if (done) return;
        results.resolution = { minute: event.minute, business: spent.resolution, within: policy?.resolution ? spent.resolution < policy.resolution.target : null };
        done = true;
        waits = false;
        return;
      case 'reopened':
        if (!done) return;
        done = false;
        waits = false;
        spent.update = 0;
        told.update.clear();
        return;
      case 'merged': gone = true; return;
      case 'calendar': calendar = event.calendar; return;
      case 'policy':
        policy = event.policy;
        limits = listed();
        for (const clock of clocks) {
          const reached = limits[clock].filter(([, limit]) => spent[clock] >= limit).map(([what]) => what);
          for (const what of told[clock]) if (!reached.includes(what)) told[clock].delete(what);
        }
    }
  };
  let at = 0;
  for (let minute = begin; minute <= end; minute += 1) {
    look(minute);
    for (; history[at]?.minute === minute; at += 1) {
      const event = history[at];
      if (event === undefined) break;
      happen(event);
      look(minute);
    }
    if (minute < end && calendars[calendar]?.[minute] === 1) for (const clock of clocks) if (ticking(clock)) spent[clock] += 1;
  }
  return { told: out, results, spent };
}
