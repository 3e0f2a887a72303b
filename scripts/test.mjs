// Everything CI runs, fast things first; goes on after a failure so that one run shows all. `--long` adds the long tests.
// The last line is the sum over all test runs; a check without tests of its own counts as one.
import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scratch = mkdtempSync(join(tmpdir(), 'strowger-test-'));
// What one server has rendered need not be rendered by the next.
const prompts = join(scratch, 'prompts');
const sum = { passed: 0, failed: 0, skipped: 0 };
const broken = [];

function run(name, command, args, env = {}) {
  console.log(`\n── ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) broken.push(name);
  return status === 0;
}

function check(name, ...args) {
  sum[run(name, process.execPath, args) ? 'passed' : 'failed'] += 1;
}

/** Checks that only read, side by side: what each says comes in one piece. */
async function checkTogether(...checks) {
  const together = checks.map(async ([name, ...args]) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
    const status = await new Promise((resolve) => child.once('close', resolve));
    console.log(`\n── ${name}\n${Buffer.concat(said).toString().trim()}`);
    if (status !== 0) broken.push(name);
    sum[status === 0 ? 'passed' : 'failed'] += 1;
  });
  await Promise.all(together);
}

function vitest(project) {
  const report = join(scratch, `${project}.json`);
  // Unit files share the cores; files that start whole servers have the machine to themselves, one after the other, or four where they mostly wait.
  const together = { unit: ['--maxWorkers=2'], waiting: ['--maxWorkers=4'] }[project] ?? ['--no-file-parallelism'];
  const ok = run(`tests: ${project}`, 'npx', ['vitest', 'run', '--project', project, ...together, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], { STROWGER_TEST_PROMPTS: prompts });
  const before = sum.failed;
  try {
    const { numPassedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    sum.passed += numPassedTests;
    sum.skipped += numPendingTests + numTodoTests;
    for (const file of testResults) {
      const failed = file.assertionResults.filter((test) => test.status === 'failed').length;
      // A file that could not even be loaded has no tests to count.
      sum.failed += failed || (file.status === 'failed' ? 1 : 0);
    }
  } catch (error) {
    console.error(`no report of the ${project} tests: ${error.message}`);
  }
  if (!ok && sum.failed === before) sum.failed += 1;
}

const bin = (path) => join('node_modules', ...path.split('/'));
await checkTogether(['types', bin('typescript/lib/tsc.js'), '--noEmit', '-p', 'tsconfig.json'], ['types of the client', bin('typescript/lib/tsc.js'), '--noEmit', '-p', 'client/tsconfig.json'], ['lint', bin('eslint/bin/eslint.js'), '.'], ['licences', 'scripts/check-licences.mjs']);
check('imports', 'scripts/check-imports.mjs'); // by itself: it plants files
check('build', 'scripts/build.mjs');
vitest('unit');
vitest('waiting');
vitest('e2e');
if (process.argv.includes('--long')) vitest('long');

rmSync(scratch, { recursive: true });
if (broken.length > 0) console.log(`\nfailed: ${broken.join(', ')}`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed > 0 || broken.length > 0 ? 1 : 0;
