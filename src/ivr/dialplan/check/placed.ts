import type { DialplanFault } from '../faults.js';
import type { DialplanFile, PlacedStep } from '../file.js';
import { error, warning } from '../faults.js';
import type { Calendar } from '../../hours/index.js';

export type Path = readonly PropertyKey[];
export type Known = Readonly<{
  /** What a dialplan may refer to; what is `undefined` is not checked. */
  queues?: readonly string[] | undefined;
  extensions?: readonly string[] | undefined;
  trunks?: readonly string[] | undefined;
  /** Types of tickets, each with its fields. */
  tickets?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Flows to which a queue sends callers (`on`, `exits`, …), itself or by a queue it hands them to: the caller's dialplan must have them. */
  queueFlows?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Wishes that some corpus knows. */
  intents?: readonly string[] | undefined;
  /** What corpora can find in a sentence. */
  entities?: readonly string[] | undefined;
  /** Scripts beside the dialplan. */
  scripts?: readonly string[] | undefined;
  /** Languages that can be recognised. */
  speech?: readonly string[] | undefined;
  /** Names of secrets that are set. */
  secrets?: ((name: string) => boolean) | undefined;
  /** Calendars that lie in no file; they win over those of the folder. */
  calendars?: ReadonlyMap<string, Calendar> | undefined;
  /** IANA; where a file names none. */
  timeZone?: string | undefined;
  /** Whether a sound is there; asked with its whole path. */
  sounds?: ((file: string) => boolean) | undefined;
}>;

export const placedSteps = (file: DialplanFile): PlacedStep[] => [...file.placed.values()].flat();

/** What is written at a place in the file. */
export const writtenAt = ({ source }: Pick<DialplanFile, 'source'>, path: Path): unknown =>
  path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<PropertyKey, unknown>)[key] : undefined), source.value);

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

type Say = (path: Path, code: string, message: string, hint?: string, key?: boolean) => DialplanFault;
export const errorIn = ({ source }: DialplanFile): Say => (path, ...more) => error(source.fault(path, ...more));
export const warningIn = ({ source }: DialplanFile): Say => (path, ...more) => warning(source.fault(path, ...more));
