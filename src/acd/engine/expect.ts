import type { Ms } from '../../base/index.js';

/** Between these two most people like this one get an agent. */
export interface Band {
  readonly lowMs: Ms;
  readonly highMs: Ms;
}

/** What the expectation needs to know of a queue. */
export interface Line {
  readonly expectation: Expectation;
  /** Agents who are neither away nor offline, be they busy. */
  readonly staffed: number;
}

/** What a queue has learnt of how fast its line moves. Changed in place; plain data, so that it can be kept in a snapshot. */
export interface Expectation {
  /** In line now, and since when there has been somebody. */
  waiting: number;
  since: Ms;
  /** Up to here the time in which somebody waited for an agent to become free has been counted. */
  counted: Ms;
  /** Older learning counts for less: as of `at`. */
  at: Ms;
  /** Agents who became free for somebody who waited, and the agent milliseconds it took. */
  freed: number;
  agentMs: number;
  /** Contacts that gave up or were taken elsewhere, and the milliseconds that all who left had waited. */
  gone: number;
  waitedMs: number;
  /** Of offers that were accepted: how many, how long they rang, and the squares. */
  rings: number;
  ringMs: number;
  ringSquares: number;
  /** When agents became free of late, oldest first. */
  recent: Ms[];
  /** Contacts whose wait will be compared with what was expected of it. */
  trials: Trial[];
  /** How far off expectations were of late, oldest first: see `packed`. */
  errors: number[];
  /** Share of waits a band is made for, by how far back in line: raised by every band that failed, lowered by those that held. */
  aims: number[];
  /** Share of bands of late that were narrow enough to be told, in the same places. */
  narrow: number[];
}

/** How long a contact was expected to wait, its band, and whether that was narrow enough to be told. */
type Trial = readonly [serial: number, at: Ms, steps: number, meanMs: Ms, shape: number, lowMs: Ms, highMs: Ms, told: 0 | 1];

export const emptyExpectation = (): Expectation => ({
  waiting: 0, since: 0, counted: 0, at: 0, freed: 0, agentMs: 0, gone: 0, waitedMs: 0, rings: 0, ringMs: 0, ringSquares: 0, recent: [], trials: [], errors: [], aims: AIMS.map(() => START), narrow: AIMS.map(() => 0.5),
});

/** What is older than this counts for a third. */
const MEMORY_MS: Ms = 60 * 60_000;
const MEMORY_FREED = 200;
/** Fewer agents than this freed within that time for somebody who waited: the data are too thin to say anything. */
const LEAST_FREED = 8;
const LEAST_WITHIN_MS: Ms = 20 * 60_000;
const MOST_TRIALS = 12;
const MOST_ERRORS = 90;
/** Trials follow each other no closer than this share of the wait: those who wait together tell the same. */
const GAP = 0.25;
/** Until a queue has errors of its own, they are thought to be as those of a perfect guess: normal. */
const PRIOR: readonly number[] = [-1.83, -1.38, -1.09, -0.86, -0.67, -0.5, -0.35, -0.2, -0.07, 0.07, 0.2, 0.35, 0.5, 0.67, 0.86, 1.09, 1.38, 1.83];
/** Of ten people eight are to find their wait within the band. */
const HOLDS = 0.81;
const START = 0.86;
const STEP = 0.03;
/** Bands that were too wide to be told teach a little as well, or a queue that once failed would be silent for ever. */
const UNTOLD = 0.1;
/** Bands are told where at least this share of them is narrow enough. */
const OFTEN = 0.15;
/** Up to so many in front; beyond the last it is the same as at the last. */
const AIMS: readonly number[] = [2, 5, 12, 30, Infinity];
const LOWER_TAILS: readonly number[] = [0, 0.05, 0.1, 0.15];
/** A band is told when it is no wider than this, or than half its lower end. */
const WIDEST_MS: Ms = 60_000;
/** How uncertain the pace of the line is, whatever has been seen: agents come and go. */
const DRIFT = 0.08;

/** Thousandths of standard deviations, twice, and one more where the contact gave up at that point: so in order, who gave up stands after who was answered. */
const packed = (by: number, gaveUp: boolean): number => Math.round(by * 1000) * 2 + (gaveUp ? 1 : 0);

/** A contact came into the line, behind `ahead` others. Answers whether its wait will be compared with what is expected of it. */
export function joined(line: Line, now: Ms, ahead: number, serial: number): boolean {
  const e = line.expectation;
  age(e, now);
  if (e.waiting === 0) e.since = now;
  e.waiting += 1;
  if (e.trials.length >= MOST_TRIALS) return false;
  const guess = guessed(line, ahead, now);
  const last = e.trials.at(-1);
  if (!guess || (last && now - last[1] < guess.meanMs * GAP)) return false;
  const band = bandOf(e, guess);
  const i = aimAt(guess.steps);
  e.narrow[i] = Math.round(((e.narrow[i] ?? 0) * 0.9 + (isNarrow(band) ? 0.1 : 0)) * 1e4) / 1e4;
  e.trials.push([serial, now, Math.round(guess.steps), Math.round(guess.meanMs), Math.round(guess.shape * 100) / 100, band.lowMs, band.highMs, useful(e, guess, band) ? 1 : 0]);
  return true;
}

/** Whether the contact with this serial number is compared. */
export const onTrial = ({ expectation }: Line, serial: number): boolean => expectation.trials.some((trial) => trial[0] === serial);

/** Somebody left the line. */
export interface Left {
  readonly how: 'taken' | 'gone';
  readonly waitedMs: Ms;
  readonly ringMs: Ms;
  /** Of a contact that was compared. */
  readonly serial: number | undefined;
}

/**
 * A contact left the line: `taken` by an agent of this queue, or `gone` in any other way. `waitedMs` since it joined; `ringMs` how
 * long the offer rang that was accepted, 0 where none was.
 */
export function leftLine(line: Line, now: Ms, { how, waitedMs, ringMs, serial }: Left): void {
  const e = line.expectation;
  age(e, now);
  e.waiting = Math.max(0, e.waiting - 1);
  e.waitedMs += waitedMs;
  if (how === 'gone') e.gone += 1;
  else {
    e.rings += 1;
    e.ringMs += ringMs;
    e.ringSquares += ringMs * ringMs;
    if (ringMs < waitedMs) freed(line, now - waitedMs, now - ringMs);
  }
  if (serial !== undefined) judge(e, now, how, serial, how === 'taken' && ringMs >= waitedMs);
}

/** An agent became free at `at` for somebody who had waited since `from`: that much of the agents' time it took. */
function freed(line: Line, from: Ms, at: Ms): void {
  const e = line.expectation;
  const begin = Math.max(from, e.counted, e.since);
  const keep = 1 - 1 / MEMORY_FREED;
  e.freed = e.freed * keep + 1;
  e.agentMs = e.agentMs * keep + Math.max(0, at - begin) * Math.max(1, line.staffed);
  e.counted = Math.max(e.counted, at);
  e.recent.push(at);
  if (e.recent.length > LEAST_FREED) e.recent.shift();
}

/** Compares the wait of a contact that was on trial with what was expected of it. Whoever finds a free agent tells nothing of the line. */
function judge(e: Expectation, now: Ms, how: 'taken' | 'gone', serial: number, atOnce: boolean): void {
  const found = e.trials.findIndex((trial) => trial[0] === serial);
  const [trial] = found < 0 ? [] : e.trials.splice(found, 1);
  if (!trial || atOnce) return;
  const [, at, steps, meanMs, shape, lowMs, highMs, told] = trial;
  const waitedMs = now - at;
  e.errors.push(packed(errorOf(waitedMs, meanMs, shape), how === 'gone'));
  if (e.errors.length > MOST_ERRORS) e.errors.shift();
  if (how === 'gone' && waitedMs <= highMs) return;
  const held = how === 'taken' && waitedMs >= lowMs && waitedMs <= highMs;
  const i = aimAt(steps);
  const aim = (e.aims[i] ?? START) + (told === 1 ? STEP : STEP * UNTOLD) * (held ? HOLDS - 1 : HOLDS);
  e.aims[i] = Math.round(Math.min(0.98, Math.max(0.6, aim)) * 1e4) / 1e4;
}
const aimAt = (steps: number): number => AIMS.findIndex((upTo) => steps <= upTo);

function age(e: Expectation, now: Ms): void {
  if (now <= e.at) return;
  const f = Math.exp((e.at - now) / MEMORY_MS);
  e.at = now;
  e.freed *= f;
  e.agentMs *= f;
  e.gone *= f;
  e.waitedMs *= f;
  e.rings *= f;
  e.ringMs *= f;
  e.ringSquares *= f;
}

interface Guess {
  readonly steps: number;
  readonly meanMs: Ms;
  /** Of the gamma distribution that the wait is thought to follow: mean squared by variance. */
  readonly shape: number;
}

/**
 * How long somebody behind `ahead` others will wait: agents become free at the pace learnt, per agent at work, and those ahead
 * give up at the rate learnt. Undefined where nobody works or too few were seen.
 */
function guessed(line: Line, ahead: number, now: Ms): Guess | undefined {
  const e = line.expectation;
  const [first] = e.recent;
  if (line.staffed < 1 || e.recent.length < LEAST_FREED || first === undefined || now - first > LEAST_WITHIN_MS) return undefined;
  const pace = (e.freed / e.agentMs) * line.staffed;
  const leaving = e.gone / Math.max(1, e.waitedMs);
  const ring = ringing(e);
  const steps = Math.max(1, ahead + 1 - pace * ring.meanMs);
  const queued = timeTo(steps, pace, leaving);
  const uncertain = 1 / Math.max(1, 2 * e.freed) + DRIFT * DRIFT;
  const variance = (queued * queued) / steps + queued * queued * uncertain + ring.variance;
  const meanMs = queued + ring.meanMs;
  return { steps, meanMs, shape: (meanMs * meanMs) / Math.max(1, variance) };
}

/** Each of those ahead may give up meanwhile: the further back, the faster it goes. */
function timeTo(steps: number, pace: number, leaving: number): Ms {
  const share = leaving / pace;
  return share * steps < 0.01 ? steps / pace : Math.log((1 + share * (steps - 0.5)) / Math.max(0.1, 1 - share / 2)) / leaving;
}

function ringing(e: Expectation): { readonly meanMs: Ms; readonly variance: number } {
  const meanMs = e.ringMs / Math.max(1e-9, e.rings);
  return { meanMs, variance: Math.max(0, e.ringSquares / Math.max(1e-9, e.rings) - meanMs * meanMs) };
}

/** In standard deviations of the guess, by Wilson and Hilferty's cube root, which makes a gamma variable nearly normal. */
const errorOf = (waitedMs: Ms, meanMs: Ms, shape: number): number =>
  (Math.cbrt(waitedMs / Math.max(1, meanMs)) - (1 - 1 / (9 * shape))) * 3 * Math.sqrt(shape);
const waitAt = (error: number, { meanMs, shape }: Guess): Ms =>
  meanMs * Math.max(0, 1 - 1 / (9 * shape) + error / (3 * Math.sqrt(shape))) ** 3;

/**
 * The narrowest band in which eight of ten like this one are answered, going by how far off the last expectations were: so it holds
 * whatever the conversations are like. Undefined when data are too thin or the band would be too wide to be of use: wider than a
 * minute and than half its lower end. `free`: an agent is free for it, or its phone rings already.
 */
export function expectedWait(line: Line, ahead: number, now: Ms, free = false): Band | undefined {
  const e = line.expectation;
  if (free) return ringBand(e);
  const guess = guessed(line, ahead, now);
  return guess && useful(e, guess, bandOf(e, guess));
}

function bandOf(e: Expectation, guess: Guess): Band {
  const spread = spreadOf(e.errors);
  const aim = e.aims[aimAt(guess.steps)] ?? START;
  let best: Band | undefined;
  for (const tail of LOWER_TAILS) {
    if (tail > 1 - aim) break;
    const lowMs = tail === 0 ? 0 : waitAt(quantile(spread, tail), guess);
    const highMs = waitAt(quantile(spread, tail + aim), guess);
    if (!best || highMs - lowMs < best.highMs - best.lowMs) best = { lowMs, highMs };
  }
  return rounded(best ?? { lowMs: 0, highMs: guess.meanMs });
}
const isNarrow = ({ lowMs, highMs }: Band): boolean => highMs - lowMs <= Math.max(WIDEST_MS, lowMs / 2);
/** A band that is narrow where hardly any is, is so by mistake. */
const useful = (e: Expectation, { steps }: Guess, band: Band): Band | undefined => (isNarrow(band) && (e.narrow[aimAt(steps)] ?? 0) >= OFTEN ? band : undefined);

/** Rings are short and much alike: from at once to the mean and a good standard deviation more. */
function ringBand(e: Expectation): Band | undefined {
  if (e.rings < LEAST_FREED) return undefined;
  const { meanMs, variance } = ringing(e);
  return rounded({ lowMs: 0, highMs: meanMs + 1.3 * Math.sqrt(variance) });
}

const rounded = ({ lowMs, highMs }: Band): Band => ({ lowMs: Math.floor(lowMs / 1000) * 1000, highMs: Math.max(1, Math.ceil(highMs / 1000 - 1e-6)) * 1000 });

/** The errors that were met, the least first, and the share of people who have been answered by then. */
interface Spread {
  readonly errors: readonly number[];
  readonly upTo: readonly number[];
}

/** Kaplan and Meier's estimate: somebody who gave up tells only that the wait would have been longer. */
function spreadOf(known: Expectation['errors']): Spread {
  const all = new Int32Array(known.length + Math.max(0, PRIOR.length - known.length));
  for (let i = 0; i < known.length; i += 1) all[i] = known[i] ?? 0;
  for (let i = known.length; i < all.length; i += 1) all[i] = packed(PRIOR[i] ?? 0, false);
  all.sort();
  const errors: number[] = [];
  const upTo: number[] = [];
  let surviving = 1;
  for (let i = 0; i < all.length; i += 1) {
    const error = all[i] as number;
    if ((error & 1) === 1) continue;
    surviving *= 1 - 1 / (all.length - i);
    errors.push(error / 2000);
    upTo.push(1 - surviving);
  }
  return { errors, upTo };
}

function quantile({ errors, upTo }: Spread, share: number): number {
  for (let i = 0; i < errors.length; i += 1) if ((upTo[i] as number) >= share) return errors[i] as number;
  return errors.at(-1) ?? 0;
}
