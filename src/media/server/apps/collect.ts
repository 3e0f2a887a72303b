import type { Ms } from '../../../base/index.js';
import type { App, AppContext } from './app.js';
import { playFiles } from './play.js';
import { splitArgs, toInt } from './split.js';

export interface ReadWish {
  readonly min: number;
  readonly max: number;
  readonly prompt: string | undefined;
  readonly variable: string | undefined;
  /** To the first digit after the prompt. */
  readonly timeoutMs: Ms;
  /** Between digits; 0 means as the first. */
  readonly digitTimeoutMs: Ms;
  /** `=` in front makes one compulsory; after `+` or `x` a terminator is kept as a digit. */
  readonly terminators: string;
}

/** `restart`: an `x` terminator was pressed. */
type ReadStatus = 'success' | 'timeout' | 'too_small' | 'restart' | 'failure';

interface Reading {
  readonly status: ReadStatus;
  readonly digits: string;
}

/** Plays a prompt and collects digits, those included that were pressed before (switch_ivr_read). */
async function readDigits(context: AppContext, wish: ReadWish): Promise<Reading> {
  const { variables } = context.session;
  const max = Math.max(wish.max, wish.min);
  variables.set('read_result', undefined);
  if (wish.variable) variables.set(wish.variable, undefined);
  let digits = '';
  let status: ReadStatus = 'success';
  if (wish.prompt && wish.prompt.toLowerCase() !== 'silence') {
    const played = await playFiles(context, wish.prompt, {
      onDigit: ({ digit }) => {
        digits = digit;
        return true;
      },
    });
    if (played !== 'success' && played !== 'stopped' && played !== 'break') return { status: 'failure', digits };
  }
  let terminator = '';
  if (digits.length < max) ({ status, digits, terminator } = await collect(context, wish, max, digits));
  if (terminator !== '') {
    variables.set('read_terminator_used', terminator);
    const mark = wish.terminators[wish.terminators.indexOf(terminator) - 1];
    if (mark === '+' || mark === 'x') digits += terminator;
    if (mark === 'x') status = 'restart';
  } else if (wish.terminators.startsWith('=')) status = 'too_small';
  if (digits.length < wish.min) status = 'too_small';
  variables.set('read_result', status === 'success' || status === 'timeout' ? status : 'failure');
  if (status !== 'restart' && max === 1 && digits.length === 1 && wish.terminators.includes(digits)) digits = '';
  if (wish.variable && digits !== '') variables.set(wish.variable, digits);
  return { status, digits };
}

interface Collected extends Reading {
  readonly terminator: string;
}

/** switch_ivr_collect_digits_count: uuid_break does not end it, only digits, time and the end of the call do. */
async function collect({ frame, server }: AppContext, wish: ReadWish, max: number, before: string): Promise<Collected> {
  if (before !== '' && wish.terminators.includes(before)) return { status: 'success', digits: '', terminator: before };
  let digits = before;
  let terminator = '';
  const between = wish.digitTimeoutMs || wish.timeoutMs;
  let deadline = performance.now() + (before === '' ? wish.timeoutMs : between);
  for (;;) {
    const end = await frame.wait<'success' | 'timeout'>((finish) => {
      let cancel = server.timers.after(Math.max(0, deadline - performance.now()), () => finish('timeout'));
      frame.takeDigits(({ digit }) => {
        if (wish.terminators.includes(digit)) terminator = digit;
        else digits += digit;
        if (terminator !== '' || digits.length >= max) return finish('success');
        cancel();
        deadline = performance.now() + between;
        cancel = server.timers.after(between, () => finish('timeout'));
      });
      return () => cancel();
    });
    if (end === 'break') continue;
    return { status: end === 'gone' ? 'failure' : end, digits, terminator };
  }
}

/** `min max tries timeout terminators file invalid_file var_name regexp digit_timeout` */
export const playAndGetDigits: App = async (context) => {
  const [min, max, tries, timeout, terminators, prompt, invalid, variable, regexp, digitTimeout] = splitArgs(context.data, 11);
  const { variables } = context.session;
  const wish = readWish(toInt(min, 0), toInt(max, 0), timeout, terminators, prompt, variable, digitTimeout);
  const invalidVariable = regexp && variable ? `${variable}_invalid` : undefined;
  if (invalidVariable) variables.set(invalidVariable, undefined);
  for (let left = toInt(tries, 0); left > 0 && !context.frame.isGone(); left--) {
    const { status, digits } = await readDigits(context, wish);
    if (status === 'restart') return;
    if (wish.min === 0 && digits === '' && variables.get('read_terminator_used') !== undefined) return;
    const enough = status === 'success' || (status === 'timeout' && digits.length >= wish.min);
    if (enough && digits !== '') {
      if (!regexp || matches(regexp, digits)) return;
      if (variable) variables.set(variable, undefined);
      if (invalidVariable) variables.set(invalidVariable, digits);
    }
    if (context.frame.isGone()) return;
    if (invalid) await playFiles(context, invalid);
  }
};

/** `min max prompt var_name timeout terminators digit_timeout` */
export const read: App = async (context) => {
  const [min, max, prompt, variable, timeout, terminators, digitTimeout] = splitArgs(context.data, 7);
  await readDigits(context, readWish(Math.max(1, toInt(min, 1)), toInt(max, 0), timeout, terminators, prompt, variable, digitTimeout));
};

function readWish(
  min: number, max: number, timeout: string | undefined, terminators: string | undefined,
  prompt: string | undefined, variable: string | undefined, digitTimeout: string | undefined,
): ReadWish {
  return {
    min: Math.max(0, min),
    max: Math.max(min, max),
    prompt,
    variable,
    timeoutMs: Math.max(1000, toInt(timeout, 1000)),
    digitTimeoutMs: Math.max(0, toInt(digitTimeout, 0)),
    terminators: terminators === undefined || terminators === '' ? '#' : terminators,
  };
}

function matches(expression: string, digits: string): boolean {
  try {
    return new RegExp(expression).test(digits);
  } catch {
    return false;
  }
}
