import type { Next } from '../../../base/index.js';
import { TARGETS, type Calendars, type Clock, type Goal, type Mark, type Policy, type Result, type SlaEffect, type SlaEvent, type SlaState, type Target } from './types.js';

const fresh: Clock = { spentMs: 0, told: [] };

export const startSla = (now: number, calendar: string, policy: Policy | null): SlaState => ({
  at: now, calendar, policy, answered: false, paused: false, resolved: false, over: false, clocks: { response: fresh, update: fresh, resolution: fresh },
  response: null, resolution: null, firstResolution: null, reopened: 0,
});

/**
 * The deadlines of one ticket. Time up to `now` is counted by what held until now; then the event changes what holds. What has been
 * counted stays counted: a new calendar or policy judges it, but does not count it anew. A `now` before the last one is the last one.
 */
export function sla(before: SlaState, event: SlaEvent, now: number, calendars: Calendars): Next<SlaState, SlaEffect> {
  const [counted, passed] = count(before, Math.max(now, before.at), calendars);
  const [after, met] = change(counted, event);
  const [told, late] = tell(after);
  return [told, [...passed, ...met, ...late]];
}

/** When something will happen if nobody does anything; undefined: never. */
export function nextMoment(s: SlaState, calendars: Calendars): number | undefined {
  const time = calendars(s.calendar);
  const moments = TARGETS.filter((target) => runs(s, target)).flatMap((target) => {
    const { spentMs, told } = s.clocks[target];
    const next = marksOf(s.policy?.goals[target]).find(([mark]) => !told.includes(mark));
    return next === undefined ? [] : [time.after(s.at, next[1] - spentMs)];
  });
  return moments.filter((at) => at !== undefined).sort((a, b) => a - b)[0];
}

/** When the target will be over if nobody does anything. @returns undefined where nothing is promised or the clock stands */
export function dueAt(s: SlaState, target: Target, calendars: Calendars): number | undefined {
  const goal = s.policy?.goals[target];
  return goal && runs(s, target) ? calendars(s.calendar).after(s.at, goal.targetMs - s.clocks[target].spentMs) : undefined;
}

/** An update is owed only once there was an answer: until then the first answer is. */
export function runs(s: SlaState, target: Target): boolean {
  if (s.over || s.resolved || s.paused) return false;
  return target === 'response' ? !s.answered : target === 'update' ? s.answered : true;
}

/** Whom to tell of what, and after how much business time; ascending. */
function marksOf(goal: Goal | undefined): readonly (readonly [mark: Mark, afterMs: number])[] {
  if (!goal) return [];
  const warn: [Mark, number][] = goal.warnMs === null ? [] : [['warn', goal.targetMs - goal.warnMs]];
  return [...warn, ['breach', goal.targetMs], ...goal.escalateMs.map((ms, i) => [`escalate:${i + 1}`, goal.targetMs + ms] as const)];
}

const order = (effect: SlaEffect): number => TARGETS.indexOf(effect.target) * 100 + (effect.do === 'warn' ? 0 : effect.do === 'breach' ? 1 : effect.do === 'escalate' ? 1 + effect.level : 0);

function effectOf(mark: Mark, target: Target, at: number): SlaEffect & { readonly at: number } {
  if (mark === 'warn' || mark === 'breach') return { do: mark, target, at };
  return { do: 'escalate', target, level: Number(mark.slice('escalate:'.length)), at };
}

function count(s: SlaState, now: number, calendars: Calendars): Next<SlaState, SlaEffect> {
  const time = calendars(s.calendar);
  const elapsed = time.between(s.at, now);
  const passed: (SlaEffect & { readonly at: number })[] = [];
  const counted = (target: Target): Clock => {
    const clock = s.clocks[target];
    if (!runs(s, target)) return clock;
    const spentMs = clock.spentMs + elapsed;
    const due = marksOf(s.policy?.goals[target]).filter(([mark, afterMs]) => afterMs <= spentMs && !clock.told.includes(mark));
    for (const [mark, afterMs] of due) passed.push(effectOf(mark, target, time.after(s.at, afterMs - clock.spentMs) ?? now));
    return { spentMs, told: [...clock.told, ...due.map(([mark]) => mark)] };
  };
  const clocks = { response: counted('response'), update: counted('update'), resolution: counted('resolution') };
  return [{ ...s, at: now, clocks }, passed.sort((a, b) => a.at - b.at || order(a) - order(b))];
}

/** What the change itself made late: a shorter promise, or a clock that runs again. */
function tell(s: SlaState): Next<SlaState, SlaEffect> {
  const late: SlaEffect[] = [];
  const told = (target: Target): Clock => {
    const clock = s.clocks[target];
    if (!runs(s, target)) return clock;
    const due = marksOf(s.policy?.goals[target]).filter(([mark, afterMs]) => afterMs <= clock.spentMs && !clock.told.includes(mark));
    late.push(...due.map(([mark]) => effectOf(mark, target, s.at)));
    return due.length === 0 ? clock : { ...clock, told: [...clock.told, ...due.map(([mark]) => mark)] };
  };
  return [{ ...s, clocks: { response: told('response'), update: told('update'), resolution: told('resolution') } }, late];
}

function change(s: SlaState, event: SlaEvent): Next<SlaState, SlaEffect> {
  if (s.over) return [s, []];
  switch (event.type) {
    case 'time_passed': return [s, []];
    case 'answered': return answered(s);
    case 'paused': return [{ ...s, paused: true }, []];
    case 'resumed': return [{ ...s, paused: false }, []];
    case 'resolved': return resolved(s);
    case 'reopened': return s.resolved ? [{ ...s, resolved: false, paused: false, reopened: s.reopened + 1, clocks: { ...s.clocks, update: fresh } }, []] : [s, []];
    case 'merged': return [{ ...s, over: true }, []];
    case 'policy_set': return [judged({ ...s, policy: event.policy }), []];
    case 'calendar_set': return [{ ...s, calendar: event.calendar }, []];
  }
}

function answered(s: SlaState): Next<SlaState, SlaEffect> {
  const updated = { ...s, clocks: { ...s.clocks, update: fresh } };
  if (s.answered) return [updated, []];
  const response = resultOf(s, 'response');
  return [{ ...updated, answered: true, response }, [{ do: 'met', target: 'response', result: response }]];
}

function resolved(s: SlaState): Next<SlaState, SlaEffect> {
  if (s.resolved) return [s, []];
  const resolution = resultOf(s, 'resolution');
  return [{ ...s, resolved: true, paused: false, resolution, firstResolution: s.firstResolution ?? resolution }, [{ do: 'met', target: 'resolution', result: resolution }]];
}

function resultOf(s: SlaState, target: Target): Result {
  const goal = s.policy?.goals[target];
  const { spentMs } = s.clocks[target];
  return { at: s.at, businessMs: spentMs, within: goal ? spentMs < goal.targetMs : null };
}

/** What was told under another promise and is not true under this one may be told again. */
function judged(s: SlaState): SlaState {
  const kept = (target: Target): Clock => {
    const { spentMs, told } = s.clocks[target];
    const true_ = new Set(marksOf(s.policy?.goals[target]).filter(([, afterMs]) => afterMs <= spentMs).map(([mark]) => mark));
    return { spentMs, told: told.filter((mark) => true_.has(mark)) };
  };
  return { ...s, clocks: { response: kept('response'), update: kept('update'), resolution: kept('resolution') } };
}
