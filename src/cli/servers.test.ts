import { afterEach, expect, it, vi } from 'vitest';

const edgeMain = vi.hoisted(() => vi.fn<(argv: readonly string[]) => Promise<void>>());
const mediaMain = vi.hoisted(() => vi.fn<(argv: readonly string[]) => Promise<void>>());
const appMain = vi.hoisted(() => vi.fn<() => Promise<void>>());
vi.mock('../sip/edge/index.js', () => ({ edgeMain }));
vi.mock('../media/server/index.js', () => ({ mediaMain }));
vi.mock('../app/index.js', () => ({ appMain }));
const { app, edge, media } = await import('./servers.js');

afterEach(() => vi.unstubAllEnvs());

it.each([['edge', edge, edgeMain], ['media', media, mediaMain]] as const)('%s gets its words as they are, when somebody starts it by hand', async (_, command, main) => {
  expect(await command(['--sip', 'x', '--secret', 'mine'])).toBeUndefined();
  expect(main).toHaveBeenLastCalledWith(['--sip', 'x', '--secret', 'mine']);
});

it.each([['edge', edge, edgeMain], ['media', media, mediaMain]] as const)('%s gets the secret from the environment, where only its owner can read it', async (_, command, main) => {
  vi.stubEnv('STROWGER_CONTROL_SECRET', 's3cret');
  await command(['--sip', 'x']);
  expect(main).toHaveBeenLastCalledWith(['--sip', 'x', '--secret', 's3cret']);
  await command(['--secret', 'mine']);
  expect(main).toHaveBeenLastCalledWith(['--secret', 'mine']);
});

it('runs the application', async () => {
  await app();
  expect(appMain).toHaveBeenCalledOnce();
});
