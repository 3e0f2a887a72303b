// Compiles src/ to dist/, writes the catalogue of events and the API's documents beside it, and puts the application into one file. Skips where the compiler is not installed (an install of the packed package brings dist/ along).
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
let tsc;
try {
  tsc = require.resolve('typescript/lib/tsc.js');
} catch {
  if (existsSync('dist/cli/main.js')) process.exit(0);
  console.error('typescript is not installed and dist/ is missing: run npm ci with dev dependencies');
  process.exit(1);
}
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
execFileSync(process.execPath, ['scripts/event-catalogue.mjs'], { stdio: 'inherit' });
const { writeDocuments } = await import('./openapi.mjs');
await writeDocuments();
const { writeClientTypes } = await import('./client.mjs');
await writeClientTypes();
execFileSync(process.execPath, [tsc, '-p', 'client/tsconfig.build.json'], { stdio: 'inherit' });
execFileSync(process.execPath, ['scripts/bundle.mjs'], { stdio: 'inherit' });
