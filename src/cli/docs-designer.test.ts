import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDialplans, checkScripts, dialplanJsonSchema } from '../ivr/index.js';
import { dialplanSimulate } from './dialplan-simulate.js';
import { terminal } from './terminal.fixture.js';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'strowger-guide-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const guideText = (guide: string): string => readFileSync(new URL(`../../docs/${guide}`, import.meta.url), 'utf8');

/** The files of each section: its YAML blocks, in which each file begins with its name. */
function sections(guide: string): (readonly [title: string, files: ReadonlyMap<string, string>])[] {
  const parts = guideText(guide).split(/^## /m).slice(1);
  return parts.flatMap((part) => {
    const files = [...part.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => {
      const pieces = block.split(/^# (dialplans\/[\w./-]+\.yaml)\n/m).slice(1);
      expect(pieces.length, block.slice(0, 80)).toBeGreaterThan(0);
      return pieces.flatMap((piece, i) => (i % 2 === 0 ? [[piece, pieces[i + 1] ?? ''] as const] : []));
    });
    const scripts = [...part.matchAll(/^```ts\n\/\/ (dialplans\/scripts\/[\w-]+\.ts)\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text] as const);
    return files.length === 0 ? [] : [[part.split('\n', 1)[0] ?? '', new Map([...files, ...scripts])] as const];
  });
}

/** Each step of the language with the names of its fields. */
function stepsOf(schema: unknown): { readonly steps: readonly (readonly [string, readonly string[]])[] } {
  const forms = (schema as { properties: { flows: { additionalProperties: { items: { anyOf: { properties: Record<string, object> }[] } } } } }).properties.flows.additionalProperties.items.anyOf;
  const fieldsOf = (form: object): string[] =>
    Object.entries(form).flatMap(([key, inner]) => (key === 'properties' ? Object.keys(inner as object) : key === 'anyOf' ? (inner as object[]).flatMap(fieldsOf) : []));
  const steps = forms.flatMap(({ properties }) => Object.entries(properties)).filter(([name]) => name !== 'on_error').map(([name, form]) => [name, fieldsOf(form).filter((field) => field !== 'on_error')] as const);
  expect(steps.length).toBeGreaterThan(15);
  return { steps };
}

/** Sounds are the designer's own: the guide only names them. */
function silence(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
}

describe.each(['ivr-designer.md', 'ivr-designer.zh-CN.md'])('docs/%s', (guide) => {
  it('has the sections it promises', () => expect(sections(guide).length).toBeGreaterThanOrEqual(8));

  it.each(sections(guide))('%s: is accepted as it stands, and its conversations go as it says', async (_title, files) => {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
      for (const [sound] of text.matchAll(/sounds\/[\w-]+\.wav/g)) silence(join(dir, 'dialplans', sound));
    }
    const dialplans = join(dir, 'dialplans');
    expect(checkDialplans(dialplans, { queues: ['support'], extensions: ['1001', '1002'] })).toEqual([]);
    expect(await checkScripts(join(dialplans, 'scripts'))).toEqual([]);
    const t = terminal({ env: { STROWGER_DIALPLANS: dialplans } });
    expect(await dialplanSimulate([], t.io), t.text()).toBe(0);
  });

  it('tests what it shows', () => {
    for (const [title, files] of sections(guide)) expect([...files.keys()].some((name) => name.includes('/tests/')), title).toBe(true);
  });

  it('names every step, and every field of every step', () => {
    const text = guideText(guide);
    const table = new Map([...text.matchAll(/^\| ([a-z_,、 ]+) \|(.+)\|$/gm)].flatMap(([, names = '', row = '']) => names.split(/, |、/).map((name) => [name, row] as const)));
    const { steps } = stepsOf(dialplanJsonSchema());
    for (const [step, fields] of steps) {
      expect([...table.keys()], step).toContain(step);
      for (const field of fields) expect(text, `${step}: ${field}`).toMatch(new RegExp(`\\b${field}\\b`));
    }
  });

  it('leads only to files and commands that are there', () => {
    const text = guideText(guide);
    for (const [, target = ''] of text.matchAll(/\]\(((?!https?:)[^)#]+)\)/g)) expect(() => readFileSync(new URL(`../../docs/${target}`, import.meta.url)), target).not.toThrow(/ENOENT/);
    for (const [, command = ''] of text.matchAll(/npx strowger ((?:dialplan|nlu) \w+)/g)) expect(['dialplan simulate', 'dialplan check', 'dialplan draw', 'dialplan publish', 'dialplan rollback', 'dialplan versions', 'dialplan diff', 'nlu evaluate', 'nlu classify']).toContain(command);
  });
});

it('says the same in both languages', () => {
  const [en, zh] = ['ivr-designer.md', 'ivr-designer.zh-CN.md'].map((guide) => sections(guide).map(([, files]) => [...files]));
  expect(zh).toEqual(en);
});
