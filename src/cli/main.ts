import { readFileSync } from 'node:fs';
import { langOf } from './io.js';
import { run } from './run.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
// Somebody who reads only the first lines (strowger help | head) ends the pipe; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
const code = await run(
  process.argv.slice(2),
  { out: (line) => void process.stdout.write(`${line}\n`), err: (line) => void process.stderr.write(`${line}\n`), env: process.env, cwd: process.cwd(), lang: langOf(process.env) },
  version,
);
// A server that ended by itself has set its own code.
if (code !== undefined) process.exitCode = code;
