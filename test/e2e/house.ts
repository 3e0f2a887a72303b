import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with these files in it, for STROWGER_CONFIG or STROWGER_DIALPLANS. */
export function folder(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-files-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

/** Numbers that lead straight to a queue: no greeting to wait for. */
export const straightTo = (numbers: Readonly<Record<string, string>>): string => [
  'version: 1', 'entries:', ...Object.keys(numbers).map((number) => `  - { number: "${number}", flow: to_${number} }`),
  'flows:', ...Object.entries(numbers).map(([number, queue]) => `  to_${number}: [ { set: { language: en } }, { queue: { name: ${queue} } } ]`), '',
].join('\n');
