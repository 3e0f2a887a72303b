import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { secretsForFlows } from './flow-tools.js';

it('flows may name secrets of the environment and of secrets.env, but none of our own settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flow-secrets-'));
  writeFileSync(join(folder, 'secrets.env'), 'ORDERS_KEY=from-file\nSTROWGER_ADMIN_TOKEN=also-ours\n');
  const secret = secretsForFlows(folder, { CRM_KEY: 'from-env', STROWGER_ADMIN_TOKEN: 'ours' });
  expect(['ORDERS_KEY', 'CRM_KEY', 'STROWGER_ADMIN_TOKEN', 'NOTHING'].map(secret)).toEqual(['from-file', 'from-env', undefined, undefined]);
  rmSync(folder, { recursive: true });
});
