import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/index.js';
import type { Language } from './ports.js';
import { checkSpoken } from './spoken/sentences.js';
import { toWords } from './text/words.js';

const dirs: string[] = [];
afterEach(() => dirs.splice(0).forEach((dir) => rmSync(dir, { recursive: true, force: true })));

describe.each<[page: string, columns: readonly Language[]]>([['docs/voices.md', ['en', 'zh-CN']], ['docs/voices.zh-CN.md', ['zh-CN', 'en']]])('%s', (page, columns) => {
  const text = readFileSync(join(import.meta.dirname, '../../..', page), 'utf8');
  const blocks = (kind: string): string[] => [...text.matchAll(new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

  it('shows markup that is taken', () => {
    expect(blocks('xml').map(checkSpoken)).toEqual([undefined]);
  });

  it('shows settings that are taken', () => {
    const dir = mkdtempSync(join(tmpdir(), 'voices-page-'));
    dirs.push(dir);
    writeFileSync(join(dir, 'system.yaml'), blocks('yaml')[0] ?? '');
    const { voices } = loadConfig(dir, { env: { VOICE_TOKEN: 'x' } }).system.speech.tts;
    expect([voices['zh-CN'].engine, voices.en.engine]).toEqual(['command', 'http']);
  });

  it('says what is said', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes(' · ')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim().split(' · ')));
    const pairs = rows.flatMap((cells) => columns.flatMap((lang, i) => {
      const [written = [], said = []] = cells.slice(2 * i);
      return written.length === said.length ? written.map((w, k) => ({ lang, written: w, said: said[k] ?? '' })) : [];
    }));
    expect(pairs.length).toBeGreaterThan(30);
    for (const { lang, written, said } of pairs) if (!/^(the same|同左)$/.test(said)) expect(toWords(written, lang)).toBe(said);
  });
});
