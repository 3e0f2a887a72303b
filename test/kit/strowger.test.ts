import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { alive } from './processes.js';
import { realBackend, startStrowger, type Role } from './strowger.js';

it('starts the built program, registers a demo phone, and leaves nothing behind', async () => {
  const strowger = await startStrowger({ agents: 1, phones: 2 });
  const roles: readonly Role[] = realBackend() ? ['supervisor', 'app'] : ['supervisor', 'edge', 'media', 'app'];
  let pids: readonly number[] = [];
  try {
    pids = roles.map(strowger.pid);
    expect(pids.every(alive)).toBe(true);
    const phone = await strowger.phone('1201');
    const extensions = await strowger.api<{ items: readonly unknown[] }>('/v1/extensions');
    expect(extensions).toMatchObject({ status: 200 });
    expect(await strowger.metric('strowger_calls_active')).toBe(0);
    await phone.close();
  } finally {
    await strowger.stop();
  }
  expect(pids).toHaveLength(roles.length);
  expect(pids.some(alive)).toBe(false);
  expect(existsSync(strowger.data)).toBe(false);
});
