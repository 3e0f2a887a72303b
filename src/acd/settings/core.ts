import { isDeepStrictEqual } from 'node:util';
import { formatFault, queueFlows, toQueue, type AcdForms, type Config } from '../../config/index.js';
import type { Events } from '../../events/index.js';
import type { Store } from '../../store/index.js';
import type { Clock } from '../clock.js';
import type { QueueId } from '../engine/index.js';
import type { Acd } from '../ports.js';
import { documentOf, judge, lay, type Document, type Reading, type SettingsPatch } from './document.js';
import { effectiveAt, type Effective } from './effective.js';
import { SettingsRefused, type SettingsFault } from './errors.js';
import type { ChangeBy, DialplanDoor, ReadConfig } from './ports.js';
import { createVersions, type Version, type Versions } from './versions.js';

export interface AcdSettingsOptions {
  /** As it was read at the start. */
  readonly config: Pick<Config, 'written' | 'extensions' | 'system'>;
  readonly store: Store;
  readonly events: Pick<Events, 'publish'>;
  readonly clock: Clock;
  /** Comes to be after these settings, with `setup()`. */
  readonly acd: () => Pick<Acd, 'configure' | 'preview'>;
  readonly log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
  /** Reads the files again; left out, `reload` finds them unchanged. */
  readonly read?: ReadConfig;
  /** Left out, flows are not checked. */
  readonly dialplans?: () => DialplanDoor;
}

type Extensions = Pick<Config, 'extensions'>;

/** Wall clocks are set now and then: never trust a longer sleep. */
const LONGEST_SLEEP_MS = 3_600_000;

/** Settings as they stand, and the one way to change them. */
export interface SettingsCore {
  /** Files and changes. */
  reading(): Reading;
  /** In force at this moment. */
  now(): Effective;
  readonly versions: Versions;
  /** What would hold with one more change. @throws SettingsRefused */
  tried(patch: SettingsPatch): Effective;
  /** @throws SettingsRefused @throws StoreError */
  change(patch: SettingsPatch, how: ChangeBy, queue?: QueueId): void;
  /** @throws NoSuchVersion @throws SettingsRefused @throws StoreError */
  restore(version: number, how: ChangeBy): number;
  /** @throws ConfigFaults @throws SettingsRefused */
  reload(how: ChangeBy): void;
  /** @throws SettingsRefused */
  wouldKnow(extensions: Extensions): void;
  know(extensions: Extensions): void;
  /** Whether a change by API lies over what the files say. */
  changed(list: 'queues' | 'agents' | 'routing', id?: string): boolean;
  onChange(changed: () => void): () => void;
  start(): void;
  close(): void;
}

/** @throws StoreError */
export function createCore(options: AcdSettingsOptions): SettingsCore {
  const { store, events, clock, acd, log } = options;
  const versions = createVersions(store);
  const listeners = new Set<() => void>();
  let files = options.config;
  let running = false;
  let cancel = (): void => undefined;

  const patches = (): SettingsPatch[] => versions.current().map((v) => v.patch);
  const read = (from: typeof files, document: Document): Reading =>
    judge(document, { extensions: from.extensions.map((e) => e.number), flows: running ? options.dialplans?.().flows() : undefined });
  const whole = (from: typeof files, laid: readonly SettingsPatch[]): Document => laid.reduce(lay, documentOf(from.written));
  const checked = (from: typeof files, document: Document): Reading => {
    const next = read(from, document);
    const faults = next.faults.length > 0 ? next.faults : dialplanFaults(reading.forms, next.forms, running ? options.dialplans?.() : undefined);
    if (faults.length > 0) throw new SettingsRefused(faults);
    return next;
  };
  const effectiveNow = (of: Reading): Effective => effectiveAt(of, clock.wall(), files.system.timeZone);
  let reading = firstReading(files.written, patches(), (document) => read(files, document), log);
  let now = effectiveNow(reading);

  /** Puts in force what holds at this moment and wakes when that ends. */
  const enforce = (by: string): void => {
    const before = now;
    now = effectiveNow(reading);
    cancel();
    if (!running) return;
    if (now.nextAt !== undefined) cancel = clock.after(Math.min(now.nextAt - clock.wall(), LONGEST_SLEEP_MS), () => enforce('schedule'));
    const sameSetup = isDeepStrictEqual(before.setup, now.setup);
    if (sameSetup && isDeepStrictEqual(before.config, now.config) && isDeepStrictEqual(before.setups, now.setups)) return;
    if (!sameSetup) acd().configure(now.setup);
    tellDifference(events, log, before, now, by);
    listeners.forEach((changed) => changed());
  };
  const settle = (next: Reading, made: Version, queue?: QueueId): void => {
    reading = next;
    const { version, by, comment } = made;
    events.publish('queue.settings_changed', queue === undefined ? 'system' : `queue:${queue}`, { version, by, ...(queue === undefined ? {} : { queue }), ...(comment === null ? {} : { comment }) });
    enforce(by);
  };
  const made = ({ by, comment }: ChangeBy) => ({ at: Math.round(clock.wall()), by, comment: comment ?? null });
  return {
    reading: () => reading,
    now: () => now,
    versions,
    tried: (patch) => effectiveNow(checked(files, lay(reading.document, patch))),
    change(patch, how, queue) {
      const next = checked(files, lay(reading.document, patch));
      settle(next, versions.add({ ...made(how), patch }), queue);
    },
    restore(version, how) {
      const next = checked(files, whole(files, versions.of(version).map((v) => v.patch)));
      const restored = versions.restore(version, made(how));
      settle(next, restored);
      return restored.version;
    },
    reload({ by }) {
      const from = options.read?.() ?? files;
      const next = checked(from, whole(from, patches()));
      files = from;
      reading = next;
      enforce(by);
    },
    wouldKnow({ extensions }) {
      const { faults } = read({ ...files, extensions }, reading.document);
      if (faults.length > 0) throw new SettingsRefused(faults);
    },
    know({ extensions }) {
      files = { ...files, extensions };
      reading = read(files, reading.document);
    },
    changed: (list, id) => versions.current().some(({ patch }) => {
      if (list === 'routing') return patch.routing !== undefined;
      return id !== undefined && patch[list] !== undefined && Object.hasOwn(patch[list], id);
    }),
    onChange(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    start() {
      running = true;
      enforce('start');
    },
    close() {
      running = false;
      cancel();
    },
  };
}

/** What the files say with the changes by API over it, set-ups apart, for those who only look. @throws StoreError */
export function formsOver({ config, store, log }: Pick<AcdSettingsOptions, 'config' | 'store'> & { readonly log: Pick<AcdSettingsOptions['log'], 'error'> }): AcdForms {
  const extensions = config.extensions.map((e) => e.number);
  return firstReading(config.written, createVersions(store).current().map((v) => v.patch), (document) => judge(document, { extensions, flows: undefined }), log).forms;
}

/** At the start there is nothing to fall back on: changes that the files no longer allow are left out, and said to be. */
function firstReading(files: AcdForms, patches: readonly SettingsPatch[], read: (document: Document) => Reading, log: Pick<AcdSettingsOptions['log'], 'error'>): Reading {
  const base = documentOf(files);
  const whole = read(patches.reduce(lay, base));
  if (whole.faults.length === 0) return whole;
  let good: Reading = { document: base, forms: files, switched: new Map(), faults: [] };
  for (const patch of patches) {
    const next = read(lay(good.document, patch));
    if (next.faults.length === 0) good = next;
    else log.error({ patch, faults: next.faults }, 'a change of the settings does not fit the files any more and is left out');
  }
  return good;
}

/** What the dialplans would lack after the change and did not lack before. */
function dialplanFaults(before: AcdForms, after: AcdForms, dialplans: DialplanDoor | undefined): SettingsFault[] {
  if (!dialplans) return [];
  const knownOf = ({ queues }: AcdForms) => ({ queues: queues.map((q) => q.name), queueFlows: queueFlows(queues.map(toQueue)) });
  const old = new Set(dialplans.faults(knownOf(before)).map(formatFault));
  return dialplans.faults(knownOf(after)).filter((f) => !old.has(formatFault(f))).map((f) => ({ pointer: '/queues', code: f.code, message: formatFault(f), hint: f.hint }));
}

function tellDifference(events: Pick<Events, 'publish'>, log: AcdSettingsOptions['log'], before: Effective, now: Effective, by: string): void {
  for (const { name, active, refused } of now.setups) {
    const was = before.setups.find((s) => s.name === name)?.active ?? false;
    if (was !== active) events.publish('setup.switched', 'system', { setup: name, active, by });
    if (refused) log.error({ setup: name }, 'this set-up contradicts another one that is in force and is left out');
  }
  for (const [queue, to] of now.modes) {
    const from = before.modes.get(queue);
    if (from !== undefined && from !== to) events.publish('queue.mode_changed', `queue:${queue}`, { queue, from, to });
  }
}
