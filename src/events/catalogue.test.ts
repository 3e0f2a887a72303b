import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventCatalogue } from '../../scripts/event-catalogue.mjs';
import type { Catalogue, FactSchema } from './index.js';

/** Whether a value is what a schema of the catalogue says. */
function fits(schema: FactSchema, value: unknown): boolean {
  if (schema.enum) return schema.enum.includes(value as string);
  if (schema.anyOf) return schema.anyOf.some((one) => fits(one, value));
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.includes(value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)) return false;
  if (Array.isArray(value)) return value.every((one) => fits(schema.items ?? {}, one));
  if (typeof value !== 'object' || value === null) return true;
  return (schema.required ?? []).every((key) => key in value) && Object.entries(value).every(([key, one]) => schema.properties?.[key] === undefined || fits(schema.properties[key], one));
}
function catalogueOf(text: string): Catalogue {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-facts-'));
  writeFileSync(join(dir, 'facts.ts'), text);
  try {
    return eventCatalogue(join(dir, 'facts.ts'));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

describe('the catalogue of events', () => {
  it('has every kind of fact, each with a sample that its schema takes', () => {
    const all = eventCatalogue();
    expect(all.length).toBeGreaterThan(70);
    for (const { schema, sample, type } of all) expect([type, fits(schema, sample)]).toEqual([type, true]);
    expect(all.find(({ type }) => type === 'queue.mode_changed')?.schema).toMatchObject({ properties: { queue: { type: 'string' }, from: { enum: expect.arrayContaining(['open', 'closed', 'emergency']) } }, required: ['queue', 'from', 'to'] });
  });

  it('reads what the types say, wherever they stand', () => {
    const [one] = catalogueOf(`
      type How = 'fast' | 'slow';
      interface Part {
        /** It happened. */
        'a.happened': {
          how: How | null; n?: number; yes: boolean; list: readonly string[]; any: Record<string, unknown>;
          /** What else. */
          more: { deep: string | number };
        };
      }
      export interface FactMap extends Part {}
    `);
    expect(one).toMatchObject({
      type: 'a.happened', description: 'It happened.', sample: { how: 'fast', n: 1, yes: true, list: ['list'], more: { deep: 'deep' } },
      schema: { type: 'object', required: ['how', 'yes', 'list', 'any', 'more'], properties: { how: { enum: ['fast', 'slow', null] }, n: { type: 'number' }, yes: { type: 'boolean' }, list: { type: 'array', items: { type: 'string' } }, more: { description: 'What else.' } } },
    });
  });

  it('refuses what cannot be said in JSON', () => {
    expect(() => catalogueOf('export interface FactMap { "a.b": { n: bigint } }')).toThrow('a.b.n: bigint');
  });
});
