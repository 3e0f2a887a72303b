import { getPriority, setPriority } from 'node:os';
import { runLoad, type LoadOptions } from './load.js';
import { createPhone, type Call, type Phone, type PhoneOptions } from './phone.js';
import type { CallReport } from './farm.js';

/** What the process behind farm.ts is asked, and what it answers. */
export type FarmCommand =
  | { readonly do: 'hello' }
  | { readonly do: 'cpu' }
  | { readonly do: 'load'; readonly options: LoadOptions }
  | { readonly do: 'phone'; readonly options: PhoneOptions }
  | { readonly do: 'on'; readonly phone: number; readonly name: string; readonly args: readonly unknown[] };
export type FarmReply = { readonly id: number; readonly value?: unknown; readonly error?: string };

// A generator that waits for a processor measures itself. Where we may not ask for precedence, generatorLateMs tells.
try {
  setPriority(Math.min(getPriority(), -10));
} catch {
  // not root
}

const phones: { readonly phone: Phone; readonly calls: Call[] }[] = [];

async function run(command: FarmCommand): Promise<unknown> {
  switch (command.do) {
    case 'hello': return 'ready';
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    }
    case 'load': return runLoad(command.options);
    case 'phone': return phones.push({ phone: await createPhone(command.options), calls: [] }) - 1;
    case 'on': return onPhone(command.phone, command.name, command.args);
  }
}

async function onPhone(index: number, name: string, args: readonly unknown[]): Promise<unknown> {
  const entry = phones[index];
  if (entry === undefined) throw new Error(`no phone ${String(index)}`);
  const { phone, calls } = entry;
  const call = (): Call => {
    const found = calls[Number(args[0])];
    if (found === undefined) throw new Error(`no call ${String(args[0])}`);
    return found;
  };
  const ms = (at: number): number | undefined => (args[at] === undefined ? undefined : Number(args[at]));
  switch (name) {
    case 'register': return (await phone.register()).status;
    case 'call': {
      const made = await phone.call(String(args[0]));
      if (ms(1) !== undefined) made.media.tone(Number(args[1]));
      return calls.push(made) - 1;
    }
    case 'answerNext': {
      const made = await phone.nextCall(ms(1));
      if (ms(0) !== undefined) made.media.tone(Number(args[0]));
      made.answer();
      return calls.push(made) - 1;
    }
    case 'answered': return call().answered(ms(1));
    case 'heard': return call().media.heard(Number(args[1]), ms(2));
    case 'digits': return call().media.digits(String(args[1]));
    case 'bye': return call().bye();
    case 'ended': return call().ended(ms(1));
    case 'close': return phone.close();
    case 'report': {
      const one = call();
      const report: CallReport = { state: one.state(), end: one.end(), from: one.from.user, reception: one.media.reception() };
      return report;
    }
    default: throw new Error(`a farm phone has no ${name}`);
  }
}

process.on('message', (message) => {
  const { id, command } = message as { id: number; command: FarmCommand };
  const reply = (answer: FarmReply): void => { process.send?.(answer); };
  run(command).then(
    (value) => { reply({ id, value }); },
    (error: unknown) => { reply({ id, error: error instanceof Error ? error.message : String(error) }); },
  );
});
process.on('disconnect', () => {
  void Promise.allSettled(phones.map(({ phone }) => phone.close())).then(() => process.exit(0));
});
