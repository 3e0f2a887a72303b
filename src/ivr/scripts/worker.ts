import { parentPort } from 'node:worker_threads';
import { SCRIPT_STEPS } from './inputs.js';
import type { CallFacts, DialplanCall, DialplanScript } from './api.js';
import type { Value } from '../expressions/index.js';
import type { FromScript, StepAnswer, ToScript } from './protocol.js';

/** Larger values do not belong into variables. Characters of JSON. */
const LARGEST_VALUE = 64 * 1024;

class ScriptError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
const gone = (): ScriptError => new ScriptError('call.gone', 'the caller has hung up');

interface Waiter {
  readonly done: (answer: StepAnswer) => void;
  readonly failed: (error: Error) => void;
}

/** Serves one script in a thread of its own: everything the script does to the call goes through messages. */
function serve(port: NonNullable<typeof parentPort>): void {
  const waiting = new Map<number, Waiter>();
  const life = new AbortController();
  let known: Pick<CallFacts, 'language' | 'variables'> = { language: undefined, variables: {} };
  let serial = 0;
  const say = (message: FromScript): void => port.postMessage(message);

  const step = (written: Readonly<Record<string, unknown>>): Promise<StepAnswer> =>
    new Promise((done, failed) => {
      if (life.signal.aborted) return failed(gone());
      serial += 1;
      waiting.set(serial, { done, failed });
      say({ do: 'step', id: serial, step: written });
    });
  const taken = (id: number): Waiter | undefined => {
    const waiter = waiting.get(id);
    waiting.delete(id);
    return waiter;
  };
  const callOf = (facts: CallFacts): DialplanCall => {
    const verbs = Object.fromEntries(SCRIPT_STEPS.map((name) => [name, async (parameters: unknown) => {
      const answer = await step({ [name]: parameters ?? {} });
      known = answer;
      return answer.to;
    }]));
    return {
      ...(verbs as unknown as Pick<DialplanCall, (typeof SCRIPT_STEPS)[number]>),
      id: facts.id, from: facts.from, to: facts.to, args: facts.args, signal: life.signal,
      get speaks() {
        return known.language;
      },
      get variables() {
        return known.variables;
      },
      goto(flow: string) {
        say({ do: 'end', end: { how: 'flow', flow } });
        return new Promise<never>(() => undefined); // the thread ends here
      },
    };
  };
  const start = async ({ entry, exported, call }: Extract<ToScript, { do: 'start' }>): Promise<void> => {
    known = call;
    const found = ((await import(entry)) as Record<string, unknown>)[exported];
    if (typeof found !== 'function') throw new ScriptError('script.no_export', `the script exports no function "${exported}"`);
    say({ do: 'end', end: { how: 'returned', value: plain(await (found as DialplanScript)(callOf(call))) } });
  };
  port.on('message', (message: ToScript) => {
    switch (message.do) {
      case 'start':
        start(message).catch((error: unknown) => say({ do: 'end', end: { how: 'failed', why: whyOf(error) } }));
        return;
      case 'answer': return taken(message.id)?.done(message.answer);
      case 'refuse': return taken(message.id)?.failed(new ScriptError('script.step_failed', message.why));
      case 'gone':
        life.abort(gone());
        for (const id of [...waiting.keys()]) taken(id)?.failed(gone());
        return;
      case 'ping': return say({ do: 'pong' });
    }
  });
}

/** As it can be kept in a variable. @throws ScriptError */
function plain(value: unknown): Value {
  const text = JSON.stringify(value ?? null) as string | undefined;
  if (text === undefined) return null;
  if (text.length > LARGEST_VALUE) throw new ScriptError('script.value_too_large', `the script's value has ${text.length} characters; at most ${LARGEST_VALUE}`);
  return JSON.parse(text) as Value;
}

const whyOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

if (parentPort) serve(parentPort);
