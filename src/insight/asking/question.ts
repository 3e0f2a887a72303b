import { isTimeZone } from '../../base/index.js';
import { NoSuchReport, ReportRefused } from '../errors.js';
import { REPORTS, REPORT_NAMES, TIME_GROUPS, type FigureName, type Group, type Report, type ReportName, type TimeGroup } from '../figures.js';
import { DIMENSIONS, QUARTER, type Dimension } from '../measures.js';

export interface Filters extends Partial<Readonly<Record<Dimension, readonly string[]>>> {
  readonly queue?: readonly string[] | undefined;
  readonly channel?: readonly string[] | undefined;
}
export interface ReportQuestion {
  readonly report: string;
  /** Ms since 1970: since ≤ came < until, to quarters of an hour. */
  readonly since: number;
  readonly until: number;
  /** None: those of the report. */
  readonly by?: readonly Group[] | undefined;
  readonly filters: Filters;
  /** What these agents had to do with alone; undefined: everything. */
  readonly within?: readonly string[] | undefined;
  /** IANA name. */
  readonly zone: string;
}
/** A question that has been found to make sense. */
export interface Asked {
  readonly name: ReportName;
  readonly figures: readonly FigureName[];
  readonly since: number;
  readonly until: number;
  readonly time: TimeGroup | undefined;
  /** In the order asked for. */
  readonly by: readonly Group[];
  readonly filters: Filters;
  readonly zone: string;
  /** The sides that are asked about besides queue and channel. */
  readonly sides: readonly Dimension[];
}

const LONGEST_DAYS = 400;
const isTime = (group: Group): group is TimeGroup => (TIME_GROUPS as readonly string[]).includes(group);
const isSide = (group: Group): group is Dimension => (DIMENSIONS as readonly string[]).includes(group);

/** @throws NoSuchReport @throws ReportRefused */
export function understood({ report, since, until, by, filters, within, zone }: ReportQuestion): Asked {
  if (!(report in REPORTS)) throw new NoSuchReport(`there is no report "${report}"`, { hint: `there are ${REPORT_NAMES.join(', ')}` });
  const name = report as ReportName;
  const { by: usual, figures }: Report = REPORTS[name];
  if (!isTimeZone(zone)) throw new ReportRefused(`there is no time zone "${zone}"`, { hint: 'an IANA name, as Asia/Shanghai' });
  const [from, to] = [Math.floor(since / QUARTER) * QUARTER, Math.ceil(until / QUARTER) * QUARTER];
  if (from >= to) throw new ReportRefused('the report ends before it begins', { hint: 'until must be later than since' });
  if (to - from > LONGEST_DAYS * 86_400_000) throw new ReportRefused('the report is of too long a time', { hint: `at most ${LONGEST_DAYS} days at once` });
  const groups = [...new Set(by ?? usual)];
  const times = groups.filter(isTime);
  if (times.length > 1) throw new ReportRefused(`${times.join(' and ')} do not go together`, { hint: 'one of them' });
  const all = withinReach(filters, within);
  const sides = DIMENSIONS.filter((side) => groups.includes(side) || all[side] !== undefined);
  const apart = sides.length > 1;
  if (apart && (sides.includes('type') || groups.some((group) => isSide(group) && group === 'tag'))) throw new ReportRefused(`${sides.join(' and ')} cannot be told apart at once`, { hint: 'ask for one of them; tags may be a filter beside others' });
  return { name, figures, since: from, until: to, time: times[0], by: groups, filters: all, zone, sides };
}

/** Whoever may see some agents' things alone sees figures of these agents alone. */
function withinReach(filters: Filters, within: readonly string[] | undefined): Filters {
  if (within === undefined) return filters;
  const { agent } = filters;
  return { ...filters, agent: agent === undefined ? within : agent.filter((one) => within.includes(one)) };
}
