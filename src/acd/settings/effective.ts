import { nextChange, openAt, toAgent, toQueue, toRouting, toSetup, type AcdForms, type Hours, type QueueConfig } from '../../config/index.js';
import type { AcdSetup, QueueMode } from '../engine/index.js';
import { acdSetup, type AcdConfig } from '../setup.js';
import { layOver, type Reading } from './document.js';
import { once } from '../once.js';

/** A named set-up as it stands. */
export interface SetupState {
  readonly name: string;
  readonly active: boolean;
  /** How it was switched by hand; null: it goes by date. */
  readonly switched: boolean | null;
  /** When dates switch it next, ms since 1970; null: never, or by hand only. */
  readonly nextAt: number | null;
  /** Laid over others it would give settings that are wrong, so it is left out. */
  readonly refused: boolean;
}

/** What holds at a moment: settings with set-ups and opening hours worked in. */
export interface Effective {
  readonly forms: AcdForms;
  readonly config: AcdConfig;
  readonly setup: AcdSetup;
  readonly modes: ReadonlyMap<string, QueueMode>;
  readonly setups: readonly SetupState[];
  /** When hours or dates change something next, ms since 1970. */
  readonly nextAt: number | undefined;
}

// What did not change stays the very object it was, so that finding the difference costs nothing.
const queueOf = once(toQueue);
const agentOf = once(toAgent);
const setupOf = once(toSetup);

/** Hours between two changes. */
interface Stretch {
  readonly house: string;
  readonly from: number;
  readonly open: boolean;
  readonly until: number | undefined;
}
const stretches = new WeakMap<Hours, Stretch>();

function stretchAt(hours: Hours, now: number, house: string): Stretch {
  const known = stretches.get(hours);
  if (known?.house === house && known.from <= now && now < (known.until ?? Infinity)) return known;
  const found = { house, from: now, open: openAt(hours, now, house), until: nextChange(hours, now, house) };
  stretches.set(hours, found);
  return found;
}

/** `house`: the time zone where none is named. */
export function effectiveAt(reading: Reading, now: number, house: string): Effective {
  const setups: SetupState[] = [];
  const changes: number[] = [];
  let forms = reading.forms;
  for (const written of reading.forms.setups) {
    const { when } = setupOf(written);
    const stretch = when && stretchAt(when, now, house);
    const nextAt = stretch?.until;
    const switched = reading.switched.get(written.name) ?? null;
    const active = switched ?? stretch?.open ?? false;
    const laid = active ? layOver(forms, written) : forms;
    if (laid) forms = laid;
    if (switched === null && nextAt !== undefined) changes.push(nextAt);
    setups.push({ name: written.name, active, switched, nextAt: nextAt ?? null, refused: !laid });
  }
  const config: AcdConfig = { queues: forms.queues.map(queueOf), agents: forms.agents.map(agentOf), routing: toRouting(forms.routing) };
  for (const { hours } of config.queues) {
    const nextAt = hours && stretchAt(hours, now, house).until;
    if (nextAt !== undefined) changes.push(nextAt);
  }
  const modes = new Map(config.queues.map((q) => [q.name, modeAt(q, now, house)]));
  const setup = acdSetup(config, (q) => modes.get(q.name) ?? q.mode);
  return { forms, config, setup, modes, setups, nextAt: changes.length > 0 ? Math.min(...changes) : undefined };
}

const modeAt = ({ mode, hours }: QueueConfig, now: number, house: string): QueueMode =>
  mode === 'open' && hours !== undefined && !stretchAt(hours, now, house).open ? 'closed' : mode;
