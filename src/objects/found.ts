import { createHash } from 'node:crypto';
import { type FileForms, SECTIONS } from '../config/index.js';
import type { KindRules } from './kinds.js';
import type { Laying } from './lay.js';
import type { Form, Kind, ObjectView } from './ports.js';
import type { Owned, OwnedObjects } from './rows.js';

/** What the files have, by kind and ID; numbers and routes are those in the forms of trunks. */
export interface Found {
  readonly form: Form;
  /** A trunk of the API has it in its form: to be changed there. */
  readonly partOf: string | null;
}
export type InFiles = Readonly<Record<Kind, ReadonlyMap<string, Found>>>;

export function inFiles(forms: FileForms, calendars: ReadonlyMap<string, Form>, { trunks }: Pick<Laying, 'trunks'>): InFiles {
  const plain = (entries: Iterable<readonly [string, Form]>): Map<string, Found> => new Map([...entries].map(([id, form]) => [id, { form, partOf: null }]));
  const [number, route] = [new Map<string, Found>(), new Map<string, Found>()];
  for (const [trunk, { form, owner }] of trunks) {
    const partOf = owner === 'api' ? trunk : null;
    for (const [pattern, to] of Object.entries(form.numbers)) number.set(`${trunk}:${pattern}`, { form: { trunk, number: pattern, ...to }, partOf });
    // Of several with one pattern the first to be tried is the one that counts.
    for (const out of [...form.outbound].sort((a, b) => b.priority - a.priority || b.cost - a.cost)) route.set(`${trunk}:${out.pattern}`, { form: { trunk, ...out }, partOf });
  }
  return {
    trunk: plain(forms.trunks.map((t) => [t.name, t])), extension: plain(forms.extensions.map((e) => [e.number, e])), number, route,
    calendar: plain([...calendars].map(([name, form]) => [name, { name, ...form }])), alert: plain(forms.alerts.map((a) => [a.name, a])), setting: plain(SECTIONS.map((s) => [s, forms.sections[s]])),
  };
}

const etagOf = (value: unknown): string => `"${createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22)}"`;

/** One object as whoever asks sees it; undefined where there is none. */
export function viewOf(kind: Kind, id: string, rules: KindRules, { files, owned, whole }: { readonly files: InFiles; readonly owned: OwnedObjects; readonly whole: (one: Owned) => Form }): ObjectView | undefined {
  const own = owned.get(kind)?.get(id);
  const found = files[kind].get(id);
  if (own) {
    const { version, at, by } = own;
    return { kind, id, owner: 'api', inFile: found !== undefined && found.partOf === null, partOf: null, version, changedAt: at, changedBy: by, etag: `"v${version}"`, form: rules.shown(whole(own)) };
  }
  if (!found) return undefined;
  const form = rules.shown(found.form);
  const owner = found.partOf === null ? 'file' : 'api';
  return { kind, id, owner, inFile: false, partOf: found.partOf, version: null, changedAt: null, changedBy: null, etag: etagOf(form), form };
}
