import { describe, expect, it } from 'vitest';
import { AccessRefused } from './errors.js';
import { createPasswords } from './passwords.js';

describe('checking passwords', () => {
  it('knows the right one, no other, and nobody\'s', async () => {
    const passwords = createPasswords();
    const stored = await passwords.hash('violet tractor');
    expect(await Promise.all([passwords.verify(stored, 'violet tractor'), passwords.verify(stored, 'violet tracto'), passwords.verify(null, 'violet tractor'), passwords.verify(null, 'nobody has this password')])).toEqual([true, false, false, false]);
  });

  it('a crowd at once: some are checked, the rest are told to come back at once, and then there is room again', async () => {
    const passwords = createPasswords();
    const crowd = await Promise.allSettled(Array.from({ length: 200 }, () => passwords.verify(null, 'guess')));
    const busy = crowd.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect([busy.length > 150, busy.length < 190]).toEqual([true, true]);
    expect(busy.filter((reason) => !(reason instanceof AccessRefused && reason.code === 'access.busy'))).toEqual([]);
    expect(await passwords.verify(await passwords.hash('a'), 'a')).toBe(true);
  });
});
