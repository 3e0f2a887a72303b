import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FIELDS, PERMISSIONS } from './permissions.js';
import { BUILT_IN } from './roles.js';

/** The table as the pages have it: a row a permission, a column a role. */
function rolesTable(lang: 'zh-CN' | 'en'): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const names = BUILT_IN.map((role) => (lang === 'en' ? role.id : `${role.names['zh-CN']} \`${role.id}\``));
  return [
    row([lang === 'en' ? 'permission' : '权限', ...names]), row(['---', ...names.map(() => '---')]),
    ...PERMISSIONS.map((p) => row([`\`${p}\``, ...BUILT_IN.map((role) => role.permissions[p] ?? '–')])),
    ...FIELDS.map((f) => row([`${lang === 'en' ? 'sees' : '可见'} \`${f}\``, ...BUILT_IN.map((role) => (role.fields.includes(f) ? (lang === 'en' ? 'yes' : '是') : '–'))])),
  ].join('\n');
}

it.each(['en', 'zh-CN'] as const)('the table of roles in the %s page is the one that holds', (lang) => {
  const page = readFileSync(new URL(`../../docs/access${lang === 'en' ? '' : '.zh-CN'}.md`, import.meta.url), 'utf8');
  expect(page).toContain(rolesTable(lang));
});
