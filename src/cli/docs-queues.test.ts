import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig, queueFlows, Secret } from '../config/index.js';
import { checkDialplans, flowNames } from '../ivr/index.js';
import { acdSetup } from '../acd/index.js';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'strowger-docs-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Each YAML block of the guide: files one after another, each begun by its name. */
function recipes(guide: string): { readonly title: string; readonly files: ReadonlyMap<string, string> }[] {
  const text = readFileSync(new URL(`../../docs/${guide}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^#{2,3} (.+)$|^```yaml\n([\s\S]*?)^```$/gm)].reduce<{ title: string; found: ReturnType<typeof recipes> }>(({ title, found }, [, heading, block]) => {
    if (heading !== undefined) return { title: heading, found };
    const parts = (block ?? '').split(/^# ((?:config|dialplans)\/[\w-]+\.yaml)\n/m).slice(1);
    const files = new Map(parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1] ?? ''] as const] : [])));
    return { title, found: [...found, { title, files }] };
  }, { title: '', found: [] }).found;
}

const demo = { agents: 3, phones: 0, password: new Secret('x') };

describe.each(['queues.md', 'queues.zh-CN.md'])('docs/%s', (guide) => {
  it('has the recipes it promises', () => expect(recipes(guide).length).toBeGreaterThanOrEqual(7));

  it.each(recipes(guide).map(({ title, files }) => [title, files] as const))('%s: can be loaded as it stands', (_title, files) => {
    expect(files.size).toBeGreaterThan(0);
    mkdirSync(join(dir, 'dialplans'), { recursive: true });
    for (const [name, text] of files) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    const dialplans = join(dir, 'dialplans');
    const config = loadConfig(join(dir, 'config'), { demo, flows: flowNames(dialplans) });
    expect(config.warnings).toEqual([]);
    expect(checkDialplans(dialplans, { queues: config.queues.map((q) => q.name), extensions: config.extensions.map((e) => e.number), queueFlows: queueFlows(config.queues) })).toEqual([]);
    expect(acdSetup(config).queues.length).toBe(config.queues.length);
  });

  it('names every setting of a queue', () => {
    const text = readFileSync(new URL(`../../docs/${guide}`, import.meta.url), 'utf8');
    const [queue] = loadConfig(dir, {}).written.queues;
    for (const key of [...Object.keys(queue ?? {}), 'hours', 'at_once', 'wrap_up_max_seconds', 'reserve', 'music', 'announce']) if (key !== 'name') expect(text, key).toContain(`\`${key}\``);
  });

  it('leads only to places that are there', () => {
    const text = readFileSync(new URL(`../../docs/${guide}`, import.meta.url), 'utf8');
    const anchors = [...text.matchAll(/^#{1,3} (.+)$/gm)].map(([, heading]) => (heading ?? '').toLowerCase().replace(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-'));
    for (const [, anchor] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
  });
});
