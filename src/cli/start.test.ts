import { beforeEach, expect, it, vi } from 'vitest';
import type { Settings } from '../config/index.js';
import type { SupervisorDeps } from '../supervisor/index.js';
import { terminal } from './terminal.fixture.js';

const startSupervisor = vi.hoisted(() => vi.fn());
vi.mock('../supervisor/index.js', () => ({ startSupervisor }));
const { start } = await import('./start.js');

let end: () => void;
const stop = vi.fn();
const reload = vi.fn();
beforeEach(() => {
  stop.mockReset();
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  startSupervisor.mockReset();
  startSupervisor.mockResolvedValue({ sip: { host: '0.0.0.0', port: 5060 }, http: { host: '127.0.0.1', port: 8080 }, stop, reload, ended });
});
const begun = async (env: Record<string, string> = {}) => {
  const seen = terminal({ env: { STROWGER_PUBLIC_ADDRESS: '192.0.2.10', ...env } });
  const done = start([], seen.io);
  await vi.waitFor(() => expect(seen.out).not.toEqual([]));
  return { ...seen, done };
};
const depsOf = () => startSupervisor.mock.lastCall as [Settings, SupervisorDeps];

it('says where phones and browsers find it, and stays until everything has ended', async () => {
  const { done, text } = await begun();
  expect(text()).toBe('Strowger: SIP udp+tcp 0.0.0.0:5060 (192.0.2.10), HTTP http://127.0.0.1:8080/docs');
  end();
  expect(await done).toBe(0);
});

it('hands its environment and its own command line to the supervisor', async () => {
  const { done } = await begun({ STROWGER_SIP_PORT: '5070' });
  const [settings, { run, env }] = depsOf();
  expect(settings.sip.port).toBe(5070);
  expect(env).toMatchObject({ STROWGER_SIP_PORT: '5070' });
  expect([run[0], run.at(-1)]).toEqual([process.execPath, expect.stringMatching(/cli[\\/]main\.js$/)]);
  end();
  await done;
});

it('shows what the application prints: the token of the first start', async () => {
  const { done, text } = await begun();
  depsOf()[1].print?.('Admin token (shown once): x');
  expect(text()).toContain('Admin token');
  end();
  await done;
});

it('has the configuration read again at SIGHUP', async () => {
  const { done } = await begun();
  process.listeners('SIGHUP').at(-1)?.('SIGHUP');
  expect(reload).toHaveBeenCalledTimes(1);
  end();
  await done;
});

it.each(['SIGTERM', 'SIGINT'] as const)('asks the supervisor to end at each %s', async (signal) => {
  const { done } = await begun();
  const handlers = process.listeners(signal).slice(-1);
  handlers.forEach((handler) => handler(signal));
  handlers.forEach((handler) => handler(signal));
  expect(stop).toHaveBeenCalledTimes(2);
  end();
  await done;
});

it.each([[{ STROWGER_SIP_PORT: 'many' }, 'STROWGER_SIP_PORT'], [{ STROWGER_SIP_PROT: '1' }, 'did you mean STROWGER_SIP_PORT']])('starts nothing with %j', async (env, words) => {
  await expect(start([], terminal({ env }).io)).rejects.toThrow(words);
  expect(startSupervisor).not.toHaveBeenCalled();
});
