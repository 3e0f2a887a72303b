// Runs dependency-cruiser over src/, after proving that it still sees: a planted forbidden import must be reported.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';

const cruise = () => {
  try {
    return { ok: true, out: execFileSync('npx', ['depcruise', '--config', '.dependency-cruiser.cjs', 'src'], { encoding: 'utf8' }) };
  } catch (error) {
    return { ok: false, out: `${error.stdout ?? ''}${error.stderr ?? ''}` };
  }
};

const plants = [
  ['src/audio/planted-import.ts', "import type {} from '../sip/stack/index.js';\nimport '../sip/stack/index.js';\n", 'room-audio'],
  ['src/base/planted-door.ts', "import '../sip/stack/message/parse.js';\n", 'door-sip-stack'],
];
for (const [file, text, rule] of plants) {
  writeFileSync(file, text);
  try {
    const planted = cruise();
    if (planted.ok || !planted.out.includes(rule)) {
      console.error(`check-imports: the checker did not report ${file} by rule ${rule}; it checks nothing.\n${planted.out}`);
      process.exit(1);
    }
  } finally {
    rmSync(file);
  }
}
const real = cruise();
console.log(real.out.trim());
process.exit(real.ok ? 0 : 1);
