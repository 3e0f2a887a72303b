import {
  checkValue, nearest, pointer, toAlert, toExtension, toRoute, toTarget, toTrunk, withSections, type AlertForm, type Config, type ExtensionConfig, type ExtensionForm, type SecretLookup, type TrunkConfig,
  type TrunkForm,
} from '../config/index.js';
import type { ObjectFault } from './errors.js';
import type { KindRules, NumberForm, OutboundForm } from './kinds.js';
import type { Form, Kind, Laid } from './ports.js';
import type { Owned, OwnedObjects } from './rows.js';

export interface LayOptions {
  readonly rules: Readonly<Record<Kind, KindRules>>;
  readonly lookup: SecretLookup;
  readonly realm: string;
  /** Forms that were judged before. A new one for each reading of the files: references may stand for something else then. */
  readonly judged: WeakMap<Owned, Judged>;
}
/** A form with every default filled in. */
export type Judged = { readonly ok: true; readonly form: Form; extension?: ExtensionConfig; trunk?: TrunkConfig } | { readonly ok: false; readonly faults: readonly PlacedFault[] };
/** A fault, and which of the API's objects must go for it to go. */
export interface PlacedFault extends ObjectFault {
  readonly kind: Kind;
  readonly id: string;
}
export interface Laying extends Laid {
  /** Trunks in force by name, as they are written. */
  readonly trunks: ReadonlyMap<string, { readonly form: TrunkForm; readonly owner: 'file' | 'api' }>;
  readonly faults: readonly PlacedFault[];
}

/** Files with what the API owns over them. Where there are faults, the rest is not to be used. */
export function lay(files: Config, owned: OwnedObjects, options: LayOptions): Laying {
  const faults: PlacedFault[] = [];
  const good = <T>(kind: Kind): (Owned & { readonly judged: Extract<Judged, { ok: true }>; readonly whole: T })[] =>
    [...(owned.get(kind)?.values() ?? [])].flatMap((one) => {
      const judged = judge(one, options);
      if (!judged.ok) faults.push(...judged.faults);
      return judged.ok ? [{ ...one, judged, whole: judged.form as T }] : [];
    });
  const extensions = good<ExtensionForm>('extension').map(({ judged, whole }) => (judged.extension ??= toExtension(whole, options.realm, options.lookup)));
  const trunks = new Map<string, { form: TrunkForm; owner: 'file' | 'api'; config: TrunkConfig }>();
  files.forms.trunks.forEach((form, i) => {
    const config = files.trunks[i];
    if (config) trunks.set(form.name, { form, owner: 'file', config });
  });
  for (const { id, judged, whole } of good<TrunkForm>('trunk')) trunks.set(id, { form: whole, owner: 'api', config: (judged.trunk ??= toTrunk(whole, options.lookup)) });
  const numbers = good<NumberForm>('number');
  const routes = good<OutboundForm>('route');
  for (const [list, of] of [['numbers', numbers], ['outbound', routes]] as const) for (const one of of) faults.push(...misplaced(one, trunks, list));
  const alerts = good<AlertForm>('alert').map(({ whole }) => toAlert(whole));
  const [taken, named] = [new Set(extensions.map((e) => e.number)), new Set(alerts.map((a) => a.name))];
  const all = [...files.extensions.filter((e) => !taken.has(e.number)), ...extensions];
  const config: Config = withSections(
    {
      ...files, extensions: extensions.length === 0 ? files.extensions : all, trunks: [...trunks.values()].map(({ config: trunk }) => withNumbers(trunk, numbers, routes)),
      alerts: [...files.alerts.filter((a) => !named.has(a.name)), ...alerts],
    },
    Object.fromEntries(good('setting').map(({ id, judged }) => [id, judged.form])),
  );
  faults.push(...targets(config, trunks, numbers));
  return { config, trunks, calendars: new Map(good('calendar').map(({ id, judged }) => [id, judged.form])), faults };
}

function judge(one: Owned, { rules, lookup, judged }: LayOptions): Judged {
  const known = judged.get(one);
  if (known) return known;
  const { kind, id } = one;
  const { list, schema, idOf, fixed } = rules[kind];
  const checked = checkValue(one.form, schema(lookup, id));
  const moved = fixed.length > 0 && idOf(one.form) !== undefined && idOf(one.form) !== id;
  const found: Judged = moved
    ? { ok: false, faults: [{ kind, id, pointer: pointer([list, id, fixed.at(-1) ?? '']), code: 'config.wrong_value', message: `${fixed.join(' and ')} cannot be changed`, hint: 'make a new one and remove this one' }] }
    : checked.ok
      ? { ok: true, form: checked.value }
      : { ok: false, faults: checked.issues.map(({ path, code, message, hint }) => ({ kind, id, pointer: pointer([list, id, ...path]), code, message, hint: forApi(code, hint) })) };
  judged.set(one, found);
  return found;
}
const forApi = (code: string, hint: string | undefined): string | undefined => (code === 'config.plain_secret' ? 'send the password as text' : hint);

/** A number or route of a trunk that is not there, or that has one like it in its own form. */
function misplaced({ kind, id, whole }: Owned & { readonly whole: NumberForm | OutboundForm }, trunks: ReadonlyMap<string, { readonly form: TrunkForm; readonly owner: 'file' | 'api' }>, list: 'numbers' | 'outbound'): PlacedFault[] {
  const trunk = trunks.get(whole.trunk);
  const at = { kind, id, pointer: pointer([kind === 'number' ? 'numbers' : 'routes', id, 'trunk']) };
  if (!trunk) {
    const meant = nearest(whole.trunk, trunks.keys());
    return [{ ...at, code: 'config.unknown_reference', message: `there is no trunk "${whole.trunk}"`, hint: meant === undefined ? undefined : `did you mean "${meant}"?` }];
  }
  const pattern = 'number' in whole ? whole.number : whole.pattern;
  const has = list === 'numbers' ? pattern in trunk.form.numbers : trunk.form.outbound.some((r) => r.pattern === pattern);
  return has && trunk.owner === 'api' ? [{ ...at, code: 'config.duplicate', message: `trunk "${whole.trunk}" has ${pattern} in its own form`, hint: 'keep one of them' }] : [];
}

function withNumbers(trunk: TrunkConfig, numbers: readonly { readonly whole: NumberForm }[], routes: readonly { readonly whole: OutboundForm }[]): TrunkConfig {
  const ofTrunk = <T extends { readonly trunk: string }>(list: readonly { readonly whole: T }[]): T[] => list.flatMap(({ whole }) => (whole.trunk === trunk.name ? [whole] : []));
  const [dids, out] = [ofTrunk(numbers), ofTrunk(routes)];
  if (dids.length === 0 && out.length === 0) return trunk;
  return {
    ...trunk,
    numbers: [...trunk.numbers.filter((n) => !dids.some((d) => d.number === n.pattern)), ...dids.map((d) => ({ pattern: d.number, target: toTarget(d) }))],
    outbound: [...trunk.outbound.filter((r) => !out.some((o) => o.pattern === r.pattern)), ...out.map(({ trunk: _trunk, ...route }) => toRoute(route))],
  };
}

/** Numbers that lead to an extension which is not there. A fault of a file's number is the doing of whoever took the extension away. */
function targets(config: Config, trunks: Laying['trunks'], numbers: readonly (Owned & { readonly whole: NumberForm })[]): PlacedFault[] {
  const known = new Set(config.extensions.map((e) => e.number));
  const missing = (kind: Kind, id: string, path: readonly PropertyKey[], extension: string | undefined): PlacedFault[] => {
    if (extension === undefined || known.has(extension)) return [];
    const meant = nearest(extension, known);
    return [{ kind, id, pointer: pointer([...path, 'extension']), code: 'config.unknown_reference', message: `there is no extension "${extension}"`, hint: meant === undefined ? undefined : `did you mean "${meant}"?` }];
  };
  return [
    ...[...trunks].flatMap(([name, { form }]) => Object.entries(form.numbers).flatMap(([pattern, to]) =>
      numbers.some((n) => n.whole.trunk === name && n.whole.number === pattern) ? [] : missing('trunk', name, ['trunks', name, 'numbers', pattern], to.extension))),
    ...numbers.flatMap(({ id, whole }) => missing('number', id, ['numbers', id], whole.extension)),
  ];
}
