import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseYaml } from '../../config/index.js';
import { dialplanJsonSchema } from './json-schema.js';
import { STEP_KINDS } from './schema.js';

const shipped = join(import.meta.dirname, '../../../dialplans');
const schema = z.fromJSONSchema(dialplanJsonSchema());
const fits = (yaml: string): boolean => {
  const parsed = parseYaml('x.yaml', yaml);
  return parsed.ok && schema.safeParse(parsed.value.value).success;
};
const flow = (step: string): string => `version: 1\nflows:\n  main:\n    - ${step}\n`;

it('is what is shipped beside the dialplans; `strowger dialplan schema` writes it', () => {
  expect(JSON.parse(readFileSync(join(shipped, 'dialplan.schema.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(dialplanJsonSchema())));
});

it('fits the shipped dialplan', () => expect(fits(readFileSync(join(shipped, 'main.yaml'), 'utf8'))).toBe(true));

it('has every step', () => {
  const text = JSON.stringify(dialplanJsonSchema());
  expect(STEP_KINDS.filter((kind) => !text.includes(`"required":["${kind}"]`))).toEqual([]);
});

describe('sees in an editor what the check would say', () => {
  it.each([
    'say: hello', 'hang_up:', 'record:', '{ goto: main, on_error: main }', 'ask: { prompt: { en: hi }, keys: { "1": main }, barge_in: false }', 'branch: [ { when: a, then: main }, { otherwise: main } ]', 'set: { variables: { a: [1, { b: null }] } }', 'language: en',
    'http: { url: "https://a.example/", save: { a: b } }',
  ])('nothing: %s', (step) => expect(fits(flow(step))).toBe(true));

  it.each(['sya: hello', 'say: 7', 'hang_up: { x: 1 }', 'ask: { keys: { "1": main } }', 'queue: { name: a, priority: 11 }', 'goto: "two words"', '{ say: hi, hang_up: {} }', 'collect: { prompt: hi }', 'http: { url: "https://a.example/", method: BREW }'])('a fault: %s', (step) => expect(fits(flow(step))).toBe(false));

  it('a fault outside the flows', () => expect([fits('version: 2\nflows: {}\n'), fits('version: 1\nflows: {}\nflow: {}\n'), fits('version: 1\nflows: {}\n')]).toEqual([false, false, true]));
});
