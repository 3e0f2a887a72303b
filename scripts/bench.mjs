// Builds the product and the benchmarks, then runs bench/main.ts with the same arguments. Builders speak on stderr: --json prints one document.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');
const step = (stdout, ...args) => spawnSync(process.execPath, args, { stdio: ['inherit', stdout, 'inherit'] }).status ?? 1;
process.exitCode = step(2, 'scripts/build.mjs') || step(2, tsc, '-p', 'tsconfig.bench.json') || step('inherit', 'dist-bench/bench/main.js', ...process.argv.slice(2));
