import { nearest } from '../../../config/index.js';
import type { DialplanFault } from '../faults.js';
import type { DialplanFile, PlacedStep } from '../file.js';
import { each, type Slices } from '../slices.js';
import { exits, type Exit } from './exits.js';
import { errorIn, placedSteps, warningIn, writtenAt, type Known, type Path } from './placed.js';

const listed = (what: string, names: readonly string[]): string => (names.length === 0 ? `there are no ${what}s` : `${what}s here: ${names.slice(0, 20).join(', ')}`);

export function* missingFlows(file: DialplanFile): Slices<DialplanFault[]> {
  const names = [...file.placed.keys()];
  const used: readonly Exit[] = [
    ...file.written.entries.map((e, i): Exit => [e.flow, ['entries', i, 'flow']]), ...(file.written.person === undefined ? [] : [[file.written.person, ['person']] as const]),
    ...(yield* each(placedSteps(file), (step) => exits(file, step))),
  ];
  return yield* each(used, ([flow, path]) => {
    if (file.placed.has(flow)) return [];
    const meant = nearest(flow, names);
    return [errorIn(file)(path, 'dialplan.missing_flow', `there is no flow "${flow}"`, meant === undefined ? listed('flow', names) : `did you mean "${meant}"?`)];
  });
}

/** What steps and entries refer to outside the file: by its kind, its name and where it is written. */
function* references(file: DialplanFile, { step, path }: PlacedStep): Generator<readonly [what: keyof typeof LISTS, name: string, path: Path]> {
  switch (step.do) {
    case 'queue':
      for (const [i, name] of step.names.entries()) yield ['queue', name, atQueue(file, path, i)];
      break;
    case 'callback':
      yield ['queue', step.queue, [...path, 'queue']];
      break;
    case 'script':
      yield ['script', step.name, [...path, 'name']];
      break;
    case 'ticket':
      if ('status' in step.what) {
        if (step.what.type !== undefined) yield ['ticket_type', step.what.type, [...path, 'type']];
      } else yield ['ticket_type', step.what.type, [...path, 'create', 'type']];
      break;
    case 'hours':
      yield ['calendar', step.calendar, [...path, 'calendar']];
      break;
    case 'dial':
    case 'transfer':
      if ('extension' in step.to) yield ['extension', step.to.extension, [...path, 'extension']];
      if ('trunk' in step.to && step.to.trunk !== undefined) yield ['trunk', step.to.trunk, [...path, 'trunk']];
      break;
    case 'ask':
      for (const intent of Object.keys(step.intents)) yield ['intent', intent, [...path, 'intents', intent]];
      break;
    default:
  }
}
const LISTS = {
  queue: (known: Known) => known.queues, extension: (known: Known) => known.extensions, trunk: (known: Known) => known.trunks, intent: (known: Known) => known.intents, script: (known: Known) => known.scripts,
  ticket_type: (known: Known) => known.tickets && Object.keys(known.tickets),
  calendar: (_known: Known, file: DialplanFile) => [...(file.plan.calendars?.keys() ?? [])],
} as const;

export function* missingTargets(file: DialplanFile, known: Known): Slices<DialplanFault[]> {
  const missing = (what: keyof typeof LISTS, name: string, path: Path): DialplanFault[] => {
    const list = LISTS[what](known, file);
    if (!list || list.includes(name)) return [];
    const meant = nearest(name, list);
    return [errorIn(file)(path, `dialplan.missing_${what}`, `there is no ${what} "${name}"`, meant === undefined ? (what === 'calendar' || what === 'intent' ? listed(what, list) : undefined) : `did you mean "${meant}"?`, what === 'intent')];
  };
  const byEntry = file.written.entries.flatMap((e, i) => [
    ...(['hours', 'closed'] as const).flatMap((key) => (e[key] === undefined ? [] : missing('calendar', e[key], ['entries', i, key]))),
    ...[e.trunk ?? []].flat().flatMap((trunk) => missing('trunk', trunk, ['entries', i, 'trunk'])),
  ]);
  return [...byEntry, ...(yield* each(placedSteps(file), (step) => [...references(file, step)].flatMap((one) => missing(...one))))];
}

/** Fields that the type of a new ticket does not have. */
export function missingTicketFields(file: DialplanFile, { tickets = {} }: Known): Slices<DialplanFault[]> {
  return each(placedSteps(file), ({ step, path }) => {
    if (step.do !== 'ticket' || 'status' in step.what) return [];
    const fields = tickets[step.what.type];
    return fields === undefined ? [] : Object.keys(step.what.fields).filter((name) => !fields.includes(name)).map((name) => {
      const meant = nearest(name, fields);
      return errorIn(file)([...path, 'create', 'fields', name], 'dialplan.missing_ticket_field', `tickets of this type have no field "${name}"`, meant === undefined ? listed('field', fields) : `did you mean "${meant}"?`, true);
    });
  });
}

/** Where a file refers to something by its name. */
export function refersTo(file: DialplanFile, what: 'extension' | 'trunk' | 'calendar', name: string): DialplanFault[] {
  const at = (path: Path): DialplanFault => errorIn(file)(path, `dialplan.missing_${what}`, `it needs the ${what} "${name}"`);
  const byEntry = file.written.entries.flatMap((e, i) => [
    ...(what === 'calendar' ? (['hours', 'closed'] as const).flatMap((key) => (e[key] === name ? [at(['entries', i, key])] : [])) : []),
    ...(what === 'trunk' && [e.trunk ?? []].flat().includes(name) ? [at(['entries', i, 'trunk'])] : []),
  ]);
  return [...byEntry, ...placedSteps(file).flatMap((step) => [...references(file, step)].flatMap(([kind, of, path]) => (kind === what && of === name ? [at(path)] : [])))];
}

/** Where a queue of a step is named: under `name`, in the list `names`, or as the `queue` of a transfer. */
function atQueue(file: DialplanFile, path: Path, i: number): Path {
  if (writtenAt(file, [...path, 'names']) !== undefined) return [...path, 'names', i];
  return [...path, writtenAt(file, [...path, 'queue']) === undefined ? 'name' : 'queue'];
}

/** An error for whoever checks; but a queue's settings must not take a dialplan out of service: its callers hear the apology at worst. */
export const QUEUE_FLOW_MISSING = 'dialplan.missing_queue_flow';

/** A queue may send its callers back into their dialplan: then it must have that flow. */
export function missingQueueFlows(file: DialplanFile, { queueFlows = {} }: Known): Slices<DialplanFault[]> {
  return each(placedSteps(file), ({ step, path }) => {
    if (step.do !== 'queue') return [];
    return step.names.flatMap((name, i) => (queueFlows[name] ?? []).filter((flow) => !file.placed.has(flow)).map((flow) =>
      errorIn(file)(atQueue(file, path, i), QUEUE_FLOW_MISSING, `queue "${name}" sends callers to flow "${flow}", which is not here`, `add a flow "${flow}" to this file, or change the queue's settings`)));
  });
}

export function missingSounds(file: DialplanFile, { sounds }: Known): DialplanFault[] {
  if (!sounds) return [];
  return placedSteps(file).flatMap(({ step, path }) => {
    if (step.do !== 'play') return [];
    return Object.entries(step.files).filter(([, name]) => !sounds(name)).map(([lang]) =>
      errorIn(file)([...path, lang === 'any' ? 'file' : lang], 'dialplan.missing_sound', 'there is no such sound', 'a .wav file, named from the folder of this file on'));
  });
}

/** Two entries that the same calls fit equally well: the second would never be used. */
export function duplicateEntries(file: DialplanFile): Slices<DialplanFault[]> {
  const seen = new Set<string>();
  return each(file.entries.entries(), ([i, { number, key }]) => {
    if (seen.has(key)) return [errorIn(file)(['entries', i, 'number'], 'dialplan.duplicate_entry', `"${number}" is entered twice`, 'keep one of them')];
    seen.add(key);
    return [];
  });
}

/** A wrong name behind nobody: the caller who gets stuck stays alone. */
export function nobodyThere(file: DialplanFile): DialplanFault[] {
  if (file.plan.person !== undefined) return [];
  const stuck = placedSteps(file).find(({ step }) => (step.do === 'collect' || (step.do === 'ask' && Object.keys(step.intents).length > 0)) && step.otherwise === undefined);
  return stuck ? [warningIn(file)(stuck.path, 'dialplan.no_person', 'whoever gets stuck here reaches nobody', 'name a flow under "person", call one "operator", or give "otherwise"', true)] : [];
}
