// The end-to-end tests alone. `--backend=real` runs them on the drachtio-server and FreeSWITCH that the environment names.
import { spawnSync } from 'node:child_process';

const args = process.argv.slice(2);
const backend = args.find((arg) => arg.startsWith('--backend='))?.slice('--backend='.length) ?? 'embedded';
const rest = args.filter((arg) => !arg.startsWith('--backend='));
if (backend !== 'embedded' && backend !== 'real') {
  console.error('usage: npm run test:e2e -- [--backend=embedded|real] [vitest options]');
  process.exit(2);
}
const env = { ...process.env, STROWGER_TEST_BACKEND: backend };
if (backend === 'real') {
  const missing = ['STROWGER_DRACHTIO', 'STROWGER_FREESWITCH'].filter((name) => !env[name]);
  if (missing.length > 0) {
    console.error(`--backend=real needs ${missing.join(' and ')} (host:port:secret)`);
    process.exit(2);
  }
}
const step = (command, list) => spawnSync(command, list, { stdio: 'inherit', env }).status ?? 1;
process.exitCode = step(process.execPath, ['scripts/build.mjs']) || step('npx', ['vitest', 'run', '--project', 'waiting', '--project', 'e2e', '--no-file-parallelism', ...rest]);
