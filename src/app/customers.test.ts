import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigFaults } from '../config/index.js';
import { daysOf, expressions, readForm } from './customers.js';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'strowger-customers-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const read = (text: string) => {
  writeFileSync(join(dir, 'customers.yaml'), text);
  return readForm(join(dir, 'customers.yaml'));
};
const faults = (text: string): string[] => {
  try {
    read(text);
    return [];
  } catch (error) {
    return error instanceof ConfigFaults ? error.faults.map((f) => `${f.line}:${f.column} ${f.code}`) : [String(error)];
  }
};

it('a missing file is the defaults', () => expect(readForm(join(dir, 'none.yaml'))).toMatchObject({ create_from_calls: true, verified_seconds: 1_800_000, tags: [] }));

it.each([
  ['tags: [ { tag: old, when: "years.birthday >=" } ]', '1:27 customers.bad_rule'],
  ['tags: [ { tag: old, when: "weather == 1" } ]', '1:27 customers.bad_rule'],
  ['attributes: [ { name: tier }, { name: tier } ]', '1:39 config.duplicate'],
])('%s is refused with its place', (text, place) => expect(faults(text)).toEqual([place]));

it('conditions of the house hold, or do not where something is missing', () => {
  const compiled = expressions.compile('years.birthday >= 65 && "vip" in tags');
  if (!compiled.ok) throw new Error(compiled.message);
  expect([{ years: { birthday: 70 }, tags: ['vip'] }, { years: { birthday: 64 }, tags: ['vip'] }, { years: {}, tags: ['vip'] }].map(compiled.holds)).toEqual([true, false, false]);
});

it('days begin where the house is', () => {
  const days = daysOf(() => 'Asia/Shanghai');
  const evening = Date.UTC(2026, 10, 20, 16, 30); // half past midnight of the 21st
  expect(days.dayOf(evening) - days.dayOf(evening - 3_600_000)).toBe(1);
  expect(new Date(days.startOf(days.dayOf(evening))).toISOString()).toBe('2026-11-20T16:00:00.000Z');
});

describe('what is shipped', () => {
  const shipped = readFileSync(join(import.meta.dirname, '../../config/customers.yaml'), 'utf8');
  it('is the defaults', () => expect(read(shipped)).toEqual(readForm(join(dir, 'none.yaml'))));

  it('has examples that are right once their signs are taken away', () => {
    const form = read(shipped.replaceAll(/: \[\](?= +#)/g, ':').replaceAll(/^# {2}/gm, '  '));
    expect([form.identities.length, form.attributes.map((a) => a.name), form.tags.map((t) => t.tag)]).toEqual([1, ['tier', 'birthday', 'company'], ['elderly', 'busy']]);
  });
});
