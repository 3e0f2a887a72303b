import { expect, it } from 'vitest';
import { createDigits } from '../session/digits.js';
import type { Frame } from './frame.js';
import { createRunner, type AppCommand } from './runner.js';

/** A channel whose applications do what they are told: `wait:x` waits until `finish(x)`, everything else is done at once. */
function stage() {
  const did: string[] = [];
  const open = new Map<string, (value: string) => void>();
  let now = 0;
  let exhausted = 0;
  const digits = createDigits(() => undefined);
  const wait = async (name: string, frame: Frame, uuid: string | undefined): Promise<void> => {
    const end = await frame.wait<string>((finish) => {
      did.push(`${name} waits`);
      open.set(name, finish);
      frame.takeDigits((digit) => did.push(`${name} hears ${digit.digit}`));
      return () => void open.delete(name);
    });
    did.push(`${name} ${end}${uuid === undefined ? '' : ` (${uuid})`}`);
  };
  const runner = createRunner({
    execute(command, frame) {
      now += 1;
      if (command.name.startsWith('wait')) return wait(command.name, frame, command.eventUuid);
      did.push(command.name);
      return undefined;
    },
    exhausted: () => exhausted++,
    digits,
    now: () => now,
  });
  const run = (name: string, more: Partial<AppCommand> = {}): void => runner.enqueue({ name, args: '', ...more });
  return {
    did, runner, run, digits,
    finish: (name: string, value = 'done') => open.get(name)?.(value),
    press: (digit: string) => digits.push({ digit, duration: 1, source: 'rtp' }),
    later: (ms: number) => (now += ms),
    exhausted: () => exhausted,
    /** Lets everything that is ready run. */
    settle: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
}

it('runs commands that need no time at once and in order', () => {
  const s = stage();
  s.run('a');
  s.run('b');
  expect(s.did).toEqual(['a', 'b']);
  expect(s.runner.depth()).toBe(0);
});

it('a command that arrives while one waits runs inside it, and the one below goes on afterwards', async () => {
  const s = stage();
  s.run('wait:1');
  s.run('set');
  s.run('wait:2');
  expect(s.did).toEqual(['wait:1 waits', 'set', 'wait:2 waits']);
  s.finish('wait:1');
  await s.settle();
  expect(s.did.at(-1)).toBe('wait:2 waits');
  s.finish('wait:2');
  await s.settle();
  expect(s.did.slice(3)).toEqual(['wait:2 done', 'wait:1 done']);
});

it('event-lock: nothing runs inside it', async () => {
  const s = stage();
  s.run('wait:1', { lock: true });
  s.run('set');
  expect(s.did).toEqual(['wait:1 waits']);
  s.finish('wait:1');
  await s.settle();
  expect(s.did).toEqual(['wait:1 waits', 'wait:1 done', 'set']);
});

it('digits go to the one on top; the one below gets what comes later', async () => {
  const s = stage();
  s.run('wait:1');
  s.press('1');
  s.run('wait:2');
  s.press('2');
  s.finish('wait:2');
  await s.settle();
  s.press('3');
  expect(s.did.filter((d) => d.includes('hears'))).toEqual(['wait:1 hears 1', 'wait:2 hears 2', 'wait:1 hears 3']);
});

it('uuid_break ends everything that waits, from the top, and with all forgets what is queued', async () => {
  const s = stage();
  s.run('wait:1');
  s.run('wait:2', { lock: true });
  s.run('later');
  s.runner.breakOff(true);
  await s.settle();
  expect(s.did.slice(2)).toEqual(['wait:2 break', 'wait:1 break']);
  s.run('wait:3');
  s.run('wait:4', { lock: true });
  s.run('after');
  s.runner.breakOff(false);
  await s.settle();
  expect(s.did.slice(-3)).toEqual(['wait:4 break', 'wait:3 break', 'after']);
});

it('a bridge interrupts what runs and waits for it; commands that come then run on the bridged channel', async () => {
  const s = stage();
  s.run('wait:1');
  s.run('wait:2');
  let unwound = false;
  const done = s.runner.interrupt().then(() => (unwound = true));
  s.run('set');
  expect(s.did.slice(2)).toEqual([]);
  await done;
  expect(unwound).toBe(true);
  expect(s.did.slice(2)).toEqual(['wait:2 gone', 'wait:1 gone', 'set']);
});

it('a transfer replaces what runs, and a plan that is through leaves the channel to be hung up', async () => {
  const s = stage();
  s.runner.transfer([{ name: 'answer', args: '' }, { name: 'wait:socket', args: '' }]);
  await s.settle();
  expect(s.did).toEqual(['answer', 'wait:socket waits']);
  s.runner.transfer([{ name: 'wait:park', args: '' }]);
  await s.settle();
  expect(s.did.slice(2)).toEqual(['wait:socket gone', 'wait:park waits']);
  expect(s.exhausted()).toBe(0);
  s.finish('wait:park');
  await s.settle();
  expect(s.exhausted()).toBe(1);
});

it('the end stops everything and lets nothing new begin', async () => {
  const s = stage();
  s.run('wait:1');
  await s.runner.end();
  s.run('late');
  await s.settle();
  expect(s.did).toEqual(['wait:1 waits', 'wait:1 gone']);
  expect(s.runner.depth()).toBe(0);
  expect(s.exhausted()).toBe(0);
});

it('loops until told otherwise, gives its ID the first round only, and stops when a round took no time', async () => {
  const s = stage();
  s.run('wait:1', { loops: 3, eventUuid: 'job' });
  for (let i = 0; i < 3; i++) {
    s.later(1_000);
    s.finish('wait:1');
    await s.settle();
  }
  expect(s.did.filter((d) => d.startsWith('wait:1 done'))).toEqual(['wait:1 done (job)', 'wait:1 done', 'wait:1 done']);
  s.run('quick', { loops: -1 });
  expect(s.did.filter((d) => d === 'quick')).toHaveLength(1);
});

it('nests no deeper than FreeSWITCH does, and goes on when there is room again', async () => {
  const s = stage();
  for (let i = 1; i <= 20; i++) s.run(`wait:${i}`);
  expect(s.runner.depth()).toBe(16);
  s.finish('wait:16');
  await s.settle();
  expect(s.did.at(-1)).toBe('wait:17 waits');
});

it('of two digits in the same breath, the first ends one wait and the second belongs to the next', async () => {
  const s = stage();
  s.digits.give(undefined);
  s.press('1');
  s.press('2');
  const taken: string[] = [];
  const runner = createRunner({
    async execute(command, frame) {
      await frame.wait<'done'>((finish) => {
        frame.takeDigits(({ digit }) => {
          taken.push(`${command.name}${digit}`);
          finish('done');
        });
        return undefined;
      });
    },
    exhausted: () => undefined,
    digits: s.digits,
    now: () => 0,
  });
  runner.enqueue({ name: 'a', args: '' });
  runner.enqueue({ name: 'b', args: '' });
  await s.settle();
  expect(taken).toEqual(['a1', 'b2']);
});
