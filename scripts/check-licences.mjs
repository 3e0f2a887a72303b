// Holds what we install with the product to permissive licences, and NOTICE to the truth. `--write` writes NOTICE anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { init } from 'license-checker-rseidelsohn';

const PERMISSIVE = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'WTFPL', 'MIT-0', 'Zlib']);
// Each by name, with the reason why it is no obstacle.
const EXCEPTIONS = {
  '@echogarden/espeak-ng-emscripten': ['GPL-3.0', 'optional, runs in a process of its own, exchanges files with it only'],
  'drachtio-modesl': ['MPL-2.0', 'used unchanged; the MPL binds its own files alone'],
};
const OPTIONAL = ['@echogarden/espeak-ng-emscripten'];

const own = JSON.parse(readFileSync('package.json', 'utf8'));
const found = await promisify(init)({ start: process.cwd(), production: true, excludePackages: `${own.name}@${own.version}` });
const packages = Object.entries(found)
  .map(([key, { licenses, repository }]) => ({ name: key.slice(0, key.lastIndexOf('@')), licence: String(licenses).replace(/\*$/, ''), repository: repository ?? '' }))
  .filter((p, i, all) => all.findIndex((q) => q.name === p.name && q.licence === p.licence) === i)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

// "(MIT OR WTFPL)" is fine when one of them is; "MIT AND Zlib" only when all are.
const permissive = (licence) =>
  licence.replace(/[()]/g, '').split(' OR ').some((choice) => choice.split(' AND ').every((one) => PERMISSIVE.has(one.trim())));
const faults = packages.filter(({ name, licence }) => !permissive(licence) && EXCEPTIONS[name]?.[0] !== licence);
for (const { name, licence } of faults) console.error(`check-licences: ${name} is under "${licence}", which is neither permissive nor an exception by name`);

const line = ({ name, licence, repository }) => `${name}: ${licence}${EXCEPTIONS[name] ? ` (${EXCEPTIONS[name][1]})` : ''}${repository ? `, ${repository}` : ''}`;
const notice = `Strowger
Licensed under the MIT licence, see LICENSE.

The repository contains no code of others. npm installs these packages beside it, each under its own licence, whose text lies
in the package; dist/app/index.js, which the build makes, contains some of them (dist/app/LICENCES.txt has their licences). This list is written and checked by scripts/check-licences.mjs.

${packages.map(line).join('\n')}

better-sqlite3 brings along SQLite, which is in the public domain. vosk brings along libvosk, with Kaldi and OpenFst in it
(Apache-2.0) and OpenBLAS (BSD-3-Clause).
`;
if (process.argv.includes('--write')) {
  writeFileSync('NOTICE', notice);
  console.log(`NOTICE written: ${packages.length} packages`);
} else {
  // A package that is optional may be missing here and still be named.
  const missing = OPTIONAL.filter((name) => !packages.some((p) => p.name === name));
  const written = readFileSync('NOTICE', 'utf8').split('\n').filter((text) => !missing.some((name) => text.startsWith(`${name}: `))).join('\n');
  if (written !== notice) {
    console.error('check-licences: NOTICE is not true; run: node scripts/check-licences.mjs --write');
    process.exit(1);
  }
}
if (faults.length > 0) process.exit(1);
console.log(`check-licences: ${packages.length} packages, all permissive but ${packages.filter((p) => EXCEPTIONS[p.name]).length} exceptions by name`);
